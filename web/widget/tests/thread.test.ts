import { describe, expect, it } from "vitest";
import { EMPTY, missing, takeMessages, takePage, takeReceipts, takeState, unread, type Thread } from "../src/thread";
import { message, state } from "./samples";

const seqs = (thread: Thread) => thread.messages.map((m) => m.seq);

describe("messages of a thread", () => {
  it("stand in the server's order however they arrive", () => {
    const thread = [3, 1, 2].reduce((t, n) => takeMessages(t, [message(n)]), EMPTY);
    expect(seqs(thread)).toEqual([1, 2, 3]);
    expect(thread.upTo).toBe(3);
  });

  it("appear once however often they arrive", () => {
    const once = takeMessages(EMPTY, [message(1), message(1)]);
    const twice = takeMessages(once, [message(1)]);
    expect(seqs(twice)).toEqual([1]);
    expect(twice).toBe(once);
  });

  it("are one when the same id comes under another number", () => {
    expect(seqs(takeMessages(EMPTY, [message(1), { ...message(2), id: message(1).id }]))).toEqual([1]);
  });

  it("show a gap until the missing ones come", () => {
    const gap = takeMessages(EMPTY, [message(1), message(4)]);
    expect(gap.upTo).toBe(1);
    expect(missing(gap)).toBe(true);
    const filled = takePage(gap, 1, [message(2), message(3), message(4)], 4);
    expect(filled.upTo).toBe(4);
    expect(missing(filled)).toBe(false);
  });

  it("take the server's page as complete even where numbers are skipped", () => {
    const thread = takePage(EMPTY, 0, [message(1), message(5)], 5);
    expect(missing(thread)).toBe(false);
    expect(thread.upTo).toBe(5);
  });

  it("do not trust a page that begins beyond what is known", () => {
    const thread = takePage(EMPTY, 7, [message(8)], 8);
    expect(thread.upTo).toBe(0);
    expect(missing(thread)).toBe(true);
  });

  it("are all there when the server's page is empty", () => {
    const behind = takeState(EMPTY, state({ last_seq: 3 }));
    expect(missing(takePage(behind, 0, [], 3))).toBe(false);
  });

  it("any shuffle with repeats ends in the same thread", () => {
    const all = Array.from({ length: 12 }, (_, i) => message(i + 1));
    let seed = 7;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let round = 0; round < 200; round += 1) {
      const dealt = [...all, ...all].map((m) => ({ m, place: random() })).sort((a, b) => a.place - b.place);
      const thread = dealt.reduce((t, { m }) => takeMessages(t, [m]), EMPTY);
      expect(thread.messages).toEqual(all);
      expect(thread.upTo).toBe(12);
    }
  });
});

describe("state of a thread", () => {
  it("says that messages are missing when the server is ahead", () => {
    expect(missing(takeState(EMPTY, state({ last_seq: 2 })))).toBe(true);
  });

  it("older than the known one is not taken", () => {
    const now = takeState(EMPTY, state({ state: "talking", server_time: 20 }));
    expect(takeState(now, state({ state: "waiting", server_time: 10 }))).toBe(now);
  });

  it("never takes a receipt back", () => {
    const receipts = { subscriber_delivered: 0, subscriber_read: 0, agent_delivered: 4, agent_read: 3 };
    const read = takeReceipts(takeState(EMPTY, state({})), receipts);
    expect(takeReceipts(read, { ...receipts, agent_read: 1 }).info?.receipts.agent_read).toBe(3);
    expect(takeState(read, state({ server_time: 5 })).info?.receipts.agent_read).toBe(3);
  });

  it("remembers how many were ahead at first, and forgets it when the talk begins", () => {
    const first = takeState(EMPTY, state({ state: "waiting", ahead: 5, server_time: 1 }));
    const later = takeState(first, state({ state: "waiting", ahead: 3, server_time: 2 }));
    expect(later.aheadAtFirst).toBe(5);
    expect(takeState(later, state({ state: "talking", server_time: 3 })).aheadAtFirst).toBeNull();
  });

  it("counts the agent's unread messages only", () => {
    const messages = [message(1), message(2, { author: "agent" }), message(3, { author: "agent" })];
    const thread = takeMessages(takeState(EMPTY, state({})), messages);
    expect(unread(thread)).toBe(2);
    const receipts = { subscriber_delivered: 3, subscriber_read: 2, agent_delivered: 0, agent_read: 0 };
    expect(unread(takeReceipts(thread, receipts))).toBe(1);
  });
});
