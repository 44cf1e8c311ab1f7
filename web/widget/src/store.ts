/** Everything the screen depends on, in one value; whoever shows it is called after a change. */
import type { Outgoing } from "./outbox";
import { EMPTY, type Thread } from "./thread";
import type { Entry, Language } from "./types";

export interface State {
  open: boolean;
  language: Language;
  theme: "light" | "dark";
  entry: Entry | null;
  /** The entry could not be had; tried again by itself. */
  failed: boolean;
  thread: Thread;
  /** A thread of this browser exists. */
  began: boolean;
  /** The history up to now is here. */
  ready: boolean;
  /** The line has been away for longer than two seconds. */
  troubled: boolean;
  outbox: readonly Outgoing[];
  /** Seconds for which the server asked us to be silent, counting down; 0 when it did not. */
  pause: number;
  typing: string | null;
  expired: boolean;
  grading: "no" | "form" | "thanks";
  /** What is chosen and written, but not sent yet; 0 and "" when nothing is. */
  grade: number;
  words: string;
  draft: string;
  menu: "" | "open" | "ask";
  /** Subject chosen before the message is written. */
  reason: string | null;
  /** Why the last action did not work: the server's code, and seconds to wait if known. */
  problem: { code: string; seconds: number | null } | null;
}

export interface Store {
  state: State;
  set: (patch: Partial<State>) => void;
  subscribe: (listener: () => void) => void;
}

/** What a browser without a thread knows. */
export const NO_THREAD = { thread: EMPTY, began: false, ready: false, expired: false, grading: "no", grade: 0, words: "", typing: null } as const;

export function openStore(language: Language): Store {
  const listeners: (() => void)[] = [];
  const store: Store = {
    state: {
      ...NO_THREAD,
      open: false,
      language,
      theme: "light",
      entry: null,
      failed: false,
      troubled: false,
      outbox: [],
      pause: 0,
      draft: "",
      menu: "",
      reason: null,
      problem: null,
    },
    set: (patch) => {
      store.state = { ...store.state, ...patch };
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => void listeners.push(listener),
  };
  return store;
}
