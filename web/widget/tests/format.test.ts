import { describe, expect, it } from "vitest";
import { daysAway, words } from "../src/format";
import { linkify } from "../src/linkify";
import { newToken, uuid7 } from "../src/ids";
import * as T from "../src/texts";
import { message } from "./samples";

const ru = words("ru");
const en = words("en");
const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime() / 1000;

describe("the wait", () => {
  it.each<[[number, number], string, string]>([
    [[0, 20], "меньше минуты", "under a minute"],
    [[30, 60], "меньше минуты", "under a minute"],
    [[50, 65], "1–2 минуты", "1–2 minutes"],
    [[60, 115], "1–2 минуты", "1–2 minutes"],
    [[125, 175], "2–3 минуты", "2–3 minutes"],
    [[600, 2400], "10–40 минут", "10–40 minutes"],
    [[1200, 1260], "20–21 минуту", "20–21 minutes"],
    [[3600, 7200], "1–2 часа", "1–2 hours"],
    [[14400, 18000], "4–5 часов", "4–5 hours"],
    [[9000, 10800], "около 3 часов", "about 3 hours"],
  ])("%j is said as %s", (estimate, russian, english) => {
    expect(ru.wait(estimate)).toBe(russian);
    expect(en.wait(estimate)).toBe(english);
  });

  it("uses the genitive after «около»", () => {
    expect(ru.say(T.minute, 1)).toBe("около 1 минуты");
    expect(ru.say(T.minute, 5)).toBe("около 5 минут");
  });

  it.each([
    [1, "один человек", "1 person"],
    [3, "трое", "3 people"],
    [7, "семеро", "7 people"],
    [8, "8 человек", "8 people"],
    [21, "21 человек", "21 people"],
    [22, "22 человека", "22 people"],
  ])("%i before you are %s", (n, russian, english) => {
    expect(ru.people(n)).toBe(russian);
    expect(en.people(n)).toBe(english);
  });
});

describe("days", () => {
  it("are counted by midnights, not by 24 hours", () => {
    expect(daysAway(at(20, 1), at(19, 23))).toBe(1);
    expect(daysAway(at(19, 1), at(19, 23))).toBe(0);
    expect(daysAway(at(18, 23), at(19, 1))).toBe(-1);
  });

  it("have names when they are near", () => {
    expect(ru.day(at(19, 3), at(19, 12))).toBe("сегодня");
    expect(ru.day(at(18, 3), at(19, 12))).toBe("вчера");
    expect(ru.day(at(12, 3), at(19, 12))).toBe("12 ноября");
  });

  it("say when the answer will come", () => {
    expect(ru.replyAfter(at(20, 8), at(19, 22))).toBe("Ответим утром, после 8:00");
    expect(ru.replyAfter(at(20, 8), at(20, 2))).toBe("Ответим утром, после 8:00");
    expect(ru.replyAfter(at(19, 14), at(19, 9))).toBe("Ответим сегодня после 14:00");
    expect(ru.replyAfter(at(23, 8), at(20, 22))).toBe("Ответим 23 ноября после 8:00");
    expect(en.replyAfter(at(20, 8), at(19, 22))).toMatch(/^We will answer in the morning, after 0?8:00$/);
    expect(ru.replyAfter(null, 0)).toBe("Ответим, когда откроемся");
  });
});

describe("notices", () => {
  const notice = (text: string) => ru.notice(message(1, { kind: "notice", author: "system", text }));

  it("name the agent", () => expect(notice('{"code":"agent.joined","agent_name":"Айгуль"}')).toBe("На связи Айгуль"));
  it("do without a name", () => expect(notice('{"code":"agent.joined","agent_name":null}')).toBe("На связи Коллега"));
  it("of an unknown kind are not shown", () => expect(notice('{"code":"queued"}')).toBeNull());
  it("that are damaged are not shown", () => expect(notice("{")).toBeNull());
});

describe("texts", () => {
  it("have the same places in both languages", () => {
    for (const [name, text] of Object.entries(T)) {
      if (name === "grades") continue;
      const [russian, english] = text as T.Text;
      const places = (words: string) => words.split("{}").length;
      expect(places(russian), name).toBe(places(english));
      expect(russian, name).not.toBe("");
    }
  });

  it("are not taken for a pattern", () => expect(ru.say(T.joined, "$& {}")).toBe("На связи $& {}"));
});

describe("links", () => {
  const links = (text: string) => linkify(text).filter((part) => part.link).map((part) => part.text);

  it("are http and https only", () => {
    expect(links("javascript:alert(1) data:text/html,x ftp://a.example file:///etc")).toEqual([]);
    expect(links("http://a.example HTTPS://b.example/x?y=1#z")).toEqual(["http://a.example", "HTTPS://b.example/x?y=1#z"]);
  });

  it("end before the punctuation of the sentence", () => {
    expect(links("(https://a.example/x). «https://b.example»! https://c.example?")).toEqual([
      "https://a.example/x",
      "https://b.example",
      "https://c.example",
    ]);
  });

  it("lose nothing of the text", () => {
    const text = "до <b>https://a.example</b> после\nhttps://";
    expect(linkify(text).map((part) => part.text).join("")).toBe(text);
    expect(links(text)).toEqual(["https://a.example"]);
  });
});

describe("ids", () => {
  it("are version 7 UUIDs that sort by time", () => {
    const [early, late] = [uuid7(1_000), uuid7(1_795_080_000_000)];
    for (const id of [early, late]) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(early < late).toBe(true);
  });

  it("of tokens are 32 bytes in base64url", () => {
    expect(newToken()).toMatch(/^[\w-]{43}$/);
    expect(newToken()).not.toBe(newToken());
  });
});
