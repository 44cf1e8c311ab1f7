import { expect, test } from "vitest";
import { formatMessage } from "./message-format";

const NEW = "{n, plural, =0 {нет новых} one {# новое} few {# новых} many {# новых} other {# нового}}";

test("Russian plurals choose one, few, many and other", () => {
  const said = [0, 1, 2, 5, 11, 21, 1.5].map((n) => formatMessage(NEW, "ru", { n }));
  expect(said).toEqual(["нет новых", "1 новое", "2 новых", "5 новых", "11 новых", "21 новое", "1,5 нового"]);
});

test("a parameter inside a plural option is filled in", () => {
  expect(formatMessage("{n, plural, one {# из {total}} other {# из {total}}}", "ru", { n: 3, total: 10 })).toBe(
    "3 из 10",
  );
});

test("select falls back to other", () => {
  expect(formatMessage("{by, select, agent {a} other {b}}", "en", { by: "system" })).toBe("b");
});

test("a missing parameter stays visible", () => {
  expect(formatMessage("Hi {name}", "en")).toBe("Hi {name}");
});
