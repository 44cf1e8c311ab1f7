import { expect, test } from "vitest";
import { highlight, reasonTree, searchReasons } from "./reasons";

const item = (id: string, parent: string | null, name: string, more: object = {}) => ({
  id,
  name,
  body: { parent, group: parent === null, order: 0, valid_from: null, valid_to: null, ...more },
});
const TREE = reasonTree(
  [
    item("MNY.02", "MNY", "Отмена перевода"),
    item("MNY.01", "MNY", "Срок перевода на карту"),
    item("MNY", null, "Деньги и переводы"),
    item("NET", null, "Связь"),
    item("NET.01", "NET", "Нет связи, ёмкость сети"),
    item("OLD", "NET", "Старая", { valid_to: "2025-12-31" }),
  ],
  "2026-11-19",
  ({ name }) => name,
);
const found = (typed: string, group: string | null = null, chosen: string[] = []) =>
  searchReasons(TREE, typed, group, chosen).map((reason) => reason.id);

test("the tree is in order, with paths, and without what is out of force", () => {
  expect(TREE.map((reason) => reason.id)).toEqual(["MNY", "MNY.01", "MNY.02", "NET", "NET.01"]);
  expect(TREE[1]?.path).toEqual(["Деньги и переводы"]);
});

test("with nothing typed one level is shown", () => {
  expect(found("")).toEqual(["MNY", "NET"]);
  expect(found("", "MNY")).toEqual(["MNY.01", "MNY.02"]);
});

test("typing searches the whole tree; groups are not chosen themselves", () => {
  expect(found("перев")).toEqual(["MNY.01", "MNY.02"]);
  expect(found("деньги отмена")).toEqual(["MNY.02"]);
  expect(found("емкость")).toEqual(["NET.01"]);
  expect(found("mny.02")).toEqual(["MNY.02"]);
  expect(found("нет такого")).toEqual([]);
});

test("what begins so comes first", () => {
  expect(found("отм")).toEqual(["MNY.02"]);
  expect(found("с")).toEqual(["MNY.01", "NET.01"]);
});

test("chosen reasons are not offered again", () => {
  expect(found("перев", null, ["MNY.01"])).toEqual(["MNY.02"]);
});

test("the match is cut out of the name", () => {
  expect(highlight("Отмена перевода", "перев")).toEqual(["Отмена ", "перев", "ода"]);
  expect(highlight("Отмена", "x")).toEqual(["Отмена", "", ""]);
});
