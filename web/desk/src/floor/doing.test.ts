import type { FloorContact } from "@kit/live-types";
import { makeSpeech } from "@kit/i18n";
import { expect, test } from "vitest";
import ru from "../i18n/ru.json";
import { doingOf } from "./doing";

const { t } = makeSpeech("ru", ru);
const contact = (channel: "voice" | "chat", state: FloorContact["state"] = "talking") => ({ channel, state }) as FloorContact;
const words = (contacts: FloorContact[], helping: string | null = null, activity: "talking" | "wrap_up" = "talking") => {
  const { key, params } = doingOf({ activity, presence: "available", contacts, helping });
  return t(key, params);
};
const chats = (n: number) => Array.from({ length: n }, () => contact("chat"));

test("calls and chats are counted apart, in the right form", () => {
  expect(words([contact("voice")])).toBe("Разговор");
  expect(words(chats(1))).toBe("В чате");
  expect(words(chats(3))).toBe("В чатах, 3");
  expect(words([contact("voice"), ...chats(1)])).toBe("Звонок и 1 чат");
  expect(words([contact("voice"), ...chats(2)])).toBe("Звонок и 2 чата");
  expect(words([contact("voice"), ...chats(5)])).toBe("Звонок и 5 чатов");
  expect(words([contact("voice"), contact("voice"), ...chats(2)])).toBe("2 звонка и 2 чата");
  expect(words([contact("voice"), contact("voice")])).toBe("2 звонка");
});

test("an offer beside a talk is no talk", () => {
  expect(words([contact("voice"), contact("chat", "offered")])).toBe("Разговор");
});

test("who takes part in a colleague's call helps, whatever is in hand beside it", () => {
  expect(words([], "c")).toBe("Помогает");
  expect(words(chats(1), "c")).toBe("Помогает и 1 чат");
  expect(words(chats(3), "c")).toBe("Помогает и 3 чата");
  expect(words([contact("chat", "wrap_up")], "c", "wrap_up")).toBe("Помогает");
});

test("after a call is told from after a chat", () => {
  expect(words([contact("voice", "wrap_up")], null, "wrap_up")).toBe("После звонка");
  expect(words([contact("chat", "wrap_up")], null, "wrap_up")).toBe("После чата");
});
