/** Types of the HTTP API. Times are POSIX seconds (UTC), durations are seconds. */

export type Language = "ru" | "en";
export type Named = Record<Language, string>;
export type Role = "agent" | "senior" | "supervisor" | "quality" | "planner" | "administrator";
export type Presence = "available" | "break" | "training" | "busy" | "offline";
export type Activity = "idle" | "offered" | "talking" | "wrap_up";
export type ContactState = "deferred" | "waiting" | "offered" | "talking" | "wrap_up" | "ended";
export type Outcome = "resolved" | "promise" | "passed" | "unresolved";

export interface Person {
  id: string;
  name: string;
  display_name: string;
  role: Role;
  team: string | null;
  language: Language;
}

export interface Session {
  person: Person;
  permissions: string[];
  csrf: string;
  server_time: number;
}

export interface Figures {
  handled: number;
  fives: number;
  grades: number;
  csat5: number | null;
  interval: [number, number] | null;
  aht: number | null;
  occupancy: number | null;
  missed: number;
}

export interface FileInfo {
  id: string;
  name: string;
  media_type: string;
  size: number;
  width: number | null;
  height: number | null;
}

export interface Message {
  id: string;
  seq: number;
  contact: string;
  at: number;
  author: "subscriber" | "agent" | "system";
  agent: string | null;
  kind: "text" | "file" | "notice";
  text: string | null;
  file: FileInfo | null;
}

export interface Receipts {
  subscriber_delivered: number;
  subscriber_read: number;
  agent_delivered: number;
  agent_read: number;
}

export interface MessagePage {
  items: Message[];
  last_seq: number;
  receipts: Receipts;
}

export interface Note {
  id: string;
  at: number;
  agent: string;
  text: string;
}

export interface ContactRow {
  id: string;
  /** What people say: C-10482; null in the first moment of a contact. */
  number: number | null;
  channel: string;
  queue: string;
  reason: string | null;
  state: ContactState;
  agent: string | null;
  arrived_at: number;
  answered_at: number | null;
  ended_at: number | null;
  ended_by: string | null;
  wait: number;
  talk: number;
  wrap_up: number;
  transfers: number;
  outcome: string | null;
  reasons: string[];
  grade: number | null;
}

export interface Subscriber {
  id: string | null;
  name: string | null;
  number_masked: string | null;
  region: string | null;
  language: Language;
  zone: string | null;
}

export interface ContactEvent {
  seq: number;
  at: number;
  kind: string;
  agent: string | null;
  body: Record<string, unknown>;
}

export interface ContactRecord extends ContactRow {
  events: ContactEvent[];
  messages: Message[];
  notes: Note[];
  subscriber: Subscriber;
  thread: string | null;
  words: string | null;
}

export interface Card {
  contact: string;
  number: number | null;
  channel: string;
  queue: string;
  reason: string | null;
  subscriber: Subscriber;
  earlier: ContactRow[];
  thread: string | null;
  notes: Note[];
}

export interface ContactPageResult {
  items: ContactRow[];
  next: number | null;
}

export interface WhyFact {
  code: string;
  [param: string]: unknown;
}

export interface Candidate {
  agent: string;
  score: number;
  parts: Record<string, number>;
  chosen: boolean;
}

export interface Why {
  mode: "contact_found_agent" | "agent_found_contact";
  step: number;
  able: number;
  free: number;
  facts: WhyFact[];
  candidates: Candidate[];
  rank: number;
  waiting: number;
  next: string | null;
}

export interface ConfigItem<Body> {
  id: string;
  version: number;
  active: boolean;
  body: Body;
  changed_at: number;
  changed_by: string | null;
}

export interface ReasonBody {
  name: Named;
  parent: string | null;
  /** A group gathers reasons and is not chosen itself. */
  group: boolean;
  order: number;
  valid_from: string | null;
  valid_to: string | null;
}

/** A ready reply; the shortcut begins with a slash, no queues means usable in all. */
export interface CannedBody {
  name: Named;
  shortcut: string;
  text: Partial<Named>;
  queues: string[];
}

export interface BreakReasonBody {
  name: Named;
  minutes: number | null;
}

export interface QueueBody {
  name: Named;
  channels: string[];
  target: { seconds: number; share: number };
  offer_seconds: number;
  wrap_up_seconds: number;
  wrap_up_extension_seconds: number;
}

export interface NamedBody {
  name: Named;
}

/** How a colleague is called; those who left are inactive and keep their names in old records. */
export interface Colleague {
  id: string;
  name: string;
  display_name: string;
  team: string | null;
  role: Role;
  active: boolean;
}

export interface EntryBody {
  options: { reason: string; name: Named; icon: string; queue: string }[];
}

/** Bodies of the configuration by kind. */
export interface ConfigBodies {
  team: NamedBody;
  skill: NamedBody;
  region: NamedBody;
  queue: QueueBody;
  reason: ReasonBody;
  canned: CannedBody;
  break_reason: BreakReasonBody;
  entry: EntryBody;
}

export type TransferTarget = { agent: string } | { queue: string } | { skill: string; min: number };
