/** Times, waits and sizes in the words of the chosen language. Instants are POSIX seconds, shown in the browser's zone. */
import { en } from "./texts.en";
import { ru, type Texts } from "./texts.ru";
import type { Language, Message, Range } from "./types";

export type { Texts } from "./texts.ru";

export function texts(language: Language): Texts {
  return language === "ru" ? ru : en;
}

export function time(t: Texts, at: number): string {
  return new Date(at * 1000).toLocaleTimeString(t.locale, { hour: "numeric", minute: "2-digit", hour12: false });
}

/** The wait as a person would say it: "2–3 минуты", "меньше минуты". Never more exact than it is. */
export function wait(t: Texts, [low, high]: Range): string {
  if (high <= 60) return t.underMinute;
  if (high > 5400) {
    const [from, to] = [Math.max(1, Math.round(low / 3600)), Math.ceil(high / 3600)];
    return from >= to ? t.aroundHours(to) : t.rangeHours(from, to);
  }
  const [from, to] = [Math.max(1, Math.floor(low / 60)), Math.ceil(high / 60)];
  return from >= to ? t.aroundMinutes(to) : t.rangeMinutes(from, to);
}

/** Whole days from the day of `now` to the day of `at`: 0 today, 1 tomorrow, -1 yesterday. */
export function daysAway(at: number, now: number): number {
  const midnight = (seconds: number) => new Date(seconds * 1000).setHours(0, 0, 0, 0);
  return Math.round((midnight(at) - midnight(now)) / 86_400_000);
}

export function opening(t: Texts, at: number, now: number): string {
  const away = daysAway(at, now);
  if (away === 0) return t.todayAt(time(t, at));
  return away === 1 ? t.tomorrowAt(time(t, at)) : t.dayAt(day(t, at), time(t, at));
}

export function replyAfter(t: Texts, at: number | null, now: number): string {
  if (at === null) return t.replyLater;
  const away = daysAway(at, now);
  const morning = new Date(at * 1000).getHours() < 12;
  if (morning && (away === 1 || (away === 0 && new Date(now * 1000).getHours() < 6))) return t.replyMorning(time(t, at));
  return away === 0 ? t.replyToday(time(t, at)) : t.replyDay(day(t, at), time(t, at));
}

export function dayLabel(t: Texts, at: number, now: number): string {
  const away = daysAway(at, now);
  return away === 0 ? t.today : away === -1 ? t.yesterday : day(t, at);
}

export function size(t: Texts, bytes: number): string {
  const mega = bytes >= 1024 * 1024;
  const value = bytes / (mega ? 1024 * 1024 : 1024);
  const number = value.toLocaleString(t.locale, { maximumFractionDigits: mega ? 1 : 0 });
  return `${number} ${t === ru ? (mega ? "МБ" : "КБ") : mega ? "MB" : "KB"}`;
}

/** The text of a notice, or null for one that has no line of its own. */
export function notice(t: Texts, message: Message): string | null {
  let fields: { code?: unknown; agent_name?: unknown };
  try {
    fields = JSON.parse(message.text ?? "") as typeof fields;
  } catch {
    return null;
  }
  const name = typeof fields.agent_name === "string" && fields.agent_name !== "" ? fields.agent_name : t.someone;
  switch (fields.code) {
    case "agent.joined":
      return t.joined(name);
    case "agent.left":
      return t.left(name);
    case "transferred":
      return t.transferred;
    case "ended":
      return t.ended;
    default:
      return null;
  }
}

function day(t: Texts, at: number): string {
  return new Date(at * 1000).toLocaleDateString(t.locale, { day: "numeric", month: "long" });
}
