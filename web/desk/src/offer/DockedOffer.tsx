import { announce } from "@kit/components/Announcer";
import { Button } from "@kit/components/Button";
import { Pill } from "@kit/components/Pill";
import { Countdown } from "@kit/components/Timer";
import { keyText } from "@kit/keyboard";
import type { WorkItem } from "@kit/live-types";
import { useEffect, useEffectEvent } from "react";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { useActions, useKey } from "../keyboard/keys";
import { useSpokenCountdown } from "../notify/useSpokenCountdown";
import { openOffer } from "../work/desk";
import { aboutWhat, offerTitle, whoIs } from "../work/labels";
import { DeclineMenu } from "./DeclineMenu";
import css from "./DockedOffer.module.css";
import { handedBy } from "./HandedOver";
import { useOfferActions } from "./useOfferActions";

/** An offer that came while the agent was typing: it takes no focus; its key accepts. */
export function DockedOffer({ row, first }: { row: WorkItem; first: boolean }) {
  const speech = useSpeech();
  const { t } = speech;
  const names = useNames();
  const { accept, decline, busy } = useOfferActions(row);
  const from = handedBy(row.why);
  const title = t(offerTitle(row));
  const key = useKey("acceptDocked");
  useSpokenCountdown(row.deadline);
  const tell = useEffectEvent(() => {
    const kind = row.voicemail?.absent ? "offer.dockedVoicemail" : row.channel === "voice" ? "offer.dockedCall" : "offer.docked";
    announce(t(kind, { who: whoIs(row, speech, names), key: keyText(key) }), { urgent: true });
  });
  useEffect(() => tell(), []);
  useActions(first ? { acceptDocked: () => (accept(), undefined) } : {});
  return (
    <section className={css.docked} aria-label={title}>
      <header className="row between">
        <Pill state="offered">{title}</Pill>
        {row.deadline !== null && <Countdown until={row.deadline} className="strong" />}
      </header>
      <button type="button" className={css.open} onClick={() => openOffer(row.id)}>
        <b>{whoIs(row, speech, names)}</b>
        <span>{from ? t("offer.handed", { name: names.person(from) || t("why.colleague") }) : aboutWhat(row, names)}</span>
      </button>
      <div className={css.actions}>
        <Button look="accept" size="s" className={css.accept} {...(first ? { chord: key } : {})} isPending={busy} onPress={accept}>
          {t("offer.accept")}
        </Button>
        <DeclineMenu onDecline={decline} />
      </div>
    </section>
  );
}
