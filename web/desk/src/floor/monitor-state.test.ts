import type { FloorAgent } from "@kit/live-types";
import { expect, test } from "vitest";
import { callOf, heardBy, reduceWatch, type Watch, type WatchAction } from "./monitor-state";

const start: WatchAction = { type: "start", contact: "c", agent: "a" };
const run = (...actions: WatchAction[]) => actions.reduce<Watch | null>(reduceWatch, null);
const on: WatchAction = { type: "leg", leg: "on", at: 7 };

function agent(id: string, ...contacts: Partial<FloorAgent["contacts"][number]>[]): FloorAgent {
  const rows = contacts.map((row) => ({ id: "c", channel: "voice", state: "talking", queue: "q", reason: null, since: 0, ...row }));
  return { id, contacts: rows } as FloorAgent;
}

test("only a call in a talk can be listened to", () => {
  expect(callOf(agent("a", { channel: "chat" }, { state: "wrap_up" }, { state: "offered" }))).toBeUndefined();
  expect(callOf(agent("a", { channel: "chat", id: "x" }, {}))?.id).toBe("c");
});

test("the time begins with the first sound and goes on over a loss", () => {
  expect(run(start)?.since).toBeNull();
  const watch = run(start, on, { type: "leg", leg: "lost", at: 9 }, { type: "leg", leg: "on", at: 12 });
  expect(watch).toMatchObject({ leg: "on", since: 7 });
});

test("who hears the supervisor is said by mode, sound and microphone", () => {
  const heard = (...actions: WatchAction[]) => {
    const watch = run(start, on, ...actions);
    return watch && heardBy(watch);
  };
  expect(heard()).toBe("nobody");
  expect(heard({ type: "mode", mode: "whisper" })).toBe("agent");
  expect(heard({ type: "mode", mode: "barge" })).toBe("both");
  expect(heard({ type: "mode", mode: "barge" }, { type: "microphone", microphone: "denied" })).toBe("nobody");
  expect(heard({ type: "mode", mode: "barge" }, { type: "leg", leg: "lost", at: 9 })).toBe("nobody");
});

test("a call that another agent takes is the same call; one that nobody has is over for good", () => {
  expect(run(start, on, { type: "floor", agents: { b: agent("b", {}) } })).toMatchObject({ agent: "b", leg: "on" });
  const over = run(start, on, { type: "floor", agents: { a: agent("a", { state: "wrap_up" }) } }, on);
  expect(over?.leg).toBe("ended");
  expect(reduceWatch(over, { type: "close" })).toBeNull();
});
