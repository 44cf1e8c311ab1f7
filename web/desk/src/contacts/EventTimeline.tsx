import type { ContactEvent } from "@kit/api";
import { Icon, StateGlyph } from "@kit/components/Icon";
import { Panel } from "@kit/components/Panel";
import { Segmented } from "@kit/components/Segmented";
import { useState } from "react";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import css from "./Contact.module.css";
import { Decision, whyOf } from "./Decision";
import { eventLine } from "./event-text";

/** Everything that happened, in order and in words. */
export function EventTimeline({ events }: { events: ContactEvent[] }) {
  const speech = useSpeech();
  const { t, timeExact } = speech;
  const names = useNames();
  const [which, setWhich] = useState<"main" | "all">("main");
  const lines = events
    .map((event) => ({ event, line: eventLine(event, speech, names), why: whyOf(event) }))
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
        {lines.map(({ event, line, why }) => (
          <li key={event.seq}>
            <time className="num">{timeExact(event.at)}</time>
            {line.state ? <StateGlyph state={line.state} /> : <Icon name={line.icon ?? "right"} />}
            <div>
              <span>{line.title}</span>
              {line.detail && <small>{line.detail}</small>}
              {why && <Decision why={why} />}
            </div>
            {line.figure && <span className={`${css.figure} num`}>{line.figure}</span>}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
