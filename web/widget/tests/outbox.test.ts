// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../src/api";
import { openOutbox, refuse, type Outgoing, type Unsent } from "../src/outbox";
import { openStorage } from "../src/storage";

/** A server whose answers are written beforehand; after them it takes everything. */
function outboxWith(answers: (ApiError | "ok")[], gone = false) {
  const arrived: string[] = [];
  let shown: Outgoing[] = [];
  let pause = 0;
  const outbox = openOutbox(openStorage("test"), {
    deliver: (item: Unsent) => {
      const answer = answers.shift() ?? "ok";
      if (answer !== "ok") return Promise.reject(answer);
      arrived.push(item.text);
      return Promise.resolve();
    },
    changed: (items, left) => {
      shown = items;
      pause = left;
    },
    gone: () => gone,
  });
  return { outbox, arrived, shown: () => shown, pause: () => pause };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => vi.useRealTimers());

describe("the outbox", () => {
  it("sends in the order of writing and forgets what has arrived", async () => {
    const { outbox, arrived, shown } = outboxWith([]);
    const texts = ["a", "b", "c", "d", "e", "f", "g", "h"];
    for (const text of texts) outbox.add(text, null);
    await settle();
    expect(arrived).toEqual(texts);
    expect(shown()).toEqual([]);
    expect(localStorage.length).toBe(0);
  });

  it("keeps the order through a lost network, with the same ids", async () => {
    const { outbox, arrived, shown } = outboxWith([new ApiError(0), new ApiError(503)]);
    outbox.add("a", null);
    await vi.advanceTimersByTimeAsync(1);
    outbox.add("b", null);
    const ids = shown().map((item) => item.id);
    expect(shown().map((item) => item.sending)).toEqual(["waiting", "waiting"]);
    await vi.advanceTimersByTimeAsync(500);
    expect(shown().map((item) => item.id)).toEqual(ids);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(arrived).toEqual(["a", "b"]);
  });

  it("survives the page: another page sends what is left", async () => {
    const first = outboxWith([new ApiError(0)]);
    first.outbox.add("from before", null);
    await settle();
    const second = outboxWith([]);
    second.outbox.flush();
    await settle();
    expect(second.arrived).toEqual(["from before"]);
  });

  it("waits as long as the server asks", async () => {
    const { outbox, arrived, pause } = outboxWith([new ApiError(429, "chat.too_many", 7)]);
    outbox.add("a", null);
    await settle();
    expect(pause()).toBe(7);
    outbox.flush();
    await vi.advanceTimersByTimeAsync(6_000);
    expect(pause()).toBe(1);
    expect(arrived).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(arrived).toEqual(["a"]);
  });

  it("lets the subscriber decide about a refused message and sends the next", async () => {
    const { outbox, arrived, shown } = outboxWith([new ApiError(422, "message.invalid")]);
    outbox.add("bad", null);
    outbox.add("good", null);
    await settle();
    expect(arrived).toEqual(["good"]);
    const bad = shown()[0];
    expect(bad).toMatchObject({ text: "bad", sending: "failed", code: "message.invalid" });
    outbox.again(bad?.id ?? "");
    await settle();
    expect(arrived).toEqual(["good", "bad"]);
  });

  it("stops at a thread that is over, and keeps the message", async () => {
    const { outbox, arrived, shown } = outboxWith([new ApiError(409, "chat.thread_expired")]);
    outbox.add("late", null);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(arrived).toEqual([]);
    expect(shown().map((item) => item.text)).toEqual(["late"]);
  });

  it("does not send twice when flushed twice at once", async () => {
    const { outbox, arrived } = outboxWith([]);
    outbox.add("once", null);
    outbox.flush();
    outbox.flush();
    await settle();
    expect(arrived).toEqual(["once"]);
  });
});

describe("files", () => {
  const file = (size: number, type: string) => ({ size, type }) as File;

  it("over 10 MB are refused before the upload", () => {
    expect(refuse(file(10 * 1024 * 1024, "image/png"))).toBeNull();
    expect(refuse(file(10 * 1024 * 1024 + 1, "image/png"))).toBe("file.too_large");
  });

  it("of other types are refused before the upload", () => {
    expect(refuse(file(10, "application/zip"))).toBe("file.type");
    expect(refuse(file(0, "image/png"))).toBe("file.type");
  });
});

describe("storage", () => {
  it("works in memory where the browser forbids it", () => {
    vi.stubGlobal("localStorage", undefined);
    const storage = openStorage("site");
    storage.set("draft", "text");
    storage.set("out:2", "b");
    storage.set("out:1", "a");
    expect(storage.get("draft")).toBe("text");
    expect(storage.keys("out:")).toEqual(["out:1", "out:2"]);
    storage.set("draft", null);
    expect(storage.get("draft")).toBeNull();
    vi.unstubAllGlobals();
  });

  it("keeps entry points apart", () => {
    openStorage("site").set("token", "a");
    expect(openStorage("shop").get("token")).toBeNull();
  });
});
