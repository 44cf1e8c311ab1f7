import type { Language } from "@kit/api";
import { serverNow } from "@kit/clock";
import { minutesRange } from "@kit/durations";
import type { WorkItem } from "@kit/live-types";
import { useMemo } from "react";
import { useConfig } from "../config/config";
import { SPEECH_OF } from "../i18n";
import { useSession } from "../session/session";
import { repliesFor, type CannedReply, type Variables } from "./canned";

const languageOf = (row: WorkItem): Language => (row.language === "en" ? "en" : "ru");

/** Ready replies in the subscriber's language, for the queue of the contact. */
export function useReplies(row: WorkItem): CannedReply[] {
  const items = useConfig("canned").data;
  const language = languageOf(row);
  return useMemo(() => repliesFor(items ?? [], row.queue, language), [items, row.queue, language]);
}

/** What the variables of a ready reply stand for in this contact. A name that was not given stays open. */
export function useVariables(row: WorkItem): Variables {
  const { person } = useSession();
  const { day, t } = SPEECH_OF[languageOf(row)];
  return {
    ...(row.name ? { name: row.name } : {}),
    agent: person.display_name,
    date: day(serverNow()),
    wait: t("duration.minutes", { n: minutesRange([row.wait, row.wait])[1] }),
  };
}
