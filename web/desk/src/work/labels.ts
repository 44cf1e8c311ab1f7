import type { WorkItem } from "@kit/live-types";
import type { Names } from "../config/config";
import type { DeskSpeech } from "../i18n";

/** Who writes: the name they gave, or just "subscriber" with the region. */
export function whoIs(row: WorkItem, { t }: DeskSpeech, names: Names): string {
  if (row.name) return row.name;
  const region = names.region(row.region);
  return region ? t("work.subscriberFrom", { region }) : t("work.subscriber");
}

/** What it is about: the chosen subject, else the queue. */
export function aboutWhat(row: Pick<WorkItem, "reason" | "queue">, names: Names): string {
  return names.reason(row.reason) || names.queue(row.queue);
}
