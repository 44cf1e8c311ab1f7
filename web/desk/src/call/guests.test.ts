import { expect, test } from "vitest";
import { circleOf, newlyGone, type Gone, type Guest } from "./guests";
import type { LineState } from "./line-state";

const guest = (more: Partial<Guest> = {}): Guest => ({ id: "g", kind: "colleague", tail: "", state: "talking", private: true, mode: "consult", ...more });
const standing = (held: boolean, ...guests: Guest[]): LineState["standing"] => ({
  type: "state", held, recording: "on", connected: true, media: "ok", since: 1, line: "talking", guests, gone: [],
});

test("who hears whom follows from the hold and from who was brought together", () => {
  expect(circleOf(null)).toBeNull();
  expect(circleOf(standing(false))).toBeNull();
  expect(circleOf(standing(false, guest({ kind: "supervisor", private: false })))).toBeNull();
  expect(circleOf(standing(true, guest({ state: "ringing" })))).toBe("ringing");
  expect(circleOf(standing(true, guest()))).toBe("alone");
  expect(circleOf(standing(false, guest()))).toBe("subscriber");
  expect(circleOf(standing(false, guest({ private: false })))).toBe("together");
  expect(circleOf(standing(true, guest({ private: false })))).toBe("without");
});

test("each guest who is gone is told of once, a supervisor's leaving is not", () => {
  const gone = (n: number, more: Partial<Gone> = {}): Gone => ({ n, id: "g", kind: "colleague", tail: "", why: "declined", ...more });
  expect(newlyGone([gone(1), gone(2)], 1)).toEqual([gone(2)]);
  expect(newlyGone([gone(1)], 1)).toEqual([]);
  expect(newlyGone([gone(3, { kind: "supervisor", why: "left" })], 0)).toEqual([]);
});
