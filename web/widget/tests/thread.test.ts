import { describe, expect, it } from "vitest";
import { EMPTY, missing, reduce, unread } from "../src/thread";
import { message, state } from "./samples";

const seqs = (thread: typeof EMPTY) => thread.messages.map((m) => m.seq);

describe("messages of a thread", () => {
  it("stand in the server's order however they arrive", () => {
    const thread = [3, 1, 2].reduce((t, n) => reduce(t, { type: "messages", messages: [message(n)] }), EMPTY);
    expect(seqs(thread)).toEqual([1, 2, 3]);
    expect(thread.upTo).toBe(3);
  });

  it("appear once however often they arrive", () => {
    const once = reduce(EMPTY, { type: "messages", messages: [message(1), message(1)] });
    const twice = reduce(once, { type: "messages", messages: [message(1)] });
    expect(seqs(twice)).toEqual([1]);
    expect(twice).toBe(once);
  });

  it("are one when the same id comes under another number", () => {
    const thread = reduce(EMPTY, { type: "messages", messages: [message(1), { ...message(2), id: message(1).id }] });
    expect(seqs(thread)).toEqual([1]);
  });

  it("show a gap until the missing ones come", () => {
    const gap = reduce(EMPTY, { type: "messages", messages: [message(1), message(4)] });
    expect(gap.upTo).toBe(1);
    expect(missing(gap)).toBe(true);
    const filled = reduce(gap, { type: "page", after: 1, last: 4, messages: [message(2), message(3), message(4)] });
    expect(filled.upTo).toBe(4);
    expect(missing(filled)).toBe(false);
  });

  it("take the server's page as complete even where numbers are skipped", () => {
    const thread = reduce(EMPTY, { type: "page", after: 0, last: 5, messages: [message(1), message(5)] });
    expect(missing(thread)).toBe(false);
    expect(thread.upTo).toBe(5);
  });

  it("do not trust a page that begins beyond what is known", () => {
    const thread = reduce(EMPTY, { type: "page", after: 7, last: 8, messages: [message(8)] });
    expect(thread.upTo).toBe(0);
    expect(missing(thread)).toBe(true);
  });

  it("are all there when the server's page is empty", () => {
    const behind = reduce(EMPTY, { type: "state", state: state({ last_seq: 3 }) });
    expect(missing(reduce(behind, { type: "page", after: 0, last: 3, messages: [] }))).toBe(false);
  });

  it("any shuffle with repeats ends in the same thread", () => {
    const all = Array.from({ length: 12 }, (_, i) => message(i + 1));
    let seed = 7;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let round = 0; round < 200; round += 1) {
      const dealt = [...all, ...all].sort(() => random() - 0.5);
      const thread = dealt.reduce((t, m) => reduce(t, { type: "messages", messages: [m] }), EMPTY);
      expect(thread.messages).toEqual(all);
      expect(thread.upTo).toBe(12);
    }
  });
});

describe("state of a thread", () => {
  it("says that messages are missing when the server is ahead", () => {
    expect(missing(reduce(EMPTY, { type: "state", state: state({ last_seq: 2 }) }))).toBe(true);
  });

  it("older than the known one is not taken", () => {
    const now = reduce(EMPTY, { type: "state", state: state({ state: "talking", server_time: 20 }) });
    expect(reduce(now, { type: "state", state: state({ state: "waiting", server_time: 10 }) })).toBe(now);
  });

  it("never takes a receipt back", () => {
    const receipts = { subscriber_delivered: 0, subscriber_read: 0, agent_delivered: 4, agent_read: 3 };
    const read = reduce(reduce(EMPTY, { type: "state", state: state({}) }), { type: "receipts", receipts });
    const late = reduce(read, { type: "receipts", receipts: { ...receipts, agent_read: 1 } });
    expect(late.info?.receipts.agent_read).toBe(3);
  });

  it("remembers how many were ahead at first, and forgets it when the talk begins", () => {
    const first = reduce(EMPTY, { type: "state", state: state({ state: "waiting", ahead: 5, server_time: 1 }) });
    const later = reduce(first, { type: "state", state: state({ state: "waiting", ahead: 3, server_time: 2 }) });
    expect(later.aheadAtFirst).toBe(5);
    expect(reduce(later, { type: "state", state: state({ state: "talking", server_time: 3 }) }).aheadAtFirst).toBeNull();
  });

  it("counts the agent's unread messages only", () => {
    const messages = [message(1), { ...message(2), author: "agent" as const }, { ...message(3), author: "agent" as const }];
    const thread = reduce(reduce(EMPTY, { type: "state", state: state({}) }), { type: "messages", messages });
    expect(unread(thread)).toBe(2);
    const receipts = { subscriber_delivered: 3, subscriber_read: 2, agent_delivered: 0, agent_read: 0 };
    expect(unread(reduce(thread, { type: "receipts", receipts }))).toBe(1);
  });

  it("forgets everything when a new thread begins", () => {
    const thread = reduce(EMPTY, { type: "messages", messages: [message(1)] });
    expect(reduce(thread, { type: "forget" })).toBe(EMPTY);
  });
});
