import { createStore, useStore } from "@kit/store";
import type { LiveState } from "@kit/live-state";
import type { WorkItem } from "@kit/live-types";

/** Whom to call: a number that is typed, or the subscriber of a contact, whose number the page need not know. */
export type Callee = { number: string } | { contact: string; shown: string };

const callee = createStore<Callee | null>(null);

export const openCallOut = (whom: Callee = { number: "" }) => callee.set(whom);
export const closeCallOut = () => callee.set(null);
export const useCallee = () => useStore(callee, (whom) => whom);

type Work = Record<string, WorkItem>;

/** Whether this agent takes calls at all: who does not, makes none. */
export const makesCalls = (desk: LiveState["desk"]): boolean => (desk?.me.slots.voice?.max ?? 0) > 0;

/** Own calls out that were ringing and are gone: whoever answered is still in hand, or in wrap-up. */
export const unansweredCalls = (before: Work, after: Work): string[] =>
  Object.values(before)
    .filter((row) => row.outgoing && row.state === "dialling" && !after[row.id])
    .map((row) => row.id);

/** The typed text as a telephone number ("8 974 800-77-01", "+7…"), or null where it is none yet. */
export function telephoneNumber(typed: string): string | null {
  const bare = typed.trim();
  const digits = bare.replaceAll(/[^\d]/g, "");
  return /^\+?[\d\s().-]+$/.test(bare) && digits.length >= 10 && digits.length <= 15 ? bare : null;
}
