import type { WorkItem } from "@kit/live-types";
import { expect, test } from "vitest";
import { readHeadset } from "./devices";
import { alarmOf, callInHand, noLine, qualityOf, reduceLine, rejoinAfter, ringsKey, stageOf, type LineAction, type LineState } from "./line-state";

const row = (id: string, channel: WorkItem["channel"], state: WorkItem["state"]) => ({ id, channel, state }) as WorkItem;
const work = (...rows: WorkItem[]) => Object.fromEntries(rows.map((item) => [item.id, item]));
const after = (...actions: LineAction[]) => actions.reduce(reduceLine, noLine);
const standing: NonNullable<LineState["standing"]> = { type: "state", held: false, recording: "on", connected: true, media: "ok", since: 1, line: "talking", guests: [], gone: [] };
const talking: LineState = { ...noLine, contact: "c", leg: "connected", standing };

test("the call that is talked in has the line, not a chat and not an offer beside it", () => {
  expect(callInHand(work(row("chat", "chat", "talking"), row("o", "voice", "offered")))?.id).toBe("o");
  expect(callInHand(work(row("o", "voice", "offered"), row("t", "voice", "talking")))?.id).toBe("t");
  expect(callInHand(work(row("w", "voice", "wrap_up")))).toBeUndefined();
  const callback = { attempt: 0, attempts: 3, until: null };
  expect(callInHand(work({ ...row("c", "voice", "offered"), callback }))).toBeUndefined();
  expect(callInHand(work({ ...row("c", "voice", "dialling"), callback }))?.id).toBe("c");
});

test("another call begins with a clean line, the same one keeps what is known", () => {
  const muted = after({ type: "follow", contact: "a" }, { type: "muted", muted: true });
  expect(reduceLine(muted, { type: "follow", contact: "a" })).toBe(muted);
  expect(reduceLine(muted, { type: "follow", contact: "b" })).toEqual({ ...noLine, contact: "b" });
});

test("a call on the desk phone needs nothing of this page", () => {
  const ringing = after({ type: "follow", contact: "a" }, { type: "microphone", microphone: "denied" }, { type: "told", signal: { type: "phone" } });
  expect(ringing.leg).toBe("phone");
  expect(alarmOf(ringing, true)).toBeNull();
  expect(stageOf(ringing)).toBe("connecting");
});

test("a call that moved to another window is not called lost afterwards", () => {
  const moved = after({ type: "follow", contact: "a" }, { type: "told", signal: { type: "moved" } });
  expect(reduceLine(moved, { type: "told", signal: { type: "failed", code: "media.silence" } }).leg).toBe("moved");
  expect(alarmOf(moved, true)).toBeNull();
  expect(stageOf(moved)).toBe("elsewhere");
});

test("what was measured goes with the connection", () => {
  const quality = { type: "quality", loss: 0, jitter_ms: 1, rtt_ms: 20, mos: 4.4, caller_mos: 4.3 } as const;
  const measured = reduceLine(talking, { type: "told", signal: quality });
  expect(reduceLine(measured, { type: "leg", leg: "lost" }).quality).toBeNull();
  expect(reduceLine(measured, { type: "leg", leg: "connected" }).quality).toEqual(quality);
});

test("the stage follows the worker's word", () => {
  expect(stageOf(noLine)).toBe("connecting");
  expect(stageOf(talking)).toBe("talking");
  expect(stageOf({ ...talking, standing: { ...standing, held: true, connected: false } })).toBe("held");
});

test("an alarm says what the subscriber hears meanwhile", () => {
  const away = { ...standing, connected: false };
  expect(alarmOf(talking, true)).toBeNull();
  expect(alarmOf({ ...talking, microphone: "lost" }, true)).toEqual({ code: "unplugged", hears: "silence" });
  expect(alarmOf({ ...talking, leg: "lost", standing: away }, true)).toEqual({ code: "lost", hears: "music" });
  expect(alarmOf({ ...talking, leg: "lost", microphone: "denied", standing: null }, false)).toEqual({ code: "denied", hears: null });
  expect(alarmOf({ ...talking, blocked: true }, true)).toEqual({ code: "blocked", hears: "you" });
});

test("quality is said in words, with the side that has the trouble", () => {
  const of = (mos: number | null, caller_mos: number | null) =>
    qualityOf({ type: "quality", loss: 0, jitter_ms: 0, rtt_ms: null, mos, caller_mos });
  expect(of(4.4, 4.2)).toEqual({ sound: "good", side: "none" });
  expect(of(3.5, 4.2)).toEqual({ sound: "fair", side: "agent" });
  expect(of(3.5, 2)).toEqual({ sound: "poor", side: "subscriber" });
  expect(of(2, 2.1)).toEqual({ sound: "poor", side: "both" });
  expect(of(null, null)).toBeNull();
  expect(qualityOf(null)).toBeNull();
});

test("pauses between attempts grow to a limit", () => {
  expect([1, 2, 3, 4, 9].map(rejoinAfter)).toEqual([1000, 2000, 4000, 8000, 8000]);
});

test("an unreadable choice of devices is the system's own", () => {
  expect(readHeadset(null)).toEqual({ microphone: "", speaker: "" });
  expect(readHeadset("{")).toEqual({ microphone: "", speaker: "" });
  expect(readHeadset('{"microphone":"a","speaker":3}')).toEqual({ microphone: "a", speaker: "" });
});

test("a call out says how far it is", () => {
  const out = { ...row("c", "voice", "dialling"), outgoing: true };
  expect(ringsKey(out, noLine)).toBe("call.state.dialling");
  expect(ringsKey(out, { ...talking, standing: { ...standing, line: "ringing" } })).toBe("call.state.out.ringing");
  expect(ringsKey(row("c", "voice", "dialling"), talking)).toBe("call.state.dialling");
});
