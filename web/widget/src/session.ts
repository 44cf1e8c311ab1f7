/** Keeps the thread of this browser equal to the server's: token, live line, outbox, files, receipts. */
import { ApiError, type Api, type Opening } from "./api";
import { newToken } from "./ids";
import { Live } from "./live";
import { Outbox, type Unsent } from "./outbox";
import type { Key, Storage } from "./storage";
import type { Store } from "./store";
import { missing, reduce, unread, type Action } from "./thread";
import type { Frame, Message, ThreadPage } from "./types";
import { Uploads, type Upload } from "./uploads";

export interface About {
  name?: string;
  number?: string;
}

const GAP_PATIENCE = 700;
const TYPING_SHOWN = 6_000;
const TYPING_EVERY = 2_500;
const TROUBLE_AFTER = 2_000;

export class Session {
  readonly outbox: Outbox;
  readonly uploads: Uploads;
  about: About = {};
  private readonly live: Live;
  private gap: Timer;
  private quiet: Timer;
  private trouble: Timer;
  private reading = 0;
  private typed = 0;

  constructor(
    private readonly entry: string,
    private readonly api: Api,
    private readonly storage: Storage,
    private readonly store: Store,
    private readonly news: (message: Message) => void,
  ) {
    this.outbox = new Outbox(storage, {
      deliver: (item) => this.deliver(item),
      changed: () => this.showOutbox(),
      gone: () => this.over(),
    });
    this.uploads = new Uploads(
      (upload, progress) => this.deliverFile(upload, progress),
      () => store.set({ uploads: this.uploads.items }),
    );
    this.live = new Live({
      url: api.liveUrl,
      token: () => storage.get("token"),
      after: () => store.state.thread.upTo,
      poll: () => this.fetchPage(),
      frame: (frame) => this.receive(frame),
      line: (line) => this.lineChanged(line),
      gone: () => this.unknown(),
    });
    storage.watch((key) => this.otherTab(key));
    document.addEventListener("visibilitychange", () => this.markRead());
  }

  /** Goes on with the thread this browser already has, if any. */
  resume(): void {
    this.showOutbox();
    if (this.storage.get("begun") === null) {
      if (this.store.state.outbox.length > 0) this.outbox.flush();
      return;
    }
    this.store.set({ began: true });
    this.live.start();
  }

  send(text: string, reason: string | null): void {
    this.outbox.add(text, reason);
  }

  /** Begins to wait for an answer on a subject, without a message yet. */
  async begin(reason: string | null): Promise<void> {
    await this.start({ reason });
  }

  /** Forgets the thread that is over. What was not sent yet is sent to the new one. */
  anew(): void {
    this.storage.set("token", null);
    this.storage.set("begun", null);
    this.forget();
    if (this.outbox.items().length > 0) this.outbox.flush();
  }

  typing(): void {
    if (Date.now() - this.typed < TYPING_EVERY) return;
    this.typed = Date.now();
    this.live.send({ type: "typing" });
  }

  /** Tells the server what the subscriber has seen, when the panel is open before their eyes. */
  markRead(): void {
    const { open, thread } = this.store.state;
    const receipts = thread.info?.receipts;
    if (!open || document.visibilityState !== "visible" || receipts === undefined || unread(thread) === 0) return;
    const seq = thread.upTo;
    if (seq <= this.reading) return;
    this.reading = seq;
    this.api.read(seq).then(
      () => this.apply({ type: "receipts", receipts: { ...receipts, subscriber_read: seq } }),
      () => (this.reading = 0),
    );
  }

  async fetchPage(): Promise<ThreadPage> {
    const after = this.store.state.thread.upTo;
    const page = await this.api.thread(after);
    const { messages, ...state } = page;
    this.apply({ type: "state", state });
    this.apply({ type: "page", after, last: page.last_seq, messages });
    this.outbox.flush();
    return page;
  }

  /** Asks again for the whole state, for example after an action whose answer carries none. */
  refresh(): void {
    this.fetchPage().catch(() => this.live.kick());
  }

  private async start(first: Pick<Opening, "reason" | "message">): Promise<void> {
    if (this.storage.get("token") === null) this.storage.set("token", newToken());
    const page = location.origin + location.pathname; // no query: it may hold what is not ours to know
    const state = await this.api.start({ entry: this.entry, language: this.store.state.language, page, ...this.about, ...first });
    this.storage.set("begun", String(Date.now())); // the other tabs see this and join
    this.store.set({ began: true, expired: false, reason: null });
    this.apply({ type: "state", state });
    await this.fetchPage().catch(() => undefined);
    this.live.start();
  }

