import { expect, test } from "vitest";
import type { Message, Receipts } from "./api";
import { emptyLiveState, mergeChanges, reduceLive, type LiveAction, type LiveState } from "./live-state";
import type { DeskState } from "./live-types";

const RECEIPTS: Receipts = { subscriber_delivered: 0, subscriber_read: 0, agent_delivered: 0, agent_read: 0 };
const message = (seq: number, id = `m${String(seq)}`): Message => ({
  id,
  seq,
  contact: "c",
  at: seq,
  author: "subscriber",
  agent: null,
  kind: "text",
  text: "text",
  file: null,
});
const live = (seq: number, id?: string): LiveAction => ({
  type: "server",
  now: 0,
  message: { type: "message", contact: "c", message: message(seq, id) },
});
const run = (actions: LiveAction[], from: LiveState = emptyLiveState) => actions.reduce(reduceLive, from);
const page = (seqs: number[], last_seq: number): LiveAction => ({
  type: "page",
  contact: "c",
  page: { items: seqs.map((seq) => message(seq)), last_seq, receipts: RECEIPTS },
});
const seqs = (state: LiveState) => state.threads.c?.items.map((item) => item.seq);

const deskSnapshot = (at: number, state: unknown): LiveAction => ({
  type: "server",
  now: 0,
  message: { type: "snapshot", topic: "me", seq: at, at, state: state as DeskState },
});

test("a snapshot replaces what was known", () => {
  const next = { me: { id: "a" }, work: { x: { id: "x" } } };
  const old = run([deskSnapshot(1, { me: { id: "a" }, work: {} })]);
  expect(run([deskSnapshot(9, next)], old).desk).toEqual(next);
});

test("changes merge objects by key and maps by row, and null takes a row out", () => {
  const state = { me: { presence: "break", hand: null }, work: { a: { id: "a", old: 1 }, b: { id: "b" }, d: { id: "d" } } };
  const changes = { me: { presence: "available" }, work: { a: { id: "a", unread: 0 }, b: null, c: { id: "c" } } };
  expect(mergeChanges(state, changes)).toEqual({
    me: { presence: "available", hand: null },
    work: { a: { id: "a", unread: 0 }, c: { id: "c" }, d: { id: "d" } },
  });
});

test("changes before the first snapshot are dropped", () => {
  const change: LiveAction = {
    type: "server",
    now: 0,
    message: { type: "changes", topic: "floor", seq: 1, at: 1, state: { agents: {} } },
  };
  expect(run([change]).floor).toBeNull();
});

test("messages are ordered by seq and never doubled", () => {
  expect(seqs(run([page([1, 2], 2), live(4), live(3), live(3)]))).toEqual([1, 2, 3, 4]);
});

test("a hole is noticed and closed by the next page", () => {
  const holed = run([page([1], 1), live(4)]);
  expect(holed.threads.c).toMatchObject({ gap: true, upTo: 1 });
  expect(run([page([2, 3, 4], 4)], holed).threads.c).toMatchObject({ gap: false, upTo: 4 });
});

test("what comes live before the first page, which does not know it yet, is there after it", () => {
  const receipt: LiveAction = {
    type: "server",
    now: 0,
    message: { type: "receipt", contact: "c", receipts: { ...RECEIPTS, subscriber_read: 2 } },
  };
  const before = run([live(3), receipt]);
  expect(before.threads.c).toBeUndefined();
  const after = run([page([1, 2], 2)], before);
  expect(seqs(after)).toEqual([1, 2, 3]);
  expect(after.threads.c).toMatchObject({ gap: false, upTo: 3, receipts: { subscriber_read: 2 } });
  expect(after.early).toEqual({});
  expect(run([{ type: "forget", keep: [] }], before).early).toEqual({});
});

test("a thread that starts in the middle has no hole", () => {
  expect(run([page([7, 8], 8), live(9)]).threads.c).toMatchObject({ gap: false, upTo: 9 });
});

test("our own message replaces its unsent copy, however it comes back", () => {
  const sending: LiveAction = {
    type: "sending",
    outgoing: { id: "mine", contact: "c", text: "t", file: null, at: 0, error: null },
  };
  expect(run([page([], 0), sending]).outgoing).toHaveLength(1);
  expect(run([page([], 0), sending, live(1, "mine")]).outgoing).toHaveLength(0);
  expect(run([page([], 0), sending, { type: "sent", message: message(1, "mine") }]).outgoing).toHaveLength(0);
});

test("a failed message stays with its reason", () => {
  const sending: LiveAction = {
    type: "sending",
    outgoing: { id: "mine", contact: "c", text: "t", file: null, at: 0, error: null },
  };
  expect(run([sending, { type: "unsent", id: "mine", code: "network" }]).outgoing[0]?.error).toBe("network");
});

test("receipts never go back", () => {
  const receipt = (subscriber_read: number): LiveAction => ({
    type: "server",
    now: 0,
    message: { type: "receipt", contact: "c", receipts: { ...RECEIPTS, subscriber_read } },
  });
  expect(run([page([1], 1), receipt(5), receipt(3)]).threads.c?.receipts?.subscriber_read).toBe(5);
});

test("the subscriber's message ends their typing", () => {
  const typing: LiveAction = { type: "server", now: 7, message: { type: "typing", contact: "c" } };
  expect(run([page([], 0), typing]).typing).toEqual({ c: 7 });
  expect(run([page([], 0), typing, live(1)]).typing).toEqual({});
});
