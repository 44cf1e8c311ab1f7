import { expect, test } from "vitest";
import { ACTIONS, DEFAULT_KEYS, readKeys, refusal, writeKeys } from "./keys";

test("the book's own keys can all be had and none means two things", () => {
  expect(ACTIONS.map((action) => refusal(DEFAULT_KEYS, action, DEFAULT_KEYS[action]))).toEqual(ACTIONS.map(() => null));
});

test("a key that another action has is refused, and says whose it is", () => {
  expect(refusal(DEFAULT_KEYS, "transfer", "F8")).toEqual({ why: "taken", by: "hand" });
  expect(refusal(DEFAULT_KEYS, "hand", "F8")).toBeNull();
});

test("letters alone are refused: they are for typing", () => {
  for (const chord of ["KeyT", "Shift+KeyT", "Digit1", "Enter", "Escape", "Shift+Enter", "Space"]) {
    expect(refusal(DEFAULT_KEYS, "transfer", chord)).toEqual({ why: "plain" });
  }
});

test("what the browser means by a key stays the browser's", () => {
  for (const chord of ["Ctrl+KeyC", "Ctrl+KeyT", "F5", "Alt+ArrowLeft", "Alt+F4", "Ctrl+Tab"]) {
    expect(refusal(DEFAULT_KEYS, "transfer", chord)).toEqual({ why: "browser" });
  }
});

test("only what differs is kept, and reads as it was written", () => {
  expect(writeKeys(DEFAULT_KEYS)).toBeNull();
  const own = { ...DEFAULT_KEYS, transfer: "F8", hand: "Alt+KeyT" };
  expect(JSON.parse(writeKeys(own) ?? "")).toEqual({ transfer: "F8", hand: "Alt+KeyT" });
  expect(readKeys(writeKeys(own))).toEqual(own);
});

test.each([null, "", "no json", "[]", "7", '{"fly":"F9"}', '{"hand":7}', '{"hand":"KeyA"}', '{"hand":"F5"}', '{"hand":"F2"}'])(
  "what was spoilt in the storage is as in the book: %s",
  (stored) => {
    expect(readKeys(stored)).toEqual(DEFAULT_KEYS);
  },
);
