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
