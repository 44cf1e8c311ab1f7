/** Messages of the desk's WebSocket and the states that it keeps up to date. */

import type { Activity, Message, Presence, Receipts, Why } from "./api";

export interface Slots {
  used: number;
  max: number;
}

export interface MeState {
  id: string;
  presence: Presence;
  /** Counts of the own day: when they change, the figures are read again. */
  today?: { handled: number; fives: number; grades: number };
  reason: string | null;
  since: number;
  pending: boolean;
  activity: Activity;
  hand: number | null;
  connected: boolean;
  slots: Record<string, Slots>;
}

export interface LastMessage {
  author: Message["author"];
  text: string | null;
  at: number;
  kind: Message["kind"];
}

export interface WorkItem {
  id: string;
  state: "offered" | "talking" | "wrap_up";
  channel: string;
  queue: string;
  reason: string | null;
  language: string;
  region: string | null;
  since: number;
  waiting_since: number;
  wait: number;
  offer: string | null;
  deadline: number | null;
  why: Why | null;
  extensions_left: number;
  subscriber: string | null;
  thread: string | null;
  last_seq: number;
  unread: number;
  last_message: LastMessage | null;
  name: string | null;
  awaiting_reply_since: number | null;
}

export interface DeskState {
  me: MeState;
  work: Record<string, WorkItem>;
}

export interface FloorAgentContact {
  id: string;
  state: string;
  queue: string;
  reason: string | null;
  since: number;
}

export interface FloorAgent {
  id: string;
  presence: Presence;
  reason: string | null;
  activity: Activity;
  since: number;
  connected: boolean;
  hand: number | null;
  hand_contact: string | null;
  contacts: FloorAgentContact[];
  pending: boolean;
  /** Today's figures come with the projection and may be absent for a moment. */
  handled?: number;
  fives?: number;
  grades?: number;
  team: string | null;
}

export interface FloorQueue {
  id: string;
  waiting: number;
  longest_since: number | null;
  deferred: number;
  estimate: [number, number] | null;
  service_level?: number | null;
  offered?: number;
  answered?: number;
  abandoned?: number;
  open: boolean;
  opens_at: number | null;
  target: { seconds: number; share: number };
  agents_ready: number;
  agents_able: number;
}

export interface FloorWaiting {
  id: string;
  queue: string;
  since: number;
  priority: number;
  rank: number;
  position: number;
  state: string;
  step: number;
  channel: string;
  reason: string | null;
  region: string | null;
  /** The agent it is offered to, or the preferred one. */
  agent: string | null;
  reserved_until: number | null;
}

export interface FloorState {
  agents: Record<string, FloorAgent>;
  queues: Record<string, FloorQueue>;
  waiting: Record<string, FloorWaiting>;
  totals: Record<string, unknown>;
}

export type Topic = "me" | "floor";

export type ServerMessage =
  | { type: "snapshot"; topic: Topic; seq: number; at: number; state: Record<string, unknown> }
  | { type: "changes"; topic: Topic; seq: number; at: number; state: Record<string, unknown> }
  | { type: "message"; contact: string; message: Message }
  | { type: "receipt"; contact: string; receipts: Receipts }
  | { type: "typing"; contact: string }
  | { type: "pong"; t: unknown }
  | { type: "bye"; reason: string };

export type ClientMessage =
  | { type: "hello"; topics: Topic[]; after?: number }
  | { type: "typing"; contact: string }
  | { type: "ping"; t: number };
