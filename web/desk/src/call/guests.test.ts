import { expect, test } from "vitest";
import { circleOf, unanswered, type Guest } from "./guests";
import type { LineState } from "./line-state";

const guest = (more: Partial<Guest> = {}): Guest => ({ id: "g", kind: "colleague", tail: "", state: "talking", private: true, ...more });
const standing = (held: boolean, ...guests: Guest[]): LineState["standing"] => ({
  type: "state", held, recording: "on", connected: true, media: "ok", since: 1, line: "talking", guests,
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

test("only who rang and came not is told as not answering", () => {
  const rang = guest({ state: "ringing" });
  expect(unanswered([rang], [])).toEqual([rang]);
  expect(unanswered([rang], [guest()])).toEqual([]);
  expect(unanswered([guest()], [])).toEqual([]);
});
