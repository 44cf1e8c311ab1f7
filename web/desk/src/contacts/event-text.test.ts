import type { ContactEvent } from "@kit/api";
import { expect, test } from "vitest";
import type { Names } from "../config/config";
import { SPEECH_OF } from "../i18n";
import { eventLine } from "./event-text";

const same = (id: string | null | undefined) => id ?? "";
const NAMES: Names = { queue: same, team: same, breakReason: same, reason: same, skill: same, region: same, person: same };
const putOff = (why: string): ContactEvent => ({
  seq: 1,
  at: 0,
  kind: "contact.deferred",
  agent: null,
  body: { queue: "q", until: 1_767_600_000, why },
});
const told = (why: string, language: "ru" | "en") => {
  const { title, detail } = eventLine(putOff(why), SPEECH_OF[language], NAMES);
  return [title, detail?.replace(/\d.*/, "…")];
};

test("a record tells why a contact was put off", () => {
  expect(told("closed", "ru")[0]).toBe("Закрыто: ждёт открытия");
  expect(told("callback", "ru")).toEqual(["Обратный вызов отложен, место сохранено", "позвоним не раньше …"]);
  expect(told("limit", "ru")).toEqual([
    "Обратный вызов отложен: исчерпан предел звонков за сутки, место сохранено",
    "позвоним не раньше …",
  ]);
  expect(told("closed", "en")[0]).toBe("Closed: waits for the opening");
  expect(told("callback", "en")).toEqual(["The callback was put off; the place is kept", "not before …"]);
  expect(told("limit", "en")).toEqual([
    "The callback was put off: the limit of calls in a day is reached; the place is kept",
    "not before …",
  ]);
});

test("a record tells why a talk is over where nobody ended it", () => {
  const ended = (reason: string | null, language: "ru" | "en") => {
    const body = { by: "system", reason, stage: "talking", wait: 1, talk: 2, hold: 0 };
    const { title, detail } = eventLine({ seq: 1, at: 0, kind: "contact.ended", agent: null, body }, SPEECH_OF[language], NAMES);
    return [title, detail];
  };
  expect(ended("subscriber_lost", "ru")).toEqual(["Завершено системой", "Связь с абонентом потеряна"]);
  expect(ended("subscriber_lost", "en")).toEqual(["Ended by the system", "The line to the subscriber was lost"]);
  expect(ended(null, "ru")).toEqual(["Завершено системой", null]);
});
