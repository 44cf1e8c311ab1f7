import { formatMessage } from "@kit/message-format";
import { expect, test } from "vitest";
import menusEn from "../menus/en.json";
import menusRu from "../menus/ru.json";
import en from "./en.json";
import ru from "./ru.json";

const both: Record<"ru" | "en", Record<string, string>> = { ru: { ...ru, ...menusRu }, en: { ...en, ...menusEn } };
const parameters = (text: string) =>
  [...text.matchAll(/(?<!\b(?:one|few|many|other) )\{([a-z_]+)[,}]/g)].map((match) => match[1]).filter((name, i, all) => all.indexOf(name) === i).sort();

test("both catalogues have the same keys in the same order", () => {
  expect(Object.keys(en)).toEqual(Object.keys(ru));
  expect(Object.keys(menusEn)).toEqual(Object.keys(menusRu));
  expect(Object.keys(menusRu).filter((key) => key in ru)).toEqual([]);
});

test.each(Object.keys(both.ru))("%s takes the same parameters in both languages and can be read", (key) => {
  expect(parameters(both.en[key] ?? "")).toEqual(parameters(both.ru[key] ?? ""));
  for (const language of ["ru", "en"] as const) {
    const text = formatMessage(both[language][key] ?? "", language, { n: 5 });
    expect(text).not.toBe("");
    expect(text).not.toMatch(/, (plural|select),/);
  }
});

test("Russian plurals name every form", () => {
  const lacking = Object.entries(both.ru).filter(
    ([, text]) => text.includes(", plural,") && !/ one \{.*few \{.*(many|other) \{/s.test(text),
  );
  expect(lacking).toEqual([]);
});
