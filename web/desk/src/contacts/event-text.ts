import type { ContactEvent } from "@kit/api";
import { clockText } from "@kit/durations";
import type { IconName, StateName } from "@kit/icon-names";
import type { Names } from "../config/config";
import type { DeskSpeech } from "../i18n";
import { estimateText } from "../i18n/estimate";

/** One fact of a contact's life in plain words. */
export interface EventLine {
  title: string;
  detail: string | null;
  /** A figure that stands at the end of the line. */
  figure: string | null;
  icon: IconName | null;
  state: StateName | null;
  /** Belongs to the short version of the story. */
  main: boolean;
}

type Mark = { icon: IconName } | { state: StateName };

const MARKS: Partial<Record<string, [Mark, boolean]>> = {
  "contact.arrived": [{ icon: "chat" }, true],
  "contact.deferred": [{ icon: "lock" }, true],
  "contact.queued": [{ icon: "route" }, true],
  "contact.unreserved": [{ icon: "clock" }, false],
  "contact.step": [{ icon: "route" }, false],
  "contact.prioritised": [{ icon: "up" }, true],
  "contact.offered": [{ state: "offered" }, true],
  "offer.accepted": [{ state: "talking" }, true],
  "contact.held": [{ state: "hold" }, true],
  "contact.resumed": [{ state: "talking" }, false],
  "offer.declined": [{ icon: "x" }, true],
  "offer.missed": [{ icon: "clock" }, true],
  "offer.withdrawn": [{ icon: "undo" }, false],
  "callback.asked": [{ icon: "phone" }, true],
  "callback.rejoined": [{ icon: "undo" }, true],
  "callback.dialled": [{ icon: "phone" }, true],
  "callback.failed": [{ icon: "x" }, true],
  "callback.reached": [{ state: "talking" }, true],
  "voicemail.left": [{ icon: "mic" }, true],
  "outgoing.dialled": [{ icon: "phone" }, true],
  "outgoing.failed": [{ icon: "x" }, true],
  "contact.released": [{ icon: "undo" }, false],
  "contact.transferred": [{ icon: "transfer" }, true],
  "colleague.invited": [{ icon: "transfer" }, true],
  "colleague.left": [{ icon: "undo" }, false],
  "contact.monitored": [{ icon: "headset" }, true],
  "contact.ended": [{ icon: "check" }, true],
  "wrap_up.started": [{ state: "wrap" }, false],
  "wrap_up.extended": [{ state: "wrap" }, false],
  "wrap_up.ended": [{ state: "wrap" }, false],
  "contact.disposed": [{ icon: "flag" }, true],
  "contact.graded": [{ icon: "star" }, true],
};

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): number => (typeof value === "number" ? value : 0);

function estimated(estimate: unknown, speech: DeskSpeech): string | null {
  if (!Array.isArray(estimate)) return null;
  return speech.t("event.told", { wait: estimateText(speech, [number(estimate[0]), number(estimate[1])]) });
}

function transferTarget(to: unknown, names: Names): string {
  const { agent, queue, skill } = (to ?? {}) as Record<string, string | undefined>;
  return agent ? names.person(agent) : queue ? names.queue(queue) : names.skill(skill);
}

function figureOf({ kind, body, at }: ContactEvent, { t, number: spoken }: DeskSpeech): string | null {
  switch (kind) {
    case "contact.offered":
      return t("event.answerWithin", { seconds: spoken(Math.max(0, Math.round(number(body.deadline) - at))) });
    case "offer.accepted":
      return t("event.waited", { wait: clockText(number(body.wait)) });
    case "contact.ended":
      return number(body.talk) > 0
        ? t("event.talked", { talk: clockText(number(body.talk)) })
        : t("event.waited", { wait: clockText(number(body.wait)) });
    case "contact.resumed":
      return t("event.took", { time: clockText(number(body.hold)) });
    case "voicemail.left":
      return number(body.seconds) > 0 ? clockText(number(body.seconds)) : null;
    case "wrap_up.ended":
      return t("event.took", { time: clockText(number(body.wrap_up)) });
    default:
      return null;
  }
}

function detailOf({ kind, body }: ContactEvent, speech: DeskSpeech, names: Names): string | null {
  const { t, find, time } = speech;
  switch (kind) {
    case "contact.arrived":
      return [names.reason(text(body.reason)), names.region(text(body.region)), speech.languageName(text(body.language) || "ru")]
        .filter(Boolean)
        .join(" · ");
    case "contact.deferred":
      return t(body.why === "callback" || body.why === "limit" ? "event.notBefore" : "event.until", { time: time(number(body.until)) });
    case "contact.queued":
      return [
        number(body.priority) === 0 ? null : t("event.priority", { n: number(body.priority) }),
        body.preferred ? t("event.preferred", { name: names.person(text(body.preferred)) }) : null,
        preferredLater(body.details, speech),
        estimated(body.estimate, speech),
      ]
        .filter(Boolean)
        .join(" · ");
    case "contact.step":
      return t("event.stepNumber", { n: number(body.step) + 1 });
    case "contact.prioritised":
      return t("event.priority", { n: number(body.priority) });
    case "offer.declined":
      return find(`decline.${text(body.reason)}`) ?? text(body.reason);
    case "contact.ended":
      return find(`ended.${text(body.reason)}`);
    case "contact.disposed": {
      const reasons = Array.isArray(body.reasons) ? body.reasons.map((id) => names.reason(text(id))) : [];
      return [reasons.join(", "), body.late === true ? t("event.late") : ""].filter(Boolean).join(" · ");
    }
    default:
      return null;
  }
}

/** When the preferred agent may take the contact, if not at once. */
function preferredLater(details: unknown, { t }: DeskSpeech): string | null {
  if (typeof details !== "object" || details === null || !("preferred_step" in details)) return null;
  const { preferred_step: step, preferred_after: after } = details as { preferred_step: unknown; preferred_after?: unknown };
  return t("event.preferredLater", { seconds: number(after), step: number(step) + 1 });
}

/** The fact in words; a kind that the screen does not know yet is shown by its code rather than hidden. */
export function eventLine(event: ContactEvent, speech: DeskSpeech, names: Names): EventLine {
  const { kind, body } = event;
  const params = {
    name: names.person(event.agent) || speech.t("why.colleague"),
    queue: names.queue(text(body.queue)),
    to: transferTarget(body.to, names),
    outcome: speech.find(`outcome.${text(body.outcome)}`) ?? text(body.outcome),
    why: text(body.why) || text(body.by),
    by: text(body.by),
    direction: text(body.direction),
    colleague: names.person(text(body.colleague) || text(body.supervisor)) || speech.t("why.colleague"),
    mode: text(body.mode),
    stage: text(body.stage),
    n: number(body.grade) || number(body.attempt),
    outcomeWord: speech.find(`dial.${text(body.outcome)}`) ?? text(body.outcome),
  };
  const [mark, main] = MARKS[kind] ?? [{ icon: "right" } satisfies Mark, false];
  return {
    title: speech.find(`event.${kind}`, params) ?? kind,
    detail: detailOf(event, speech, names),
    figure: figureOf(event, speech),
    icon: "icon" in mark ? mark.icon : null,
    state: "state" in mark ? mark.state : null,
    main,
  };
}
