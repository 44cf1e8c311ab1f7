import type { ContactEvent, Why } from "@kit/api";
import { Icon, StateGlyph } from "@kit/components/Icon";
import { Panel } from "@kit/components/Panel";
import { Segmented } from "@kit/components/Segmented";
import { useState } from "react";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { CandidateTable } from "../offer/WhyRouted";
import { whyLines } from "../offer/why";
import css from "./Contact.module.css";
import { eventLine } from "./event-text";

/** Why this agent was chosen, inside the story. */
function Decision({ why }: { why: Why }) {
  const speech = useSpeech();
  const names = useNames();
  return (
    <details className={css.decision}>
      <summary>{speech.t("why.they")}</summary>
      <ul>
        {whyLines(why, speech, names, "they").map((line, index) => (
          <li key={index}>
            {line.title}
            {line.detail && <small> {line.detail}</small>}
          </li>
        ))}
      </ul>
      {why.candidates.length > 0 && <CandidateTable why={why} />}
    </details>
  );
}

/** Everything that happened, in order and in words. */
export function EventTimeline({ events }: { events: ContactEvent[] }) {
  const speech = useSpeech();
  const { t, timeExact } = speech;
  const names = useNames();
  const [which, setWhich] = useState<"main" | "all">("main");
  const lines = events
    .map((event) => ({ event, line: eventLine(event, speech, names) }))
    .filter(({ line }) => which === "all" || line.main);
  return (
    <Panel
      title={t("record.story")}
      end={
        <Segmented
          label={t("record.story")}
          value={which}
          options={[
            { id: "main", label: t("record.main") },
            { id: "all", label: t("record.all", { n: events.length }) },
          ]}
          onChange={setWhich}
        />
      }
    >
      <ol className={css.events}>
        {lines.map(({ event, line }) => (
          <li key={event.seq}>
            <time className="num">{timeExact(event.at)}</time>
            {line.state ? <StateGlyph state={line.state} /> : <Icon name={line.icon ?? "right"} />}
            <div>
              <span>{line.title}</span>
              {line.detail && <small>{line.detail}</small>}
              {event.kind === "contact.offered" && typeof event.body.why === "object" && event.body.why !== null && (
                <Decision why={event.body.why as Why} />
              )}
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
