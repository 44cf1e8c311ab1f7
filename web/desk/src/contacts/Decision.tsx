import type { ContactEvent, Why } from "@kit/api";
import { Panel } from "@kit/components/Panel";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { CandidateTable } from "../offer/WhyRouted";
import { whyLines } from "../offer/why";
import css from "./Contact.module.css";

/** The explanation that an offer carries, if it does. */
export function whyOf({ kind, body }: ContactEvent): Why | null {
  return kind === "contact.offered" && typeof body.why === "object" && body.why !== null ? (body.why as Why) : null;
}

/** The offer that was taken last: it says how the contact came to its agent. */
function taken(events: ContactEvent[]): ContactEvent | undefined {
  const accepted = events.findLastIndex((event) => event.kind === "offer.accepted");
  return events.slice(0, Math.max(0, accepted)).findLast((event) => event.kind === "contact.offered");
}

function Reasons({ why }: { why: Why }) {
  const speech = useSpeech();
  const names = useNames();
  return (
    <>
      <ul className={css.reasons}>
        {whyLines(why, speech, names, "they").map((line, index) => (
          <li key={index}>
            {line.title}
            {line.detail && <small>{line.detail}</small>}
          </li>
        ))}
      </ul>
      {why.candidates.length > 0 && <CandidateTable why={why} />}
    </>
  );
}

/** Why this agent was offered the contact, inside the story. */
export function Decision({ why }: { why: Why }) {
  const { t } = useSpeech();
  return (
    <details className={css.decision}>
      <summary>{t("why.they")}</summary>
      <Reasons why={why} />
    </details>
  );
}

/** Why the contact came to the agent who talked last. */
export function DecisionPanel({ events }: { events: ContactEvent[] }) {
  const { t } = useSpeech();
  const names = useNames();
  const offer = taken(events);
  const why = offer && whyOf(offer);
  if (!why) return null;
  return (
    <Panel title={t("record.why", { name: names.person(offer.agent) || t("why.colleague") })}>
      <Reasons why={why} />
    </Panel>
  );
}
