import type { CannedBody } from "@kit/api";
import { expect, test } from "vitest";
import { asksForReplies, fillVariables, markVariables, repliesFor, searchReplies, unresolved } from "./canned";

const item = (id: string, shortcut: string, ru: string, text: string, queues: string[] = []) => ({
  id,
  body: { name: { ru, en: id }, shortcut, text: { ru: text, en: "" }, queues } satisfies CannedBody,
});
const ITEMS = [
  item("term", "/срок", "Срок перевода", "До пяти рабочих дней, {name}."),
  item("holiday", "/праздник", "Праздники и срок", "Выходные не входят.", ["money"]),
  item("hello", "/привет", "Приветствие", "Здравствуйте, меня зовут {agent}."),
];
const replies = repliesFor(ITEMS, "money", "ru");
const found = (typed: string) => searchReplies(replies, typed).map((reply) => reply.id);

test("a reply of another queue is not offered", () => {
  expect(repliesFor(ITEMS, "net", "ru").map((reply) => reply.id)).toEqual(["term", "hello"]);
});

test("a missing translation falls back to the other language", () => {
  expect(repliesFor(ITEMS, "net", "en")[0]?.text).toContain("До пяти");
});

test("the shortcut wins, then the title, then the text", () => {
  expect(found("/сро")).toEqual(["term", "holiday"]);
  expect(found("выходные")).toEqual(["holiday"]);
  expect(found("")).toHaveLength(3);
  expect(found("нет такого")).toEqual([]);
});

test("known variables are filled in, unknown ones stay and are named once", () => {
  const text = fillVariables("{name}, {agent}, {name}", { agent: "Айгуль" });
  expect(text).toBe("{name}, Айгуль, {name}");
  expect(unresolved(text)).toEqual(["{name}"]);
  expect(unresolved("скобки { } и {две части}")).toEqual([]);
});

test("marks cover the text exactly", () => {
  const text = "А {name} и {date}.";
  expect(markVariables(text).map((part) => part.text).join("")).toBe(text);
  expect(markVariables(text).filter((part) => part.variable)).toHaveLength(2);
});

test("only a slash at the very beginning asks for replies", () => {
  expect(asksForReplies("/ср")).toBe(true);
  expect(asksForReplies("и/или")).toBe(false);
  expect(asksForReplies("/ср\nтекст")).toBe(false);
});
