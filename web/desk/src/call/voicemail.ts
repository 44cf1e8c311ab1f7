/** What is told of a message that was left in place of waiting. */

import { clockText } from "@kit/durations";
import type { WorkItem } from "@kit/live-types";
import type { DeskSpeech } from "../i18n";

/** Whether the contact is a message and nobody is on the line: then it is no call of this page. */
export const isMessage = (row: WorkItem): boolean => row.voicemail?.absent === true && row.state !== "dialling";

/** How long it is and when it was left. */
export function voicemailText({ voicemail }: WorkItem, { t, day, time }: DeskSpeech): string {
  if (!voicemail) return "";
  const left = t("voicemail.left", { day: day(voicemail.left_at), time: time(voicemail.left_at) });
  return voicemail.seconds === null ? left : `${clockText(voicemail.seconds)} · ${left}`;
}

/** Why the subscriber cannot be called, or null. */
export function whyNotCalled({ number, voicemail }: WorkItem): "noNumber" | "noMore" | null {
  if (!number) return "noNumber";
  return voicemail?.attempts_left === 0 ? "noMore" : null;
}
