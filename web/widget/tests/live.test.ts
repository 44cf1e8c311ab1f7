// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../src/api";
import { openLive, type Line, type Live } from "../src/live";
import type { Frame } from "../src/types";
import { state } from "./samples";

/** A socket in memory: the test is the server. */
class Wire {
  static all: Wire[] = [];
  static get last(): Wire {
    const wire = Wire.all.at(-1);
    if (wire === undefined) throw new Error("nobody has connected");
    return wire;
  }
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: { type: string; after?: number }[] = [];
  closed = false;
  constructor(readonly url: string) {
    Wire.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text) as { type: string });
  }
  close(): void {
    this.closed = true;
  }
  says(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  greet(): void {
    this.onopen?.();
    this.says({ type: "state", ...state({}) });
  }
  drop(code = 1006): void {
    this.onclose?.({ code });
  }
}

function liveWith(poll: () => Promise<unknown> = () => Promise.reject(new ApiError(0))) {
  const lines: Line[] = [];
  const frames: Frame[] = [];
  let after = 0;
  let gone = 0;
  const polls = vi.fn(poll);
  const live = openLive(
    {
      url: "ws://test/live",
      token: () => "token",
      after: () => after,
      poll: polls,
      frame: (frame) => frames.push(frame),
      line: (line) => lines.push(line),
      gone: () => (gone += 1),
    },
    () => 1,
  );
  open.push(live);
  return { live, lines, frames, polls, gone: () => gone, has: (seq: number) => (after = seq) };
}

let online = true;
const open: Live[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  Wire.all = [];
  online = true;
  vi.stubGlobal("WebSocket", Wire);
  Object.defineProperty(navigator, "onLine", { configurable: true, get: () => online });
});
afterEach(() => {
  for (const live of open.splice(0)) live.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the live line", () => {
  it("greets with what this browser has, and is live when the state comes", () => {
    const { live, lines, has } = liveWith();
    has(7);
    live.start();
    Wire.last.greet();
    expect(Wire.last.sent[0]).toEqual({ type: "hello", token: "token", after: 7 });
    expect(lines).toEqual(["connecting", "live"]);
  });

  it("comes back by itself with longer and longer pauses", () => {
    const { live, lines } = liveWith();
    live.start();
    Wire.last.greet();
    Wire.last.drop();
    expect(lines.at(-1)).toBe("connecting");
    vi.advanceTimersByTime(999);
    expect(Wire.all).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(Wire.all).toHaveLength(2);
    Wire.last.drop();
    vi.advanceTimersByTime(1_999);
    expect(Wire.all).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(Wire.all).toHaveLength(3);
  });

  it("asks again from the last message it has", () => {
    const { live, has } = liveWith();
    live.start();
    Wire.last.greet();
    has(12);
    Wire.last.drop();
    vi.advanceTimersByTime(1_000);
    Wire.last.greet();
    expect(Wire.last.sent[0]).toMatchObject({ type: "hello", after: 12 });
  });

  it("tries at once when the network is back", () => {
    const { live } = liveWith();
    live.start();
    for (let i = 0; i < 5; i += 1) {
      Wire.last.drop();
      vi.advanceTimersByTime(30_000);
    }
    Wire.last.drop();
    const before = Wire.all.length;
    dispatchEvent(new Event("online"));
    expect(Wire.all).toHaveLength(before + 1);
  });

  it("does not wait for a dead socket when the browser says that the network is gone", () => {
    const { live, lines } = liveWith();
    live.start();
    Wire.last.greet();
    online = false;
    dispatchEvent(new Event("offline"));
    expect(lines.at(-1)).toBe("connecting");
  });

  it("gives up a socket that does not answer a ping", () => {
    const { live, lines } = liveWith();
    live.start();
    Wire.last.greet();
    vi.advanceTimersByTime(25_000);
    expect(Wire.last.sent.at(-1)).toEqual({ type: "ping" });
    Wire.last.says({ type: "pong" });
    vi.advanceTimersByTime(25_000);
    expect(lines.at(-1)).toBe("live");
    vi.advanceTimersByTime(8_000);
    expect(lines.at(-1)).toBe("connecting");
    expect(Wire.all[0]?.closed).toBe(true);
  });

  it("polls every five seconds while the socket cannot be had, and stops when it can", async () => {
    const { live, lines, polls } = liveWith(() => Promise.resolve());
    live.start();
    Wire.last.drop();
    await vi.advanceTimersByTimeAsync(1_000);
    Wire.last.drop();
    await vi.advanceTimersByTimeAsync(0);
    expect(lines.at(-1)).toBe("polling");
    const before = polls.mock.calls.length;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(polls.mock.calls.length).toBe(before + 1);
    Wire.last.greet();
    expect(lines.at(-1)).toBe("live");
    const after = polls.mock.calls.length;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(polls.mock.calls.length).toBe(after);
  });

  it("is down when neither answers", async () => {
    const { live, lines } = liveWith();
    live.start();
    Wire.last.drop();
    await vi.advanceTimersByTimeAsync(1_000);
    Wire.last.drop();
    await vi.advanceTimersByTimeAsync(0);
    expect(lines.at(-1)).toBe("down");
  });

  it("stops for good at an unknown token", async () => {
    const { live, lines, gone } = liveWith();
    live.start();
    Wire.last.drop(4401);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(lines.at(-1)).toBe("off");
    expect(gone()).toBe(1);
    expect(Wire.all).toHaveLength(1);
  });

  it("keeps away for half a minute or more after a flood", () => {
    const { live } = liveWith();
    live.start();
    Wire.last.drop(4429);
    vi.advanceTimersByTime(30_000);
    expect(Wire.all).toHaveLength(1);
  });

  it("does not stumble over what it does not understand", () => {
    const { live, lines } = liveWith();
    live.start();
    Wire.last.greet();
    Wire.last.onmessage?.({ data: "<html>" });
    Wire.last.says({ type: "something.new" });
    expect(lines.at(-1)).toBe("live");
  });
});
