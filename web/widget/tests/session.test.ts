// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, type Api, type Opening } from "../src/api";
import { openSession } from "../src/session";
import { openStorage } from "../src/storage";
import { openStore } from "../src/store";
import type { Message, ThreadState } from "../src/types";
import { message, state } from "./samples";

/** The server in memory: one thread, its messages by id, and faults that the test asks for. */
class Server {
  thread: ThreadState | null = null;
  messages: Message[] = [];
  openings: Opening[] = [];
  fault: ((what: string) => void) | null = null;

  store(id: string, text: string): Message {
    const known = this.messages.find((m) => m.id === id);
    if (known !== undefined) return known;
    const stored = message(this.messages.length + 1, { id, text });
    this.messages.push(stored);
    return stored;
  }

  get state(): ThreadState {
    if (this.thread === null) throw new ApiError(401, "chat.token");
    return { ...this.thread, last_seq: this.messages.length };
  }

  get api(): Api {
    const does = <T>(what: string, work: () => T): Promise<T> =>
      Promise.resolve().then(() => {
        const result = work();
        this.fault?.(what); // the answer is lost after the work is done
        return result;
      });
    const api: Partial<Api> = {
      liveUrl: "ws://test/live",
      start: (opening) =>
        does("start", () => {
          this.openings.push(opening);
          if (this.thread === null && opening.message) this.store(opening.message.id, opening.message.text);
          this.thread ??= state({});
          return this.state;
        }),
      thread: (after) => does("thread", () => ({ ...this.state, messages: this.messages.filter((m) => m.seq > after) })),
      send: (id, text) =>
        does("send", () => {
          if (this.state.state === "ended") throw new ApiError(409, "chat.thread_expired");
          return this.store(id, text);
        }),
      read: () => does("read", () => null),
    };
    return api as Api;
  }
}

class DeafSocket {
  static last: DeafSocket;
  onopen = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor() {
    DeafSocket.last = this;
  }
  send(): void {
    return;
  }
  close(): void {
    return;
  }
  says(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

function widget(server: Server) {
  const store = openStore("ru");
  const storage = openStorage("site");
  const session = openSession("site", server.api, storage, store, () => undefined);
  return { store, storage, session, shown: () => store.state.thread.messages.map((m) => m.text) };
}

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", DeafSocket);
  localStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a chat", () => {
  it("begins with the first message, and goes on with the same thread", async () => {
    const server = new Server();
    const { session, shown, store } = widget(server);
    session.outbox.add("first", "money");
    session.outbox.add("second", null);
    await settle();
    expect(server.openings).toHaveLength(1);
    expect(server.openings[0]).toMatchObject({ entry: "site", reason: "money", language: "ru", message: { text: "first" } });
    expect(shown()).toEqual(["first", "second"]);
    expect(store.state.outbox).toEqual([]);
  });

  it("says only what the subscriber wanted to say about themselves", async () => {
    const server = new Server();
    const { session } = widget(server);
    session.about.name = "Оксана";
    await session.begin({ reason: "money" });
    expect(server.openings[0]).toMatchObject({ name: "Оксана" });
    expect(server.openings[0]).not.toHaveProperty("number");
  });

  it("has the first message once when the answer to the beginning is lost", async () => {
    const server = new Server();
    const { session, shown } = widget(server);
    server.fault = (what) => {
      if (what !== "start") return;
      server.fault = null;
      throw new ApiError(0);
    };
    session.outbox.add("once", null);
    await settle(5_000);
    expect(server.messages.map((m) => m.text)).toEqual(["once"]);
    expect(shown()).toEqual(["once"]);
  });

  it("has a message once when its answer is lost", async () => {
    const server = new Server();
    const { session, shown } = widget(server);
    await session.begin({ reason: null });
    server.fault = (what) => {
      if (what !== "send") return;
      server.fault = null;
      throw new ApiError(0);
    };
    session.outbox.add("once", null);
    await settle(5_000);
    expect(shown()).toEqual(["once"]);
  });

  it("fetches what a gap in the numbers shows to be lost", async () => {
    const server = new Server();
    const { session, shown } = widget(server);
    await session.begin({ reason: null });
    DeafSocket.last.says({ type: "state", ...server.state });
    server.store("m1", "lost on the way");
    DeafSocket.last.says({ type: "message", message: server.store("m2", "arrived") });
    expect(shown()).toEqual(["arrived"]);
    await settle(1_000);
    expect(shown()).toEqual(["lost on the way", "arrived"]);
  });

  it("that has expired is kept on the screen, and its last message goes to a new one", async () => {
    const server = new Server();
    const { session, shown, store, storage } = widget(server);
    session.outbox.add("old", null);
    await settle();
    const old = storage.get("token");
    server.thread = state({ state: "ended", server_time: 9 });
    session.outbox.add("late", null);
    await settle();
    expect(store.state.expired).toBe(true);
    expect(shown()).toEqual(["old"]);
    server.thread = null;
    server.messages = [];
    session.anew();
    await settle();
    expect(storage.get("token")).not.toBe(old);
    expect(shown()).toEqual(["late"]);
    expect(store.state.expired).toBe(false);
  });

  it("is taken up by another page of the same browser", async () => {
    const server = new Server();
    const first = widget(server);
    first.session.outbox.add("hello", null);
    await settle();
    const second = widget(server);
    second.session.resume();
    DeafSocket.last.onclose?.({ code: 1006 });
    await settle(1_000);
    DeafSocket.last.onclose?.({ code: 1006 });
    await settle(10);
    expect(second.shown()).toEqual(["hello"]);
    expect(second.store.state.ready).toBe(true);
  });

  it("leaves no trace in the browser before it begins", () => {
    widget(new Server()).session.resume();
    expect(localStorage.length).toBe(0);
  });
});
