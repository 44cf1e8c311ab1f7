/** Times, waits and sizes in the words of the chosen language. Instants are POSIX seconds, shown in the browser's zone. */
import type { Language, Message, Range } from "./types";
import * as T from "./texts";
import type { Text } from "./texts";

const PEOPLE = ["", "один человек", "двое", "трое", "четверо", "пятеро", "шестеро", "семеро"];

export interface Words {
  /** The text; `n` picks the form of its words where it is not the value itself. */
  say: (text: Text, value?: string | number, n?: number) => string;
  /** The text for the server's error code, or the general one. */
  error: (code: string) => string;
  time: (at: number) => string;
  /** The wait as a person would say it: "2–3 минуты", "меньше минуты". Never more exact than it is. */
  wait: (estimate: Range) => string;
  people: (n: number) => string;
  /** "сегодня", "завтра", "23 ноября". */
  day: (at: number, now: number) => string;
  /** "сегодня в 8:00", "завтра в 8:00", "23 ноября в 8:00". */
  moment: (at: number, now: number) => string;
  replyAfter: (at: number | null, now: number) => string;
  size: (bytes: number) => string;
  /** The line of a notice, or null for one that has none. */
  notice: (message: Message) => string | null;
}

export function words(language: Language): Words {
  const russian = language === "ru";
  const locale = russian ? "ru-RU" : "en-GB";
  const rules = new Intl.PluralRules(locale);
  const near = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

  const say: Words["say"] = (text, value = "", n = Number(value)) =>
    text[russian ? 0 : 1].replace(/\{(.*?)\}/g, (_, forms: string) => {
      const list = forms.split("|");
      if (list.length < 2) return String(value);
      const form = rules.select(n);
      return list[form === "one" ? 0 : form === "few" ? 1 : list.length - 1] ?? "";
    });
  const time = (at: number) => new Date(at * 1000).toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit" });
  const between = (one: Text, many: Text, from: number, to: number) => (from < to ? say(many, `${from}–${to}`, to) : say(one, to));
  const day = (at: number, now: number) => {
    const away = daysAway(at, now);
    if (Math.abs(away) < 2) return near.format(away, "day");
    return new Date(at * 1000).toLocaleDateString(locale, { day: "numeric", month: "long" });
  };

  return {
    say,
    time,
    day,
    moment: (at, now) => day(at, now) + say(T.at) + time(at),
    error: (code) => say(code === "file.too_large" ? T.tooLarge : code.startsWith("file.") ? T.wrongType : T.failed),
    wait: ([low, high]) => {
      if (high <= 60) return say(T.underMinute);
      return high > 5400
        ? between(T.hour, T.hours, Math.max(1, Math.round(low / 3600)), Math.ceil(high / 3600))
        : between(T.minute, T.minutes, Math.max(1, Math.floor(low / 60)), Math.ceil(high / 60));
    },
    people: (n) => (russian && PEOPLE[n]) || say(T.people, n),
    replyAfter: (at, now) => {
      if (at === null) return say(T.replyLater);
      const morning = new Date(at * 1000).getHours() < 12 && daysAway(at, now) < 2;
      return morning ? say(T.replyMorning, time(at)) : say(T.reply, day(at, now) + say(T.after) + time(at));
    },
    size: (bytes) => {
      const mega = bytes / 1024 / 1024;
      return mega < 1 ? say(T.kb, Math.ceil(bytes / 1024)) : say(T.mb, mega.toLocaleString(locale, { maximumFractionDigits: 1 }));
    },
    notice: (message) => {
      const { code, agent_name } = parse(message.text);
      const name = agent_name || say(T.someone);
      if (code === "agent.joined") return say(T.joined, name);
      if (code === "agent.left") return say(T.left, name);
      if (code === "transferred") return say(T.transferred);
      return code === "ended" ? say(T.ended) : null;
    },
  };
}

/** Whole days from the day of `now` to the day of `at`: 0 today, 1 tomorrow, -1 yesterday. */
export function daysAway(at: number, now: number): number {
  const midnight = (seconds: number) => new Date(seconds * 1000).setHours(0, 0, 0, 0);
  return Math.round((midnight(at) - midnight(now)) / 86_400_000);
}

function parse(text: string | null): { code?: string; agent_name?: string } {
  try {
    return JSON.parse(text ?? "") as object;
  } catch {
    return {};
  }
}
