/** Everything the screen depends on, in one value; whoever shows it is called after a change. */
import type { Line } from "./live";
import type { Sending, Unsent } from "./outbox";
import { EMPTY, type Thread } from "./thread";
import type { Entry, Language } from "./types";
import type { Upload } from "./uploads";

export interface Waiting extends Unsent {
  sending: Sending;
}

export interface State {
  open: boolean;
  language: Language;
  theme: "light" | "dark";
  entry: Entry | null;
  /** The entry or the history could not be had; tried again by itself. */
  failed: boolean;
  thread: Thread;
  /** A thread is known to exist, or may: there is a token. */
  began: boolean;
  /** The history up to now is here. */
  ready: boolean;
  line: Line;
  /** The line has been away for longer than two seconds. */
  troubled: boolean;
  outbox: readonly Waiting[];
  /** Browser time in ms until which the server asked us to be silent. */
  pausedUntil: number;
  uploads: readonly Upload[];
  typing: string | null;
  expired: boolean;
  grading: "no" | "form" | "thanks";
  /** Reason chosen outside hours, before the message is written. */
  reason: string | null;
  /** Why the last action did not work: a code of `errors` in the texts, and seconds to wait if known. */
  problem: { code: string; seconds: number | null } | null;
}

export class Store {
  state: State;
  private readonly listeners = new Set<() => void>();

  constructor(language: Language, theme: "light" | "dark") {
    this.state = {
      open: false,
      language,
      theme,
      entry: null,
      failed: false,
      thread: EMPTY,
      began: false,
      ready: false,
      line: "off",
      troubled: false,
      outbox: [],
      pausedUntil: 0,
      uploads: [],
      typing: null,
      expired: false,
      grading: "no",
      reason: null,
      problem: null,
    };
  }

  set(patch: Partial<State>): void {
    this.state = { ...this.state, ...patch };
    for (const listener of this.listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}
