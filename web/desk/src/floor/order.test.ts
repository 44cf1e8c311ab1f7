import type { FloorAgent, FloorQueue, FloorWaiting } from "@kit/live-types";
import { expect, test } from "vitest";
import { needsAttention, sortAgents } from "./order";
import { mergeOrder } from "./useFrozenOrder";

const agent = (id: string, more: Partial<FloorAgent> = {}): FloorAgent => ({
  id,
  presence: "available",
  reason: null,
  activity: "idle",
  since: 0,
  connected: true,
  pending: false,
  hand: null,
  hand_contact: null,
  helping: null,
  contacts: [],
  handled: 0,
  fives: 0,
  grades: 0,
  team: null,
  ...more,
});
const queue = (id: string, more: Partial<FloorQueue>) =>
  ({ id, target: { seconds: 60, share: 0.8 }, agents_able: 1, longest_since: null, ...more }) as FloorQueue;
const waiting = (id: string, q: string) => ({ id, queue: q }) as FloorWaiting;
const self = (id: string) => id;

test("raised hands stand first, the oldest on top", () => {
  const agents = [agent("a"), agent("b", { hand: 20 }), agent("c", { hand: 10 })];
  expect(sortAgents(agents, "name", self)).toEqual(["c", "b", "a"]);
});

test("equal agents stand by name, so the order does not jump", () => {
  expect(sortAgents([agent("b"), agent("a")], "state", self)).toEqual(["a", "b"]);
});

test("a frozen order keeps its places; newcomers go last", () => {
  expect(mergeOrder(["c", "a", "b"], ["a", "b", "d"])).toEqual(["a", "b", "d"]);
  expect(mergeOrder(["c", "a"], ["a", "b", "c"])).toEqual(["c", "a", "b"]);
});

test("a long wait, a queue that nobody serves and a lost agent need attention, after the hands", () => {
  const found = needsAttention(
    [agent("a", { hand: 5 }), agent("b", { connected: false, contacts: [{ id: "x", channel: "chat", state: "talking", queue: "q", reason: null, since: 0 }] })],
    [queue("q", { longest_since: 100 }), queue("r", { longest_since: 200, agents_able: 0 }), queue("s", { longest_since: 190 })],
    [waiting("1", "q"), waiting("2", "r"), waiting("3", "s")],
    220,
  );
  expect(found.map(({ id }) => id)).toEqual(["hand-a", "wait-q", "nobody-r", "lost-b"]);
});
