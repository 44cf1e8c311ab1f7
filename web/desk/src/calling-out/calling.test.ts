import type { WorkItem } from "@kit/live-types";
import { expect, test } from "vitest";
import { follow, emptyDeskUi } from "../work/desk-ui";
import { telephoneNumber, unansweredCalls } from "./calling";

const row = (id: string, state: WorkItem["state"], outgoing = true) => ({ id, state, outgoing, waiting_since: 0 }) as WorkItem;
const work = (...rows: WorkItem[]) => Object.fromEntries(rows.map((item) => [item.id, item]));

test("a call out that is gone without a talk was not answered", () => {
  expect(unansweredCalls(work(row("a", "dialling")), {})).toEqual(["a"]);
  expect(unansweredCalls(work(row("a", "dialling")), work(row("a", "talking")))).toEqual([]);
  expect(unansweredCalls(work(row("a", "talking")), {})).toEqual([]);
  expect(unansweredCalls(work(row("a", "dialling", false)), {})).toEqual([]);
});

test("one's own call comes to the centre at once, whatever is open", () => {
  const before = work(row("chat", "talking", false));
  const after = { ...before, ...work(row("o", "dialling")) };
  expect(follow({ ...emptyDeskUi, selected: "chat", order: ["chat"] }, before, after, { now: 1, occupied: true }).selected).toBe("o");
});

test("what looks like a telephone number is offered to be called", () => {
  expect(telephoneNumber(" 8 (974) 800-77-01 ")).toBe("8 (974) 800-77-01");
  expect(telephoneNumber("+79748007701")).toBe("+79748007701");
  expect(telephoneNumber("10482")).toBeNull();
  expect(telephoneNumber("call 89748007701")).toBeNull();
});
