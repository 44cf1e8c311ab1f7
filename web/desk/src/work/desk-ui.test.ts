import type { WorkItem } from "@kit/live-types";
import { expect, test } from "vitest";
import { emptyDeskUi, follow, goneOffers, settle, type DeskUi } from "./desk-ui";

const row = (id: string, state: WorkItem["state"], waiting_since = 0) => ({ id, state, waiting_since }) as WorkItem;
const work = (...rows: WorkItem[]) => Object.fromEntries(rows.map((item) => [item.id, item]));
const free = { now: 1000, occupied: false };
const typing = { now: 1000, occupied: true };
const step = (ui: Partial<DeskUi>, before: ReturnType<typeof work>, after: ReturnType<typeof work>, moment = free) =>
  follow({ ...emptyDeskUi, ...ui }, before, after, moment);

test("an accepted contact comes to the centre", () => {
  const ui = step({ selected: "a", order: ["a", "b"] }, work(row("a", "talking"), row("b", "offered")), {
    ...work(row("a", "talking"), row("b", "talking")),
  });
  expect(ui.selected).toBe("b");
});

test("an offer that comes while the agent types is docked and stays docked", () => {
  const offered = work(row("o", "offered"));
  const docked = step({}, {}, offered, typing);
  expect(docked.docked).toEqual(["o"]);
  expect(follow(docked, offered, offered, free).docked).toEqual(["o"]);
});

test("an offer opens when nothing is being typed; a second one is docked", () => {
  const first = step({}, {}, work(row("o", "offered")));
  expect(first.docked).toEqual([]);
  const second = follow(first, {}, work(row("o", "offered"), row("p", "offered")), free);
  expect(second.docked).toEqual(["p"]);
});

test("the list keeps its order whatever changes", () => {
  const ui = step({ order: ["b", "a"] }, {}, work(row("a", "wrap_up", 1), row("b", "talking", 2), row("c", "talking", 3)));
  expect(ui.order).toEqual(["b", "a", "c"]);
});

test("a wrap-up whose time ended keeps its form until it is saved", () => {
  const late = step({ selected: "a", order: ["a"] }, work(row("a", "wrap_up")), {});
  expect(late.late).toHaveProperty("a");
  expect(late.selected).toBe("a");
  expect(follow(settle(late, "a"), {}, {}, free)).toMatchObject({ late: {}, selected: null });
});

test("a saved wrap-up leaves", () => {
  const ui = settle({ ...emptyDeskUi, selected: "a", order: ["a"] }, "a");
  expect(follow(ui, work(row("a", "wrap_up")), {}, free)).toMatchObject({ late: {}, order: [], selected: null });
});

test("when the chosen contact leaves, the first open one is shown", () => {
  const ui = step({ selected: "x", order: ["x", "a"] }, work(row("x", "talking"), row("a", "talking")), work(row("a", "talking")));
  expect(ui.selected).toBe("a");
});

test("an offer that leaves is gone, but not the accepted one, nor the one whose time was over", () => {
  const offers = ["left", "taken", "late", "endless"].map((id) => ({ ...row(id, "offered"), deadline: id === "late" ? 5 : id === "endless" ? null : 20 }));
  expect(goneOffers(offers, work(row("taken", "talking")), 10).map(({ id }) => id)).toEqual(["left", "endless"]);
});
