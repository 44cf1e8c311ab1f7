import type { Activity, Presence } from "@kit/api";
import type { StateName } from "@kit/icon-names";
import type { MeState } from "@kit/live-types";
import type { Key } from "../i18n";

interface Doing {
  presence: Presence;
  activity: Activity;
  /** A colleague's call, if the agent is a guest in one. */
  helping?: unknown;
}

/** What an agent is doing, as one of the drawn states: work in hand wins over what was declared. */
export function stateOf({ presence, activity, helping }: Doing): StateName {
  if (helping) return "talking";
  if (activity === "offered" || activity === "dialling") return "offered";
  if (activity === "talking") return "talking";
  if (activity === "wrap_up") return "wrap";
  const declared: Record<Presence, StateName> = {
    available: "available",
    break: "break",
    training: "break",
    busy: "hold",
    offline: "offline",
  };
  return declared[presence];
}

/** The word of that state. */
export function stateKey({ presence, activity }: Doing): Key {
  return activity === "idle" ? `presence.${presence}` : `activity.${activity}`;
}

/** Why somebody is off the line without having chosen it; null when it was chosen. */
export function sentAway({ presence, reason }: Pick<MeState, "presence" | "reason">): Key | null {
  if (presence === "available") return null;
  if (reason === "missed_offer") return "idle.sent.missed";
  if (reason === "phone_unreachable") return "idle.sent.phone";
  if (reason !== "supervisor") return null;
  return presence === "offline" ? "idle.sent.offline" : "idle.sent.break";
}
