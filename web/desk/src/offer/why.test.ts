import type { Why } from "@kit/api";
import { expect, test } from "vitest";
import type { Names } from "../config/config";
import { SPEECH_OF } from "../i18n";
import { factLine, whyLines } from "./why";

const same = (id: string | null | undefined) => id ?? "";
const NAMES: Names = {
  queue: same,
  team: same,
  breakReason: same,
  reason: same,
  skill: (id) => (id === "money" ? "Деньги" : same(id)),
  region: (id) => (id === "omsk" ? "Омская область" : same(id)),
  person: (id) => (id === "a1" ? "Айгуль" : ""),
};
const WHY: Why = {
  mode: "contact_found_agent",
  step: 1,
  able: 15,
  free: 6,
  facts: [
    { code: "preferred", agent: "a1", transferred: false, waited: 12, until: 99 },
    { code: "skill", skill: "money", level: 4 },
    { code: "language", language: "ru" },
    { code: "region", region: "omsk" },
    { code: "requirement", step: 1, of: 6 },
    { code: "longest_idle", seconds: 472, bonus: 240 },
  ],
  candidates: [],
  rank: 0,
  waiting: 3,
  next: null,
};
const told = (why: Why, language: "ru" | "en", voice: "you" | "they") =>
  whyLines(why, SPEECH_OF[language], NAMES, voice).map(({ title, detail }) => (detail ? `${title}: ${detail}` : title));

test("the chosen agent is told why in plain Russian", () => {
  expect(told(WHY, "ru", "you")).toEqual([
    "Вы говорили в прошлый раз: ждали именно этого оператора 0:12",
    "Навык «Деньги»: уровень 4 из 5",
    "Язык: русский",
    "Регион: Омская область",
    "Круг поиска расширен: шаг 2 из 6",
    "Вы дольше всех без обращений: 7:52 без обращений, и 4 мин за язык и регион",
    "Подходят 15, свободны 6",
  ]);
});

test("the record tells the same about somebody else, in English too", () => {
  expect(told(WHY, "ru", "they")[0]).toContain("Разговор в прошлый раз");
  expect(told(WHY, "en", "they")).toEqual([
    "Talked last time: waited for this agent 0:12",
    "Skill: Деньги: level 4 of 5",
    "Language: Russian",
    "Region: Омская область",
    "The search was widened: step 2 of 6",
    "Longest time without a contact: 7:52 without contacts, plus 4 min for language and region",
    "15 are able, 6 are free",
  ]);
});

test("an agent who looked for work is told about the line", () => {
  const lines = told({ ...WHY, mode: "agent_found_contact", facts: [{ code: "first_in_line", wait: 75, priority: 2 }] }, "ru", "you");
  expect(lines).toEqual(["Первый по очереди из ваших: ждёт 1:15, приоритет +2 мин", "В очереди 3 обращения"]);
});

test("who hands over stands on the offer itself, and in the record among the reasons", () => {
  const why = { ...WHY, facts: [{ code: "handed_over", agent: "a1" }] };
  expect(told(why, "ru", "you")).toHaveLength(1);
  expect(told(why, "ru", "they")[0]).toBe("Передача от коллеги: Айгуль");
});

test("a transfer to this very agent is not called an earlier talk", () => {
  const line = factLine({ code: "preferred", agent: "a1", transferred: true, waited: 0 }, SPEECH_OF.ru, NAMES);
  expect(line).toMatchObject({ title: "Чат передали вам", detail: null });
});

test("a reason that the screen does not know is shown, not hidden", () => {
  expect(factLine({ code: "moon_phase" }, SPEECH_OF.ru, NAMES).title).toBe("moon_phase");
});

/** Every code that the server's routing writes has words in both languages. */
test.each(["preferred", "skill", "language", "region", "requirement", "longest_idle", "least_occupied", "only_free", "first_in_line", "handed_over"])(
  "%s has words for both voices",
  (code) => {
    for (const speech of Object.values(SPEECH_OF)) {
      for (const voice of ["you", "they"] as const) expect(factLine({ code }, speech, NAMES, voice).title).not.toBe(code);
    }
  },
);
