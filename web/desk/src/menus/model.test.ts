import { expect, test } from "vitest";
import { changesBetween } from "./changes";
import { FIELDS_OF, freeId, insertAfter, KINDS, makeNode, outlineOf, removeNode, renameNode, type Menu } from "./model";

const MENU: Menu = {
  start: "hello",
  give_up: "person",
  keys: { "9": "urgent" },
  nodes: {
    hello: { kind: "say", prompts: ["greeting"], interruptible: true, next: "ask" },
    ask: { ...makeNode("digits", "person"), options: { "0": "person", "1": "money", "*": "ask" } },
    money: makeNode("queue", ""),
    person: makeNode("queue", ""),
    urgent: makeNode("queue", ""),
    lost: makeNode("hangup", ""),
  },
};

const short = (menu: Menu) =>
  outlineOf(menu).rows.map((row) => `${"  ".repeat(row.level)}${row.way?.on ? `${row.way.on} ` : ""}${row.id} ${row.state}`);

test("the outline indents branches in the order of the keypad and goes on at the same level", () => {
  expect(short(MENU)).toEqual([
    "hello here",
    "ask here",
    "  1 money here",
    "  0 person here",
    "  * ask again",
    "  person again",
  ]);
});

test("keys that work anywhere and steps that nobody reaches stand apart", () => {
  const outline = outlineOf(MENU);
  expect(outline.anywhere.map((row) => [row.way?.on, row.id, row.state])).toEqual([
    ["9", "urgent", "here"],
    ["", "person", "again"],
  ]);
  expect(outline.unreached).toEqual(["lost"]);
});

test("a step that is not there is shown where it is missed", () => {
  const broken = { ...MENU, nodes: { ...MENU.nodes, hello: makeNode("say", "nowhere") } };
  expect(short(broken)).toEqual(["hello here", "nowhere missing"]);
});

test("a renamed step keeps all ways to it and its place", () => {
  const renamed = renameNode(MENU, "person", "people");
  expect(Object.keys(renamed.nodes)).toEqual(["hello", "ask", "money", "people", "urgent", "lost"]);
  expect(renamed.nodes.ask?.options).toEqual({ "0": "people", "1": "money", "*": "ask" });
  expect([renamed.give_up, renamed.nodes.ask?.failed]).toEqual(["people", "people"]);
  expect(renameNode(MENU, "person", "money")).toBe(MENU);
});

test("taking a step out closes the gap, putting one in opens it", () => {
  expect(removeNode(MENU, "hello").start).toBe("ask");
  const { menu, id } = insertAfter(MENU, "hello", "notice");
  expect([menu.nodes.hello?.next, menu.nodes[id]?.next]).toEqual([id, "ask"]);
  expect(freeId(menu, "notice")).toBe("notice-2");
});

test("a new step has every field that is asked for", () => {
  for (const kind of KINDS) {
    const made = makeNode(kind, "x");
    for (const field of FIELDS_OF[kind]) expect(made, `${kind}.${field}`).toHaveProperty(field);
  }
});

test("changes name the step and the field", () => {
  const after = insertAfter({ ...MENU, most_visits: 20 }, "hello", "notice").menu;
  const changed = { ...after, nodes: { ...after.nodes, money: { ...makeNode("queue", ""), priority: 5 } } };
  expect(changesBetween(MENU, removeNode(changed, "lost"))).toEqual([
    { node: "", kind: "changed", fields: [{ field: "most_visits", before: undefined, after: 20 }] },
    { node: "hello", kind: "changed", fields: [{ field: "next", before: "ask", after: "notice" }] },
    { node: "money", kind: "changed", fields: [{ field: "priority", before: 0, after: 5 }] },
    { node: "lost", kind: "removed", fields: [] },
    { node: "notice", kind: "added", fields: [] },
  ]);
});
