/** What the subscriber can do with the widget. */
import { ApiError, type Api } from "./api";
import type { Config } from "./config";
import { texts } from "./format";
import type { Session } from "./session";
import type { Storage } from "./storage";
import type { Store } from "./store";
import type { Attachment, Language, Message } from "./types";
import { refuse } from "./uploads";

const ENTRY_EVERY = 30_000;
const ENTRY_RETRY = 5_000;
/** The last words of the agent stay before the eyes this long before the question about the grade comes. */
const GRADE_AFTER = 2_500;

export class Controller {
  private gradeTimer: ReturnType<typeof setTimeout> | undefined;
  private lastState = "";
  session!: Session;

  constructor(
    readonly store: Store,
    private readonly config: Config,
    private readonly api: Api,
    private readonly storage: Storage,
    private readonly tell: (event: string, detail?: unknown) => void,
  ) {
    store.subscribe(() => this.follow());
  }

  open(): void {
    if (this.store.state.open) return;
    this.store.set({ open: true });
    this.session.markRead();
    this.follow();
    this.tell("open");
  }

  close(): void {
    if (!this.store.state.open) return;
    this.store.set({ open: false, problem: null });
    this.tell("close");
  }

  setLanguage(language: Language): void {
    if (language === this.store.state.language) return;
    this.storage.set("language", language);
    this.store.set({ language });
    this.tell("language", { language });
  }

  /** While the start screen is shown: greeting, subjects and an estimate that stays fresh. Returns the way to stop. */
  watchEntry(): () => void {
    const { language } = this.store.state;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    const load = async () => {
      const entry = await this.api.entry(this.config.entry, language).catch(() => null);
      if (stopped) return;
      this.store.set(entry === null ? { failed: true } : { entry, failed: false });
      timer = setTimeout(() => void load(), entry === null ? ENTRY_RETRY : ENTRY_EVERY);
    };
    void load();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }

  /** A subject: starts the wait at once while open; outside hours it only marks the message to come. */
  choose(reason: string): void {
    const { entry } = this.store.state;
    if (entry !== null && !entry.open) {
      this.store.set({ reason: this.store.state.reason === reason ? null : reason });
      return;
    }
    this.store.set({ reason, problem: null });
    void this.attempt(() => this.session.begin(reason));
  }

  send(text: string): void {
    this.store.set({ problem: null });
    if (this.store.state.expired) this.session.anew();
    this.session.send(text, this.store.state.reason);
    this.tell("send");
  }

  attach(files: Iterable<File>): void {
    this.store.set({ problem: null });
    for (const file of files) {
      const problem = refuse(file);
      if (problem === null) this.session.uploads.add(file);
      else this.store.set({ problem: { code: problem, seconds: null } });
    }
  }

  end(): void {
    void this.attempt(async () => {
      await this.api.end();
      this.session.refresh();
    });
  }

  grade(grade: number, words: string): void {
    void this.attempt(async () => {
      await this.api.grade(grade, words.trim());
      this.store.set({ grading: "thanks" });
      this.tell("grade", { grade });
      this.session.refresh();
    });
  }

  showGrading(): void {
    this.store.set({ grading: "form" });
  }

  leaveGrading(): void {
    this.storage.set("skipped", this.store.state.thread.info?.contact ?? null);
    this.store.set({ grading: "no", problem: null });
  }

  transcript(): void {
    const { language } = this.store.state;
    void this.attempt(async () => save(await this.api.transcript(language), texts(language).transcriptFile));
  }

  picture(file: Attachment): Promise<Blob> {
    return this.api.file(file);
  }

  openFile(file: Attachment): void {
    void this.attempt(async () => save(await this.api.file(file), file.name));
  }

  /** A message has come from outside while the page is open. */
  news(message: Message): void {
    if (message.author === "agent") this.tell("message", { id: message.id });
  }

  private async attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      const { code, retryAfter } = error instanceof ApiError ? error : new ApiError(0, "unknown");
      this.store.set({ problem: { code, seconds: retryAfter } });
    }
  }

  /** Watches for the end of a talk, to ask for the grade once. */
  private follow(): void {
    const { thread, grading, open } = this.store.state;
    const info = thread.info;
    const now = info === null ? "" : `${info.contact ?? ""} ${info.state}`;
    if (now === this.lastState || info === null) return;
    if (info.state !== "ended") {
      this.lastState = now;
      clearTimeout(this.gradeTimer);
      if (grading !== "no") this.store.set({ grading: "no" });
      return;
    }
    if (!open) return;
    const witnessed = this.lastState !== "";
    this.lastState = now;
    clearTimeout(this.gradeTimer);
    this.gradeTimer = setTimeout(() => this.askGrade(), witnessed ? GRADE_AFTER : 0);
  }

  private askGrade(): void {
    const info = this.store.state.thread.info;
    const due = info?.state === "ended" && info.can_grade && info.grade === null;
    const busy = this.storage.get("draft") !== null || this.storage.get("skipped") === info?.contact;
    if (due && !busy) this.showGrading();
  }
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
