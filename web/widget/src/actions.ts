/** What the subscriber, or the operator's page, can do with the widget. */
import { ApiError, type Api } from "./api";
import { words } from "./format";
import type { Timer } from "./live";
import { refuse } from "./outbox";
import type { Session } from "./session";
import type { Storage } from "./storage";
import type { Store } from "./store";
import type { Attachment, Language } from "./types";
import * as T from "./texts";

const ENTRY_EVERY = 30_000;
const ENTRY_RETRY = 5_000;
/** The last words of the agent stay before the eyes this long before the question about the grade comes. */
const GRADE_AFTER = 2_500;

export type Actions = ReturnType<typeof openActions>;

export function openActions(
  name: string,
  api: Api,
  call: () => void,
  storage: Storage,
  store: Store,
  session: Session,
  tell: (event: string, detail?: unknown) => void,
) {
  let asking: Timer;
  let lastSeen = "";
  let shown = "";
  let entryTimer: Timer;

  const attempt = async (action: () => Promise<unknown>) => {
    store.set({ problem: null, menu: "" });
    try {
      await action();
    } catch (error) {
      const { code, retryAfter } = error instanceof ApiError ? error : new ApiError(0);
      store.set({ problem: { code, seconds: retryAfter } });
    }
  };

  /** Whether one may call, and while the start screen is shown: greeting, subjects and an estimate that stays fresh. */
  const loadEntry = (language: Language) => {
    void api
      .entry(name, language)
      .catch(() => null)
      .then((entry) => {
        if (shown !== language) return;
        store.set(entry === null ? { failed: true } : { entry, failed: false });
        entryTimer = setTimeout(() => loadEntry(language), entry === null ? ENTRY_RETRY : ENTRY_EVERY);
      });
  };

  /** Looks at each change: is the start screen shown, has a talk ended. */
  const follow = () => {
    const { thread, grading, open, began, language } = store.state;
    const info = thread.info;
    const wanted = open && (!began || info?.state === "none" || store.state.entry === null) ? language : "";
    if (wanted !== shown) {
      clearTimeout(entryTimer);
      shown = wanted;
      if (wanted !== "") loadEntry(wanted);
    }
    const now = info === null ? "" : `${info.contact ?? ""}${info.state}`;
    if (now === lastSeen || (info?.state === "ended" && !open)) return;
    const witnessed = lastSeen !== "";
    lastSeen = now;
    clearTimeout(asking);
    if (info?.state === "ended") asking = setTimeout(askGrade, witnessed ? GRADE_AFTER : 0);
    else if (grading !== "no") store.set({ grading: "no" });
  };

  const askGrade = () => {
    const info = store.state.thread.info;
    const due = info?.state === "ended" && info.can_grade && info.grade === null;
    if (due && store.state.draft === "" && storage.get("skipped") !== info.contact) store.set({ grading: "form" });
  };

  const write = (draft: string) => {
    storage.set("draft", draft);
    store.set({ draft });
    if (draft !== "") session.typing();
  };

  store.subscribe(follow);

  const close = () => {
    if (!store.state.open) return;
    storage.set("open", null);
    store.set({ open: false, menu: "", problem: null });
    tell("close");
  };

  return {
    call: () => {
      close();
      call();
    },
    open: () => {
      if (store.state.open) return;
      storage.set("open", "1");
      store.set({ open: true });
      session.markRead();
      tell("open");
    },
    close,
    setLanguage: (language: Language) => {
      storage.set("language", language);
      store.set({ language });
      tell("language", language);
    },
    /** A subject marks the message to come: a contact begins with its first words. */
    choose: (reason: string) => store.set({ reason: store.state.reason === reason ? null : reason }),
    write,
    send: () => {
      const { draft, expired, reason } = store.state;
      if (draft.trim() === "") return;
      store.set({ problem: null });
      if (expired) session.anew();
      session.outbox.add(draft.trim(), reason);
      write("");
      tell("send");
    },
    attach: (files: Iterable<File>) => {
      store.set({ problem: null });
      for (const file of files) {
        const code = refuse(file);
        if (code === null) session.outbox.add("", store.state.reason, file);
        else store.set({ problem: { code, seconds: null } });
      }
    },
    end: () =>
      void attempt(async () => {
        await api.end();
        session.refresh();
      }),
    sendGrade: () =>
      void attempt(async () => {
        const { grade, words: text } = store.state;
        await api.grade(grade, text.trim());
        store.set({ grading: "thanks" });
        tell("grade", grade);
        session.refresh();
      }),
    set: store.set,
    leaveGrading: () => {
      storage.set("skipped", store.state.thread.info?.contact ?? null);
      store.set({ grading: "no", problem: null });
    },
    transcript: () =>
      void attempt(async () => {
        const { language } = store.state;
        save(await api.transcript(language), `${words(language).say(T.log)}.txt`);
      }),
    picture: api.file,
    openFile: (file: Attachment) => void attempt(async () => save(await api.file(file), file.name)),
  };
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
