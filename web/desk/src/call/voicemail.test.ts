import type { WorkItem } from "@kit/live-types";
import { expect, test } from "vitest";
import { callInHand } from "./line-state";
import { isMessage, whyNotCalled } from "./voicemail";

const left = { seconds: 12, left_at: 1, absent: true, attempts_left: 2 };
const row = (state: WorkItem["state"], more: Partial<WorkItem> = {}) =>
  ({ id: "m", channel: "voice", state, number: "+79730000000", voicemail: left, ...more }) as WorkItem;

test("a message has no line until its subscriber is called", () => {
  expect(callInHand({ m: row("offered") })).toBeUndefined();
  expect(callInHand({ m: row("talking") })).toBeUndefined();
  expect(callInHand({ m: row("dialling") })?.id).toBe("m");
  expect(callInHand({ m: row("talking", { voicemail: { ...left, absent: false } }) })?.id).toBe("m");
});

test("the message stands in the centre until it rings, and again when nobody answered", () => {
  expect([row("talking"), row("dialling")].map(isMessage)).toEqual([true, false]);
  expect(isMessage(row("talking", { voicemail: { ...left, absent: false } }))).toBe(false);
  expect(isMessage(row("talking", { voicemail: null }))).toBe(false);
});

test("who withheld the number, or did not answer often enough, is not called", () => {
  expect(whyNotCalled(row("talking"))).toBeNull();
  expect(whyNotCalled(row("talking", { number: null }))).toBe("noNumber");
  expect(whyNotCalled(row("talking", { voicemail: { ...left, attempts_left: 0 } }))).toBe("noMore");
});
