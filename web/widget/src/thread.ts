/**
 * The thread as this browser knows it, and pure functions from what the server says to the next thread.
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

export const EMPTY: Thread = { info: null, messages: [], upTo: 0, aheadAtFirst: null };

/** True when the server has messages that this browser has not. */
export function missing(thread: Thread): boolean {
  return Math.max(thread.info?.last_seq ?? 0, highest(thread.messages)) > thread.upTo;
}

/** The agent's messages that the subscriber has not seen yet. */
export function unread(thread: Thread): number {
  const read = thread.info?.receipts.subscriber_read ?? 0;
  return thread.messages.filter((message) => message.author === "agent" && message.seq > read).length;
}

export function takeState(thread: Thread, state: ThreadState): Thread {
  const old = thread.info;
  if (old !== null && old.thread === state.thread && old.server_time > state.server_time) return thread;
  const receipts = old !== null && old.thread === state.thread ? newer(old.receipts, state.receipts) : state.receipts;
  const waiting = state.state === "waiting" || state.state === "offered";
  const same = old !== null && old.contact === state.contact && thread.aheadAtFirst !== null;
  const aheadAtFirst = waiting ? (same ? thread.aheadAtFirst : state.ahead) : null;
  return { ...thread, info: { ...state, receipts }, aheadAtFirst };
}

export function takeReceipts(thread: Thread, receipts: Receipts): Thread {
  const info = thread.info;
  return info === null ? thread : { ...thread, info: { ...info, receipts: newer(info.receipts, receipts) } };
}

/** The server's whole answer to "what came after this number"; `last` is the thread's last number it told. */
export function takePage(thread: Thread, after: number, messages: readonly Message[], last: number): Thread {
  // Whatever the page left out does not exist: its last number closes the gap.
  return takeMessages(thread, messages, after <= thread.upTo ? highest(messages) || last : 0);
}

/** Messages in any order, seen before or not. */
export function takeMessages(thread: Thread, incoming: readonly Message[], known = 0): Thread {
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
  const top = { ...a };
  for (const key of Object.keys(a) as (keyof Receipts)[]) top[key] = Math.max(a[key], b[key]);
  return top;
}

function highest(messages: readonly Message[]): number {
  return messages.reduce((top, message) => Math.max(top, message.seq), 0);
}
