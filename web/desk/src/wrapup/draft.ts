import type { Outcome } from "@kit/api";

/** What the agent has chosen so far about a contact's result. */
export interface Result {
  reasons: string[];
  outcome: Outcome | null;
  note: string;
}

export const OUTCOMES: readonly Outcome[] = ["resolved", "promise", "passed", "unresolved"];
const EMPTY: Result = { reasons: [], outcome: null, note: "" };

/** The stored text as a result; anything unreadable is an empty result. */
export function readResult(text: string): Result {
  try {
    const { reasons, outcome, note } = JSON.parse(text) as Partial<Result>;
    return {
      reasons: Array.isArray(reasons) ? reasons.filter((id) => typeof id === "string") : [],
      outcome: OUTCOMES.find((known) => known === outcome) ?? null,
      note: typeof note === "string" ? note : "",
    };
  } catch {
    return EMPTY;
  }
}

export const writeResult = (result: Result): string =>
  result.reasons.length === 0 && !result.outcome && !result.note ? "" : JSON.stringify(result);
