import { Segmented } from "@kit/components/Segmented";
import { useMemo, useState } from "react";
import { useConfig } from "../config/config";
import css from "./Fields.module.css";
import { Choice, Group, type Option } from "./Fields";
import type { Problem } from "./data";
import type { MenuNode } from "./model";
import { useTexts } from "./texts";

interface ChoiceProps {
  label: string;
  hint?: string | undefined;
  problems?: Problem[];
  value: string;
  onChange: (value: string) => void;
}

/** Queues that take calls. */
export function QueueChoice(props: ChoiceProps) {
  const { name } = useTexts();
  const queues = useConfig("queue").data ?? [];
  const options = queues
    .filter((queue) => queue.body.channels.includes("voice"))
    .map((queue) => ({ id: queue.id, label: name(queue.body.name) }));
  return <Choice {...props} options={options} />;
}

export function ReasonChoice(props: ChoiceProps) {
  const { t, name } = useTexts();
  const reasons = useConfig("reason").data ?? [];
  // A menu knows roughly what it is about: groups of reasons too.
  const options = reasons.map((reason) => ({ id: reason.id, label: name(reason.body.name) }));
  return <Choice {...props} none={t("menus.noReason")} options={options} />;
}

const FACTS = ["segment", "region", "language", "known"] as const;

/** What is known of the caller. */
export function FactChoice(props: ChoiceProps) {
  const { t } = useTexts();
  return <Choice {...props} options={FACTS.map((fact) => ({ id: fact, label: t(`fact.${fact}`) }))} />;
}

/** Regions by name. */
export function useRegions(): Option[] {
  const { name } = useTexts();
  const items = useConfig("region").data;
  return useMemo(() => (items ?? []).map((one) => ({ id: one.id, label: name(one.body.name, one.id) })), [items, name]);
}

interface HoursSourceProps {
  label: string;
  hint?: string | undefined;
  problems: Problem[];
  node: MenuNode;
  onChange: (change: Partial<MenuNode>) => void;
}

/** Whose hours are looked at: a queue's, or a calendar. */
export function HoursSource({ label, hint, problems, node, onChange }: HoursSourceProps) {
  const { t, name } = useTexts();
  const [chosen, setChosen] = useState<"queue" | "hours" | null>(null);
  const source = node.hours ? "hours" : node.queue ? "queue" : (chosen ?? "queue");
  const calendars = (useConfig("hours").data ?? []).map((one) => ({ id: one.id, label: name(one.body.name, one.id) }));
  return (
    <Group label={label} hint={hint}>
      <div className={css.rows}>
        <div>
          <Segmented
            label={label}
            value={source}
            options={[
              { id: "queue", label: t("menus.ofQueue") },
              { id: "hours", label: t("menus.ofCalendar") },
            ]}
            onChange={(to) => {
              setChosen(to);
              onChange({ queue: null, hours: null });
            }}
          />
        </div>
        {source === "queue" ? (
          <QueueChoice
            label={t("field.queue")}
            problems={problems}
            value={node.queue ?? ""}
            onChange={(queue) => onChange({ queue: queue || null, hours: null })}
          />
        ) : (
          <Choice
            label={t("menus.calendar")}
            problems={problems}
            value={node.hours ?? ""}
            options={calendars}
            onChange={(hours) => onChange({ hours: hours || null, queue: null })}
          />
        )}
      </div>
    </Group>
  );
}
