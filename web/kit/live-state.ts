/** The live store's state and its pure reducer: a snapshot replaces, changes merge, messages are ordered by seq. */

import type { Message, MessagePage, Receipts } from "./api";
import type { DeskState, FloorState, ServerMessage, Topic } from "./live-types";

/** Condition of one topic's connection. Instants are server time. */
export interface Link {
  phase: "connecting" | "open" | "waiting" | "ended";
  attempt: number;
  retryAt: number | null;
  lostAt: number | null;
  latency: number | null;
}

/** A message of ours that the server has not confirmed yet. */
export interface Outgoing {
  id: string;
  contact: string;
  text: string;
  file: File | null;
  at: number;
  error: string | null;
}

/** Messages of one contact. All up to `upTo` are here; `gap` says that some before the newest are missing. */
export interface ThreadState {
  items: Message[];
  upTo: number;
  gap: boolean;
  receipts: Receipts | null;
}

export interface LiveState {
  links: Record<Topic, Link>;
  desk: DeskState | null;
  floor: FloorState | null;
  at: Record<Topic, number>;
  threads: Record<string, ThreadState>;
  /** What came about threads before their first page, which may have been read before it and come after it. */
  early: Record<string, ThreadState>;
  outgoing: Outgoing[];
  typing: Record<string, number>;
}

export type LiveAction =
  | { type: "server"; message: ServerMessage; now: number }
  | { type: "link"; topic: Topic; link: Partial<Link> }
  | { type: "page"; contact: string; page: MessagePage }
  | { type: "read"; contact: string; seq: number }
  | { type: "sending"; outgoing: Outgoing }
  | { type: "sent"; message: Message }
  | { type: "unsent"; id: string; code: string }
  | { type: "discard"; id: string }
  | { type: "forget"; keep: string[] };

const LINK: Link = { phase: "connecting", attempt: 0, retryAt: null, lostAt: null, latency: null };

export const emptyLiveState: LiveState = {
  links: { me: LINK, floor: LINK },
  desk: null,
  floor: null,
  at: { me: 0, floor: 0 },
  threads: {},
  early: {},
  outgoing: [],
  typing: {},
};

type Row = Record<string, unknown>;
const MAPS = new Set(["work", "agents", "queues", "waiting"]);

/** Merge changes into a topic's state: a changed row replaces the old one, null takes it out; the rest goes by key. */
export function mergeChanges<S extends object>(state: S, changes: object): S {
  const next: Row = { ...(state as Row) };
  for (const [part, rows] of Object.entries(changes)) {
    const merged: Row = { ...(next[part] as Row | undefined), ...(rows as Row) };
    next[part] = MAPS.has(part) ? Object.fromEntries(Object.entries(merged).filter(([, row]) => row !== null)) : merged;
  }
  return next as S;
}

const EMPTY_THREAD: ThreadState = { items: [], upTo: 0, gap: false, receipts: null };

function withMessages(thread: ThreadState, messages: Message[], knownUpTo: number): ThreadState {
  const bySeq = new Map(thread.items.map((item) => [item.seq, item]));
  for (const message of messages) bySeq.set(message.seq, message);
  const items = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  let upTo = Math.max(thread.upTo, knownUpTo);
  for (const item of items) if (item.seq === upTo + 1) upTo = item.seq;
  return { ...thread, items, upTo, gap: (items.at(-1)?.seq ?? 0) > upTo };
}

/** Change what is known of a thread, or what waits for its first page. */
function withThread(state: LiveState, contact: string, change: (thread: ThreadState) => ThreadState): LiveState {
  const place = state.threads[contact] ? "threads" : "early";
  const changed = change(state[place][contact] ?? EMPTY_THREAD);
  return { ...state, [place]: { ...state[place], [contact]: changed } };
}

function addMessage(state: LiveState, contact: string, message: Message): LiveState {
  const outgoing = state.outgoing.some((item) => item.id === message.id)
    ? state.outgoing.filter((item) => item.id !== message.id)
    : state.outgoing;
  const typing = { ...state.typing };
  if (message.author === "subscriber") Reflect.deleteProperty(typing, contact);
  return withThread({ ...state, outgoing, typing }, contact, (thread) => withMessages(thread, [message], 0));
}

