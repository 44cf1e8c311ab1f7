import type { WorkItem } from "@kit/live-types";
import type { Names } from "../config/config";
import type { DeskSpeech } from "../i18n";

/** A number as people read it: "+7 973 555-18-30"; what is not of that form (a masked one) stays as it is. */
export const numberText = (number: string | null): string | null =>
  number?.replace(/^\+?7(\d{3})(\d{3})(\d\d)(\d\d)$/, "+7 $1 $2-$3-$4") ?? null;

/** Who writes or calls: the name they gave, the number, or just "subscriber" with the region. */
export function whoIs(row: WorkItem, { t }: DeskSpeech, names: Names): string {
  if (row.name) return row.name;
  const number = numberText(row.number);
  if (number) return number;
  const region = names.region(row.region);
  return region ? t("work.subscriberFrom", { region }) : t("work.subscriber");
}

/** What an offer or a notification is called. */
export const offerTitle = (row: WorkItem): "offer.voicemail" | "offer.callback" | "offer.call" | "offer.chat" =>
  row.voicemail?.absent ? "offer.voicemail" : row.callback ? "offer.callback" : row.channel === "voice" ? "offer.call" : "offer.chat";

/** What it is about: the chosen subject, else the queue. */
export function aboutWhat(row: Pick<WorkItem, "reason" | "queue">, names: Names): string {
  return names.reason(row.reason) || names.queue(row.queue);
}
