/** Who else is in a call, and who hears whom because of it. Pure. */

import type { Schemas } from "@kit/api";
import type { LineState } from "./line-state";

export type Guest = Schemas["CallGuest"];
export type Gone = Schemas["CallGone"];

/**
 * Who hears whom. `ringing`: nobody has come yet; `alone`: the agent with the guests, the subscriber has music;
 * `subscriber`: the agent with the subscriber, a guest has music; `without`: the others talk, the agent hears nobody.
 */
export type Circle = "ringing" | "alone" | "subscriber" | "together" | "without";

const speaks = (guest: Guest) => guest.kind !== "supervisor";

/** How the guests of a call stand; null while nobody but a supervisor is there. */
export function circleOf(standing: LineState["standing"]): Circle | null {
  const guests = standing?.guests.filter(speaks) ?? [];
  if (!standing || guests.length === 0) return null;
  if (guests.every((guest) => guest.state === "ringing")) return "ringing";
  const alone = guests.some((guest) => guest.private);
  if (alone) return standing.held ? "alone" : "subscriber";
  return standing.held ? "without" : "together";
}

/** Those who are gone since the newest that was told of (`seen`: its number). */
export const newlyGone = (gone: readonly Gone[], seen: number): Gone[] => gone.filter(({ n, kind }) => n > seen && kind !== "supervisor");
