import type { Why, WhyFact } from "@kit/api";
import { clockText } from "@kit/durations";
import type { Names } from "../config/config";
import type { DeskSpeech } from "../i18n";

/** One reason of a routing decision in plain words. */
export interface WhyLine {
  code: string;
  title: string;
  detail: string | null;
}

/** Who is told: the chosen agent ("you") or somebody who reads the record. */
export type WhyVoice = "you" | "they";

const number = (value: unknown): number => (typeof value === "number" ? value : 0);
const string = (value: unknown): string => (typeof value === "string" ? value : "");

function details(fact: WhyFact, { t, percent }: DeskSpeech): string | null {
  switch (fact.code) {
    case "skill":
      return t("why.skill.detail", { level: number(fact.level) });
    case "longest_idle":
      return number(fact.bonus) > 0
        ? t("why.longest_idle.bonus", { idle: clockText(number(fact.seconds)), n: Math.round(number(fact.bonus) / 60) })
        : t("why.longest_idle.detail", { idle: clockText(number(fact.seconds)) });
    case "least_occupied":
      return t("why.least_occupied.detail", { share: percent(number(fact.occupied)) });
    case "first_in_line":
      return number(fact.priority) > 0
        ? t("why.first_in_line.priority", { wait: clockText(number(fact.wait)), n: number(fact.priority) })
        : t("why.first_in_line.detail", { wait: clockText(number(fact.wait)) });
    case "requirement":
      return t("why.requirement.detail", { step: number(fact.step) + 1, of: number(fact.of) });
    case "preferred":
      return number(fact.waited) >= 1 ? t("why.preferred.detail", { wait: clockText(number(fact.waited)) }) : null;
    default:
      return null;
  }
}

/** One stored fact in words; an unknown code is shown as it is rather than hidden. */
export function factLine(fact: WhyFact, speech: DeskSpeech, names: Names, voice: WhyVoice = "you"): WhyLine {
  const params = {
    skill: names.skill(string(fact.skill)),
    region: names.region(string(fact.region)),
    name: names.person(string(fact.agent)) || speech.t("why.colleague"),
    language: string(fact.language) && speech.languageName(string(fact.language)),
  };
  const code = fact.code === "preferred" && fact.transferred === true ? "transferred" : fact.code;
  return {
    code: fact.code,
    title: speech.find(`why.${code}.${voice}`, params) ?? speech.find(`why.${code}`, params) ?? fact.code,
    detail: details(fact, speech),
  };
}

/** All reasons of the decision, and at the end out of how many it chose. */
export function whyLines(why: Why, speech: DeskSpeech, names: Names, voice: WhyVoice = "you"): WhyLine[] {
  const pool =
    why.mode === "contact_found_agent"
      ? speech.t("why.pool", { able: why.able, free: why.free })
      : speech.t("why.line", { waiting: why.waiting });
  return [
    // To the chosen agent the offer itself says who hands over.
    ...why.facts
      .filter((fact) => voice === "they" || fact.code !== "handed_over")
      .map((fact) => factLine(fact, speech, names, voice)),
    { code: "pool", title: pool, detail: null },
  ];
}
