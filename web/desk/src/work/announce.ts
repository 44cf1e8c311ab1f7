/** Says what came while the agent looked elsewhere: sound, notification, badge, words for screen readers. */

import { announce } from "@kit/components/Announcer";
import type { WorkItem } from "@kit/live-types";
import { serverNow } from "@kit/clock";
import { useEffect, useEffectEvent, useRef } from "react";
import { useNames } from "../config/config";
import { useTitle } from "../frame/Frame";
import { useSpeech } from "../i18n";
import { liveState, onLiveMessage, useLive } from "../live/store";
import { notify, showBadge } from "../notify/notify";
import { sentAway } from "../presence/states";
import { goneOffers } from "./desk-ui";
import { offerTitle, whoIs } from "./labels";

/** Tells screen readers the own state whenever it changes: the choice takes effect later, and others may change it. */
function usePresenceTold(): void {
  const { t } = useSpeech();
  const names = useNames();
  const me = useLive((state) => state.desk?.me);
  const declared = me && `${me.presence} ${me.reason ?? ""} ${String(me.pending)}`;
  const before = useRef(declared);
  const tell = useEffectEvent(() => {
    if (me && before.current !== undefined && before.current !== declared) {
      const sent = sentAway(me);
      const word = me.presence === "break" && me.reason ? names.breakReason(me.reason) : t(`presence.${me.presence}`);
      announce(sent ? t(sent) : me.pending ? t("presence.then", { name: word }) : word);
    }
    before.current = declared;
  });
  useEffect(() => tell(), [declared]);
}

export function useAnnouncements(): void {
  const speech = useSpeech();
  const { t } = speech;
  const names = useNames();
  usePresenceTold();
  const waiting = useLive((state) =>
    Object.values(state.desk?.work ?? {}).reduce((sum, row) => sum + (row.state === "offered" ? 1 : row.unread), 0),
  );
  const title = useTitle();
  useEffect(() => showBadge(title, waiting), [title, waiting]);

  const offered = useEffectEvent((contact: string) => {
    const row = liveState().desk?.work[contact];
    if (!row) return;
    notify({
      title: t(offerTitle(row)),
      body: [names.reason(row.reason), names.region(row.region)].filter(Boolean).join(" · ") || names.queue(row.queue),
      tag: contact,
      sound: "ring",
    });
  });
  const written = useEffectEvent((contact: string, text: string | null) => {
    const row = liveState().desk?.work[contact];
    const who = row?.name ?? t("work.subscriber");
    const words = text ?? t("message.file");
    notify({ title: who, body: words, tag: contact, sound: "tick" });
    announce(`${who}: ${words}`, row && { lang: row.language });
  });

  const gone = useEffectEvent((row: WorkItem) => announce(t("work.offerGone", { who: whoIs(row, speech, names) })));
  const ended = useEffectEvent((contact: string) => {
    const row = liveState().desk?.work[contact];
    if (!row) return;
    const left = row.deadline === null ? "" : t("offer.left", { n: Math.max(0, Math.round(row.deadline - serverNow())) });
    announce([t("wrap.begins", { who: whoIs(row, speech, names) }), left].filter(Boolean).join(". "));
  });
  const asked = useEffectEvent((contact: string, agent: string | null) => {
    const name = names.person(agent) || t("why.colleague");
    notify({ title: t("helping.title"), body: t("helping.asks", { name }), tag: contact, sound: "ring" });
  });

  useEffect(() => {
    const rows = (state: WorkItem["state"]) => Object.values(liveState().desk?.work ?? {}).filter((row) => row.state === state);
    const ids = (state: WorkItem["state"]) => rows(state).map((row) => row.id);
    let known = rows("offered");
    let finished = new Set(ids("wrap_up"));
    let helped = liveState().desk?.me.helping?.contact;
    return onLiveMessage((message) => {
      if (message.type === "message" && message.message.author === "subscriber") {
        written(message.contact, message.message.text);
      }
      const helping = liveState().desk?.me.helping;
      if (helping && helping.contact !== helped) asked(helping.contact, helping.agent);
      helped = helping?.contact;
      const now = rows("offered");
      now.filter(({ id }) => !known.some((row) => row.id === id)).forEach(({ id }) => offered(id));
      goneOffers(known, liveState().desk?.work ?? {}, serverNow()).forEach((row) => gone(row));
      known = now;
      // What stood there when the page was opened is read, not told.
      if (message.type === "snapshot") finished = new Set(ids("wrap_up"));
      const over = ids("wrap_up");
      over.filter((id) => !finished.has(id)).forEach((id) => ended(id));
      finished = new Set(over);
    });
  }, []);
}
