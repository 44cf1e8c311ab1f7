import type { Language } from "@kit/api";
import { serverNow } from "@kit/clock";
import { minutesRange } from "@kit/durations";
import type { WorkItem } from "@kit/live-types";
import { useMemo } from "react";
import { useConfig } from "../config/config";
import { useSpeech } from "../i18n";
import { useSession } from "../session/session";
import { repliesFor, type CannedReply, type Variables } from "./canned";

/** Ready replies in the subscriber's language, for the queue of the contact. */
export function useReplies(row: WorkItem): CannedReply[] {
  const items = useConfig("canned").data;
  const language: Language = row.language === "en" ? "en" : "ru";
  return useMemo(() => repliesFor(items ?? [], row.queue, language), [items, row.queue, language]);
}

/** What the variables of a ready reply stand for in this contact. A name that was not given stays open. */
export function useVariables(row: WorkItem): Variables {
  const { person } = useSession();
  const { day, t } = useSpeech();
  return {
    ...(row.name ? { name: row.name } : {}),
    agent: person.display_name,
    date: day(serverNow()),
    wait: t("duration.minutes", { n: minutesRange([row.wait, row.wait])[1] }),
  };
}
