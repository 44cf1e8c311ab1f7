import type { Message, ThreadState } from "../src/types";

export function message(seq: number, patch: Partial<Message> = {}): Message {
  return {
    id: `00000000-0000-7000-8000-${String(seq).padStart(12, "0")}`,
    seq,
    contact: "c1",
    at: 1_795_080_000 + seq,
    author: "subscriber",
    agent: null,
    kind: "text",
    text: `message ${seq}`,
    file: null,
    ...patch,
  };
}

export function state(patch: Partial<ThreadState>): ThreadState {
  return {
    thread: "t1",
    contact: "c1",
    state: "waiting",
    position: 1,
    ahead: 0,
    estimate: null,
    estimated_at: 0,
    opens_at: null,
    agent: null,
    last_seq: 0,
    receipts: { subscriber_delivered: 0, subscriber_read: 0, agent_delivered: 0, agent_read: 0 },
    can_grade: false,
    grade: null,
    server_time: 0,
    ...patch,
  };
}
