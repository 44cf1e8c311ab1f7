/** How a supervisor takes part in somebody's call. Pure: `monitor-line.ts` carries the sound. */

import type { FloorAgent, FloorContact } from "@kit/live-types";
import type { MicrophoneFault } from "@kit/microphone";

export type MonitorMode = "listen" | "whisper" | "barge";

/** The call that is listened to. */
export interface Watch {
  contact: string;
  /** Whose call it is: the agent. */
  agent: string;
  mode: MonitorMode;
  leg: "connecting" | "on" | "lost" | "ended";
  /** Server time, POSIX seconds, of the first sound; null before it. */
  since: number | null;
  microphone: "ok" | "lost" | MicrophoneFault;
  /** The browser plays nothing before a click. */
  blocked: boolean;
}

export type WatchAction =
  | { type: "start"; contact: string; agent: string }
  | { type: "mode"; mode: MonitorMode }
  | { type: "leg"; leg: "connecting" | "on" | "lost"; at: number }
  | { type: "microphone"; microphone: Watch["microphone"] }
  | { type: "blocked"; blocked: boolean }
  | { type: "floor"; agents: Record<string, FloorAgent> }
  | { type: "end" }
  | { type: "close" };

/** The call of an agent that may be listened to now. */
export const callOf = (agent: Pick<FloorAgent, "contacts">): FloorContact | undefined =>
  agent.contacts.find((contact) => contact.channel === "voice" && contact.state === "talking");

/** Null: no call is listened to. What comes for a call that has ended changes nothing but closes it. */
export function reduceWatch(watch: Watch | null, action: WatchAction): Watch | null {
  if (action.type === "start") {
    const { contact, agent } = action;
    return { contact, agent, mode: "listen", leg: "connecting", since: null, microphone: "ok", blocked: false };
  }
  if (action.type === "close" || watch === null) return null;
  if (watch.leg === "ended") return watch;
  switch (action.type) {
    case "mode":
      return { ...watch, mode: action.mode, microphone: action.mode === "listen" ? "ok" : watch.microphone };
    case "leg":
      return { ...watch, leg: action.leg, since: watch.since ?? (action.leg === "on" ? action.at : null) };
    case "microphone":
      return { ...watch, microphone: action.microphone };
    case "blocked":
      return { ...watch, blocked: action.blocked };
    case "floor": {
      // The call may have gone to another agent meanwhile: it is still the same talk.
      const agent = Object.values(action.agents).find((one) => callOf(one)?.id === watch.contact);
      if (!agent) return { ...watch, leg: "ended" };
      return agent.id === watch.agent ? watch : { ...watch, agent: agent.id };
    }
    case "end":
      return { ...watch, leg: "ended" };
  }
}

/** Who hears the supervisor; nobody does without a microphone. */
export function heardBy(watch: Watch): "nobody" | "agent" | "both" {
  if (watch.mode === "listen" || watch.microphone !== "ok" || watch.leg !== "on") return "nobody";
  return watch.mode === "whisper" ? "agent" : "both";
}
