import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { backoff, LiveClient } from "./live";
import type { LiveAction } from "./live-state";

class Socket {
  static all: Socket[] = [];
  static readonly OPEN = 1;
  readyState = 0;
  sent: { type: string }[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number }) => void;

  constructor(readonly url: string) {
    Socket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text) as { type: string });
  }
  close(): void {
    this.readyState = 3;
  }
  open(): void {
    this.readyState = Socket.OPEN;
    this.onopen?.();
  }
  says(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const snapshot = (at: number) => ({ type: "snapshot", topic: "me", seq: at, at, state: { me: {}, work: {} } });
const last = (): Socket => {
  const socket = Socket.all.at(-1);
  if (!socket) throw new Error("no connection was made");
  return socket;
};

let actions: LiveAction[];
let client: LiveClient | undefined;
let page: EventTarget;
const ended = vi.fn();
const opened = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  Socket.all = [];
  actions = [];
  page = new EventTarget();
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("location", { protocol: "https:", host: "desk.example" });
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
  client = new LiveClient({
    topic: "me",
    dispatch: (action) => actions.push(action),
    onOpen: opened,
    onSessionEnded: ended,
  });
});

afterEach(() => {
  client?.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

const heard = () => actions.filter((action) => action.type === "server").length;

test("the wait doubles up to a limit and differs between desks", () => {
  expect([1, 2, 3, 10].map((attempt) => backoff(attempt, 1))).toEqual([0.5, 1, 2, 15]);
  expect(backoff(3, 0)).toBe(1);
});

test("it says hello, and tells of each return", () => {
  last().open();
  expect(last().url).toBe("wss://desk.example/api/v1/live");
  expect(last().sent.map((frame) => frame.type)).toEqual(["hello", "ping"]);
  last().says(snapshot(1));
  expect(opened).toHaveBeenLastCalledWith(false);
  last().onclose?.({ code: 1006 });
  vi.advanceTimersByTime(1000);
  last().open();
  last().says(snapshot(2));
  expect(opened).toHaveBeenLastCalledWith(true);
});

test("a connection that never opens, or falls silent, is given up for a new one", () => {
  vi.advanceTimersByTime(11_000);
  expect(Socket.all).toHaveLength(2);
  last().open();
  last().says(snapshot(1));
  vi.advanceTimersByTime(31_000);
  expect(Socket.all.length).toBeGreaterThan(2);
});

test("an abandoned connection is not heard any more", () => {
  const old = last();
  old.open();
  old.says(snapshot(5));
  page.dispatchEvent(new Event("offline"));
  vi.advanceTimersByTime(1000);
  const before = heard();
  old.says(snapshot(4));
  old.onclose?.({ code: 1006 });
  expect(heard()).toBe(before);
  expect(Socket.all).toHaveLength(2);
});

test("the network's return is not waited out", () => {
  for (let i = 0; i < 6; i++) {
    last().onclose?.({ code: 1006 });
    if (i < 5) vi.advanceTimersByTime(16_000);
  }
  const tried = Socket.all.length;
  page.dispatchEvent(new Event("online"));
  expect(Socket.all).toHaveLength(tried + 1);
});

test("the session's end is final", () => {
  last().open();
  last().onclose?.({ code: 4401 });
  vi.advanceTimersByTime(60_000);
  expect(ended).toHaveBeenCalledOnce();
  expect(Socket.all).toHaveLength(1);
});
