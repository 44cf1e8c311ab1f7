/** Keeps the thread of this browser equal to the server's: token, live line, outbox, receipts. */
import { ApiError, type Api, type Opening } from "./api";
import { newToken } from "./ids";
import { openLive, type Line, type Timer } from "./live";
import { openOutbox } from "./outbox";
import type { Storage } from "./storage";
import { NO_THREAD, type Store } from "./store";
import { missing, takeMessages, takePage, takeReceipts, takeState, unread, type Thread } from "./thread";
import type { Frame, Message } from "./types";

const GAP_PATIENCE = 700;
const TYPING_SHOWN = 6_000;
const TYPING_EVERY = 2_500;
const TROUBLE_AFTER = 2_000;

export type Session = ReturnType<typeof openSession>;

export function openSession(entry: string, api: Api, storage: Storage, store: Store, news: (message: Message) => void) {
  let gap: Timer;
  let quiet: Timer;
  let trouble: Timer;
  let reading = 0;
  let reached = 0;
  let typed = 0;

  const now = () => store.state.thread;

  const become = (thread: Thread) => {
    if (thread === store.state.thread) return;
    clearTimeout(gap);
    const behind = missing(thread);
    if (behind) gap = setTimeout(refresh, GAP_PATIENCE);
    store.set({ thread, ready: store.state.ready || (thread.info !== null && !behind) });
    markRead();
  };

  /** Tells the server what the subscriber has seen, when the panel is open before their eyes; else what has come. */
  const markRead = () => {
    const { open, thread } = store.state;
    const receipts = thread.info?.receipts;
    const seq = thread.upTo;
    if (receipts === undefined || unread(thread) === 0 || seq <= reading) return;
    if (!open || document.hidden) {
      if (seq > reached) live.send("delivered", (reached = seq));
      return;
    }
    reading = seq;
    api.read(seq).then(
      () => become(takeReceipts(now(), { ...receipts, subscriber_read: seq })),
      () => (reading = 0),
    );
  };

  const fetchPage = async () => {
    const after = now().upTo;
    const { messages, ...state } = await api.thread(after);
    become(takePage(takeState(now(), state), after, messages, state.last_seq));
    outbox.flush();
  };

  /** Asks again for the whole state, for example after an action whose answer carries none. */
  const refresh = () => void fetchPage().catch(() => live.kick());

  const exists = () => (now().info?.state ?? "none") !== "none";

  const begin = async (first: Pick<Opening, "reason" | "message">) => {
    if (storage.get("token") === null) storage.set("token", newToken());
    const known = Object.fromEntries(Object.entries(session.about).filter(([, value]) => value.trim() !== ""));
    const page = location.origin + location.pathname; // no query: it may hold what is not ours to know
    const state = await api.start({ entry, language: store.state.language, page, ...known, ...first });
    storage.set("begun", String(Date.now())); // the other tabs see this and join
    store.set({ began: true, expired: false, reason: null });
    become(takeState(now(), state));
    await fetchPage().catch(() => undefined);
    live.start();
  };

  const outbox = openOutbox(storage, {
    deliver: async ({ id, text, reason, file }, progress) => {
      typed = 0; // a message ends the sign of typing on the other side
      if (!exists() && storage.get("token") !== null) {
        // After a reload, or when the answer to the beginning was lost, the thread may be there already.
        await fetchPage().catch((error: unknown) => {
          if (!(error instanceof ApiError && error.gone)) throw error;
        });
      }
      if (!exists()) await begin(file === undefined ? { reason, message: { id, text } } : { reason });
      if (now().messages.some((message) => message.id === id)) return;
      const message = await (file === undefined ? api.send(id, text) : api.upload(id, file, progress));
      become(takeMessages(now(), [message]));
      if (now().info?.state === "ended") refresh();
    },
    changed: (items, pause) => store.set({ outbox: items, pause }),
    gone: () => {
      const unseen = now().info === null;
      if (unseen) forget(true); // nothing to read in it: a new thread takes its place silently
      else expire();
      return unseen;
    },
  });

  const receive = (frame: Frame) => {
    if (frame.type === "state") become(takeState(now(), frame));
    else if (frame.type === "receipt") become(takeReceipts(now(), frame.receipts));
    else if (frame.type === "message") {
      const fresh = store.state.ready && frame.message.seq > now().upTo;
      if (frame.message.author === "agent") showTyping(null);
      become(takeMessages(now(), [frame.message]));
      if (fresh) news(frame.message);
    } else if (frame.type === "typing") showTyping(frame.name ?? "");
  };

  const showTyping = (typing: string | null) => {
    clearTimeout(quiet);
    if (typing !== store.state.typing) store.set({ typing });
    if (typing !== null) quiet = setTimeout(() => showTyping(null), TYPING_SHOWN);
  };

  const lineChanged = (line: Line) => {
    if (line === "connecting" || line === "down") {
      trouble ??= setTimeout(() => store.set({ troubled: true }), TROUBLE_AFTER);
      return;
    }
    clearTimeout(trouble);
    trouble = undefined;
    store.set({ troubled: false });
    if (line === "live") outbox.flush();
  };

  const live = openLive({
    url: api.liveUrl,
    token: () => storage.get("token"),
    after: () => now().upTo,
    poll: fetchPage,
    frame: receive,
    line: lineChanged,
    // The token stays: a beginning whose answer was lost is taken up with it.
    gone: () => {
      if (now().info === null) forget(false);
      else expire();
      outbox.flush();
    },
  });

  const expire = () => {
    live.stop();
    store.set({ expired: true });
  };

  const forget = (token: boolean) => {
    live.stop();
    reading = reached = 0;
    if (token) storage.set("token", null);
    if (token) storage.set("begun", null);
    store.set(NO_THREAD);
  };

  /** Goes on with the thread this browser already has, if any. */
  const resume = () => {
    outbox.changed();
    if (storage.get("begun") !== null) {
      store.set({ began: true });
      live.start();
    } else if (store.state.outbox.length > 0) outbox.flush();
  };

  storage.watch((key) => {
    if (key.startsWith("out:")) outbox.changed();
    if (key !== "begun") return;
    forget(false);
    resume();
  });
  document.addEventListener("visibilitychange", markRead);

  const session = {
    /** What the subscriber said about themselves on the start screen. */
    about: { name: "", number: "" },
    begin,
    outbox,
    refresh,
    resume,
    markRead,
    /** Leaves the thread that is over. What was not sent yet is sent to the new one. */
    anew: () => {
      forget(true);
      outbox.flush();
    },
    typing: () => {
      if (Date.now() - typed < TYPING_EVERY) return;
      typed = Date.now();
      live.send("typing");
    },
  };
  return session;
}
