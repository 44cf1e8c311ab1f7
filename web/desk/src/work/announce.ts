/** Says what came while the agent looked elsewhere: sound, notification, badge. */

import { useEffect, useEffectEvent } from "react";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { liveState, onLiveMessage, useLive } from "../live/store";
import { notify, showBadge } from "../notify/notify";
import { offerTitle } from "./labels";

export function useAnnouncements(): void {
  const { t } = useSpeech();
  const names = useNames();
  const waiting = useLive((state) =>
    Object.values(state.desk?.work ?? {}).reduce((sum, row) => sum + (row.state === "offered" ? 1 : row.unread), 0),
  );
  useEffect(() => showBadge(t("frame.product"), waiting), [t, waiting]);

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
    notify({ title: row?.name ?? t("work.subscriber"), body: text ?? t("message.file"), tag: contact, sound: "tick" });
  });

  const asked = useEffectEvent((contact: string, agent: string | null) => {
    const name = names.person(agent) || t("why.colleague");
    notify({ title: t("helping.title"), body: t("helping.asks", { name }), tag: contact, sound: "ring" });
  });

  useEffect(() => {
    const ids = () =>
      Object.values(liveState().desk?.work ?? {}).filter((row) => row.state === "offered").map((row) => row.id);
    let known = new Set(ids());
    let helped = liveState().desk?.me.helping?.contact;
    return onLiveMessage((message) => {
      if (message.type === "message" && message.message.author === "subscriber") {
        written(message.contact, message.message.text);
      }
      const helping = liveState().desk?.me.helping;
      if (helping && helping.contact !== helped) asked(helping.contact, helping.agent);
      helped = helping?.contact;
      const now = ids();
      now.filter((id) => !known.has(id)).forEach((id) => offered(id));
      known = new Set(now);
    });
  }, []);
}
