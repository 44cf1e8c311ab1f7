/** The shapes of the widget API, as the server sends them. Times are POSIX seconds. */

export type Language = "ru" | "en";
export type Range = [low: number, high: number];

export interface Attachment {
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
  file: Attachment | null;
}

export interface Receipts {
  subscriber_delivered: number;
  subscriber_read: number;
  agent_delivered: number;
  agent_read: number;
}

export type ContactState = "none" | "deferred" | "waiting" | "offered" | "talking" | "ended";

export interface ThreadState {
  thread: string | null;
  contact: string | null;
  state: ContactState;
  position: number | null;
  ahead: number | null;
  estimate: Range | null;
  estimated_at: number;
  opens_at: number | null;
  agent: { name: string | null } | null;
  last_seq: number;
  receipts: Receipts;
  can_grade: boolean;
  grade: number | null;
  server_time: number;
}

export type ThreadPage = ThreadState & { messages: Message[] };

export interface Option {
  reason: string;
  name: string;
  icon: string;
}

export interface Entry {
  greeting: string;
  options: Option[];
  open: boolean;
  opens_at: number | null;
  estimate: Range | null;
  closed_message: string | null;
  /** One may call from the browser. */
  calls: boolean;
}

/** What the live socket says. Unknown types are ignored, so the server may say more. */
export type Frame =
  | ({ type: "state" } & ThreadState)
  | { type: "message"; message: Message }
  | { type: "receipt"; receipts: Receipts }
  | { type: "typing"; who: string; name?: string | null }
  | { type: "pong" };
