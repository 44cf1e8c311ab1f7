import { expect, test } from "vitest";
import { linkify } from "./linkify";

const links = (text: string) => linkify(text).filter((part) => part.href !== null);

test("a link is cut out and the sentence's full stop stays outside", () => {
  expect(linkify("См. https://example.ru/a?b=1.")).toEqual([
    { text: "См. ", href: null },
    { text: "https://example.ru/a?b=1", href: "https://example.ru/a?b=1" },
    { text: ".", href: null },
  ]);
});

test("www without a scheme becomes https", () => {
  expect(links("www.example.ru")[0]?.href).toBe("https://www.example.ru/");
});

test.each(["javascript:alert(1)", "data:text/html,x", "<b>bold</b>", "https://", "file:///etc/passwd"])(
  "%s is not a link",
  (text) => {
    expect(links(text)).toEqual([]);
    expect(linkify(text).map((part) => part.text).join("")).toBe(text);
  },
);
