/** How the agent's end of a call stands, and what to tell of it. Pure: `line.ts` does what it says. */

import type { Schemas } from "@kit/api";
import type { StateName } from "@kit/icon-names";
import type { MicrophoneFault } from "@kit/microphone";
import type { WorkItem } from "@kit/live-types";
import { isMessage } from "./voicemail";

export type CallSignal = Schemas["DeskCallSignal"]["signal"];
type Standing = Schemas["CallStanding"];
type Quality = Schemas["CallQuality"];

/** `moved`: another window of this agent has the sound; it is not taken back without being asked. `phone`: the desk phone has it. */
export type LegState = "none" | "joining" | "connecting" | "connected" | "lost" | "moved" | "phone";

export interface LineState {
  contact: string | null;
  leg: LegState;
  microphone: "ok" | "lost" | MicrophoneFault;
  /** The browser plays nothing before a click. */
  blocked: boolean;
  muted: boolean;
  standing: Standing | null;
  quality: Quality | null;
}

export const noLine: LineState = {
  contact: null,
  leg: "none",
  microphone: "ok",
  blocked: false,
  muted: false,
  standing: null,
  quality: null,
};

export type LineAction =
  | { type: "follow"; contact: string | null }
  | { type: "leg"; leg: LegState }
  | { type: "microphone"; microphone: LineState["microphone"] }
  | { type: "blocked"; blocked: boolean }
  | { type: "muted"; muted: boolean }
  | { type: "told"; signal: CallSignal };

function told(state: LineState, signal: CallSignal): LineState {
  switch (signal.type) {
    case "state":
      return { ...state, standing: signal };
    case "quality":
      return { ...state, quality: signal };
    case "moved":
      return { ...state, leg: "moved", quality: null };
    case "failed":
      return state.leg === "moved" ? state : { ...state, leg: "lost", quality: null };
    case "phone":
      return { ...state, leg: "phone", microphone: "ok", blocked: false };
    case "offer":
    case "ready":
      return state;
  }
}

export function reduceLine(state: LineState, action: LineAction): LineState {
  switch (action.type) {
    case "follow":
      return action.contact === state.contact ? state : { ...noLine, contact: action.contact };
    case "leg":
      // What is measured belongs to the connection that has just gone.
      return { ...state, leg: action.leg, ...(action.leg === "connected" ? {} : { quality: null }) };
    case "microphone":
      return { ...state, microphone: action.microphone };
    case "blocked":
      return { ...state, blocked: action.blocked };
    case "muted":
      return { ...state, muted: action.muted };
    case "told":
      return told(state, action.signal);
  }
}

/** The call whose sound this page should carry: the one that is talked in, else one on its way; a callback once accepted. */
export function callInHand(work: Record<string, WorkItem> | undefined): WorkItem | undefined {
  const calls = Object.values(work ?? {}).filter((row) => row.channel === "voice" && !isMessage(row));
  return (
    calls.find((row) => row.state === "talking") ??
    calls.find((row) => row.state === "dialling") ??
    calls.find((row) => row.state === "offered" && !row.callback)
  );
}

export type AlarmCode = "unable" | "denied" | "missing" | "busy" | "unplugged" | "lost" | "blocked";

export interface Alarm {
  code: AlarmCode;
  /** What the subscriber has in the ear meanwhile; null while nobody is connected yet. */
  hears: "music" | "silence" | "you" | null;
}

/** What is wrong with the sound, the worst first; null when nothing is. */
export function alarmOf(state: LineState, talking: boolean): Alarm | null {
  if (state.leg === "moved" || state.leg === "none" || state.leg === "phone") return null;
  const connected = state.standing?.connected === true;
  const hears = !talking ? null : connected ? "silence" : "music";
  if (state.microphone === "lost") return { code: "unplugged", hears };
  if (state.microphone !== "ok") return { code: state.microphone, hears: talking ? "music" : null };
  if (state.leg === "lost") return { code: "lost", hears };
  if (state.blocked) return { code: "blocked", hears: talking ? (connected ? "you" : "music") : null };
  return null;
}

export type Sound = "good" | "fair" | "poor";

/** A mean opinion score (1 to 4.5) in three words: G.711 without loss gets 4.4, below 3.1 people ask again. */
export function soundOf(mos: number | null): Sound | null {
  if (mos === null) return null;
  return mos >= 3.8 ? "good" : mos >= 3.1 ? "fair" : "poor";
}

/** How the call sounds, and on whose side the trouble is. */
export function qualityOf(quality: Quality | null): { sound: Sound; side: "none" | "agent" | "subscriber" | "both" } | null {
  if (quality === null) return null;
  const agent = soundOf(quality.mos);
  const subscriber = soundOf(quality.caller_mos);
  if (agent === null && subscriber === null) return null;
  const worst: Sound = [agent, subscriber].includes("poor") ? "poor" : [agent, subscriber].includes("fair") ? "fair" : "good";
  if (worst === "good") return { sound: "good", side: "none" };
  if (agent === subscriber) return { sound: worst, side: "both" };
  return { sound: worst, side: agent === worst ? "agent" : "subscriber" };
}

/** A call by us in words: of a call out how far it is. */
export function ringsKey(row: WorkItem, { contact, standing }: LineState) {
  if (!row.outgoing || contact !== row.id || standing === null) return "call.state.dialling" as const;
  return `call.state.out.${standing.line}` as const;
}

/** State of the call in the words of the stage. */
export function stageOf(state: LineState): "connecting" | "talking" | "held" | "elsewhere" {
  if (state.leg === "moved") return "elsewhere";
  if (state.standing?.held) return "held";
  return state.standing?.connected ? "talking" : "connecting";
}

/** The drawn state of each. */
export const STAGE_STATES: Record<ReturnType<typeof stageOf>, StateName> = {
  connecting: "offered",
  talking: "talking",
  held: "hold",
  elsewhere: "offline",
};

const LONGEST_MS = 8_000;

/** Pause before the sound is asked for again, ms: `attempt` counts from 1. */
export const rejoinAfter = (attempt: number): number => Math.min(LONGEST_MS, 1_000 * 2 ** (attempt - 1));
