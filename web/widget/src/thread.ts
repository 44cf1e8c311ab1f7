/**
 * The thread as this browser knows it: a pure reducer.
 *
 * The server numbers messages of a thread 1, 2, 3… `upTo` is the number below which nothing is missing here.
 * A message beyond `upTo + 1` is kept, but shows that something before it has been lost on the way: see `missing`.
 */
import type { Message, Receipts, ThreadState } from "./types";

export interface Thread {
  info: ThreadState | null;
  messages: readonly Message[];
  upTo: number;
  /** How many were ahead when the wait began; null when not waiting. */
  aheadAtFirst: number | null;
}

export type Action =
  | { type: "state"; state: ThreadState }
  | { type: "messages"; messages: readonly Message[] }
  /** The server's whole answer to "what came after this number". */
  | { type: "page"; after: number; last: number; messages: readonly Message[] }
  | { type: "receipts"; receipts: Receipts }
  | { type: "forget" };

export const EMPTY: Thread = { info: null, messages: [], upTo: 0, aheadAtFirst: null };

export function reduce(thread: Thread, action: Action): Thread {
  switch (action.type) {
    case "state":
      return takeState(thread, action.state);
    case "messages":
      return insert(thread, action.messages, thread.upTo);
    case "page":
      // Whatever the page left out does not exist: its last number closes the gap.
      return insert(thread, action.messages, action.after <= thread.upTo ? highest(action.messages) || action.last : 0);
    case "receipts":
      return thread.info === null ? thread : { ...thread, info: { ...thread.info, receipts: newer(thread.info.receipts, action.receipts) } };
    case "forget":
      return EMPTY;
  }
}

/** True when the server has messages that this browser has not. */
export function missing(thread: Thread): boolean {
  return Math.max(thread.info?.last_seq ?? 0, highest(thread.messages)) > thread.upTo;
}

/** The agent's messages that the subscriber has not seen yet. */
export function unread(thread: Thread): number {
  const read = thread.info?.receipts.subscriber_read ?? 0;
  return thread.messages.filter((message) => message.author === "agent" && message.seq > read).length;
}

function takeState(thread: Thread, state: ThreadState): Thread {
  const old = thread.info;
  if (old !== null && old.thread === state.thread && old.server_time > state.server_time) return thread;
  const receipts = old !== null && old.thread === state.thread ? newer(old.receipts, state.receipts) : state.receipts;
  const waiting = state.state === "waiting" || state.state === "offered";
  const same = old !== null && old.contact === state.contact && thread.aheadAtFirst !== null;
  const aheadAtFirst = waiting ? (same ? thread.aheadAtFirst : state.ahead) : null;
  return { ...thread, info: { ...state, receipts }, aheadAtFirst };
}

function insert(thread: Thread, incoming: readonly Message[], known: number): Thread {
  const bySeq = new Map(thread.messages.map((message) => [message.seq, message]));
  const ids = new Set(thread.messages.map((message) => message.id));
  for (const message of incoming) {
    if (bySeq.has(message.seq) || ids.has(message.id)) continue;
    bySeq.set(message.seq, message);
    ids.add(message.id);
  }
  let upTo = Math.max(thread.upTo, known);
  while (bySeq.has(upTo + 1)) upTo += 1;
  if (bySeq.size === thread.messages.length) return upTo === thread.upTo ? thread : { ...thread, upTo };
  const messages = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  return { ...thread, messages, upTo };
}

/** Receipts only grow; frames may come in any order. */
function newer(a: Receipts, b: Receipts): Receipts {
  return {
    subscriber_delivered: Math.max(a.subscriber_delivered, b.subscriber_delivered),
    subscriber_read: Math.max(a.subscriber_read, b.subscriber_read),
    agent_delivered: Math.max(a.agent_delivered, b.agent_delivered),
    agent_read: Math.max(a.agent_read, b.agent_read),
  };
}

function highest(messages: readonly Message[]): number {
  return messages.reduce((top, message) => Math.max(top, message.seq), 0);
}