  private get exists(): boolean {
    const info = this.store.state.thread.info;
    return info !== null && info.state !== "none";
  }

  private async deliver(item: Unsent): Promise<void> {
    if (!this.exists && this.storage.get("token") !== null) await this.look();
    if (!this.exists) await this.start({ reason: item.reason, message: { id: item.id, text: item.text } });
    // A thread that existed already may not have taken the message with it.
    if (this.store.state.thread.messages.some((message) => message.id === item.id)) return;
    this.arrived(await this.api.send(item.id, item.text));
  }

  private async deliverFile(upload: Upload, progress: (share: number) => void): Promise<void> {
    if (!this.exists) await this.start({ reason: this.store.state.reason });
    this.arrived(await this.api.upload(upload.id, upload.file, progress));
  }

  private arrived(message: Message): void {
    this.apply({ type: "messages", messages: [message] });
    if (this.store.state.thread.info?.state === "ended") this.refresh();
  }

  /** A token without a state: after a reload, or when the answer to the beginning was lost. */
  private async look(): Promise<void> {
    try {
      await this.fetchPage();
    } catch (error) {
      if (!(error instanceof ApiError) || !error.gone || error.status === 410) throw error;
    }
  }

  private receive(frame: Frame): void {
    if (frame.type === "state") {
      const { type: _, ...state } = frame;
      this.apply({ type: "state", state });
    } else if (frame.type === "message") {
      const known = this.store.state.thread.upTo >= frame.message.seq;
      if (frame.message.author === "agent") this.showTyping(null);
      this.apply({ type: "messages", messages: [frame.message] });
      if (!known && this.store.state.ready) this.news(frame.message);
    } else if (frame.type === "receipt") {
      this.apply({ type: "receipts", receipts: frame.receipts });
    } else if (frame.type === "typing" && frame.who === "agent") {
      this.showTyping(frame.name ?? this.store.state.thread.info?.agent?.name ?? "");
    }
  }

  private apply(action: Action): void {
    const before = this.store.state.thread;
    const thread = reduce(before, action);
    if (thread === before) return;
    const here = thread.info !== null && !missing(thread);
    this.store.set({ thread, ready: this.store.state.ready || here, failed: false });
    clearTimeout(this.gap);
    if (missing(thread)) this.gap = setTimeout(() => this.refresh(), GAP_PATIENCE);
    this.markRead();
  }

  private showTyping(typing: string | null): void {
    clearTimeout(this.quiet);
    if (typing !== this.store.state.typing) this.store.set({ typing });
    if (typing !== null) this.quiet = setTimeout(() => this.store.set({ typing: null }), TYPING_SHOWN);
  }

  private lineChanged(line: "off" | "connecting" | "live" | "polling" | "down"): void {
    clearTimeout(this.trouble);
    const away = line === "connecting" || line === "down";
    if (away && !this.store.state.troubled) this.trouble = setTimeout(() => this.store.set({ troubled: true }), TROUBLE_AFTER);
    this.store.set(away ? { line } : { line, troubled: false });
    if (line === "live") this.outbox.flush();
  }

  private showOutbox(): void {
    const outbox = this.outbox.items().map((item) => ({ ...item, sending: this.outbox.sending(item) }));
    this.store.set({ outbox, pausedUntil: this.outbox.pausedUntil });
  }

  private otherTab(key: Key): void {
    if (key.startsWith("out:")) this.showOutbox();
    if (key !== "begun") return;
    this.forget();
    this.resume();
  }

  private forget(): void {
    this.live.stop();
    this.reading = 0;
    this.apply({ type: "forget" });
    this.store.set({ began: false, ready: false, expired: false, grading: "no" });
  }

  /** The live line does not know the token: begin from the start screen; the token stays for the next beginning. */
  private unknown(): void {
    if (this.store.state.thread.info !== null) this.store.set({ expired: true });
    else this.forget();
    this.outbox.flush();
  }

  /** A message was refused because its thread is over. A thread that was never seen here is replaced silently. */
  private over(): boolean {
    const unseen = this.store.state.thread.info === null;
    if (unseen) this.anew();
    else {
      this.live.stop();
      this.store.set({ expired: true });
    }
    return unseen;
  }
}

type Timer = ReturnType<typeof setTimeout> | undefined;