/** Receipts only grow: a late packet must not take a tick back. */
function newerReceipts(old: Receipts | null, next: Receipts): Receipts {
  if (!old) return next;
  return {
    subscriber_delivered: Math.max(old.subscriber_delivered, next.subscriber_delivered),
    subscriber_read: Math.max(old.subscriber_read, next.subscriber_read),
    agent_delivered: Math.max(old.agent_delivered, next.agent_delivered),
    agent_read: Math.max(old.agent_read, next.agent_read),
  };
}

function fromServer(state: LiveState, message: ServerMessage, now: number): LiveState {
  switch (message.type) {
    case "snapshot": {
      const at = { ...state.at, [message.topic]: message.at };
      return message.topic === "me" ? { ...state, at, desk: message.state } : { ...state, at, floor: message.state };
    }
    case "changes": {
      const key = message.topic === "me" ? "desk" : "floor";
      const old = state[key];
      if (!old) return state;
      const at = { ...state.at, [message.topic]: message.at };
      return { ...state, at, [key]: mergeChanges(old, message.state) };
    }
    case "message":
      return addMessage(state, message.contact, message.message);
    case "receipt":
      return withThread(state, message.contact, (thread) => ({
        ...thread,
        receipts: newerReceipts(thread.receipts, message.receipts),
      }));
    case "typing":
      return { ...state, typing: { ...state.typing, [message.contact]: now } };
    case "call":
    case "pong":
    case "event":
      return state;
  }
}

function only<T>(part: Record<string, T>, keep: Set<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(part).filter(([id]) => keep.has(id)));
}

function markRead(state: LiveState, contact: string, seq: number): LiveState {
  const row = state.desk?.work[contact];
  if (!state.desk || !row || row.unread === 0 || seq < row.last_seq) return state;
  return { ...state, desk: { ...state.desk, work: { ...state.desk.work, [contact]: { ...row, unread: 0 } } } };
}

export function reduceLive(state: LiveState, action: LiveAction): LiveState {
  switch (action.type) {
    case "server":
      return fromServer(state, action.message, action.now);
    case "link":
      return {
        ...state,
        links: { ...state.links, [action.topic]: { ...state.links[action.topic], ...action.link } },
      };
    case "page": {
      const { items, last_seq, receipts } = action.page;
      const { [action.contact]: first, ...early } = state.early;
      const thread = withMessages(state.threads[action.contact] ?? first ?? EMPTY_THREAD, items, last_seq);
      const known = new Set(items.map((item) => item.id));
      return {
        ...state,
        early,
        threads: {
          ...state.threads,
          [action.contact]: { ...thread, receipts: newerReceipts(thread.receipts, receipts) },
        },
        outgoing: state.outgoing.filter((item) => !known.has(item.id)),
      };
    }
    case "read":
      return markRead(state, action.contact, action.seq);
    case "sending":
      return {
        ...state,
        outgoing: [...state.outgoing.filter((item) => item.id !== action.outgoing.id), action.outgoing],
      };
    case "sent":
      return addMessage(state, action.message.contact, action.message);
    case "unsent":
      return {
        ...state,
        outgoing: state.outgoing.map((item) => (item.id === action.id ? { ...item, error: action.code } : item)),
      };
    case "discard":
      return { ...state, outgoing: state.outgoing.filter((item) => item.id !== action.id) };
    case "forget": {
      const keep = new Set(action.keep);
      const named = [state.threads, state.early, state.typing].flatMap((part) => Object.keys(part));
      const known = [...named, ...state.outgoing.map((item) => item.contact)];
      if (known.every((id) => keep.has(id))) return state;
      return {
        ...state,
        outgoing: state.outgoing.filter((item) => keep.has(item.contact)),
        threads: only(state.threads, keep),
        early: only(state.early, keep),
        typing: only(state.typing, keep),
      };
    }
  }
}
