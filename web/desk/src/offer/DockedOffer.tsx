import { Button } from "@kit/components/Button";
import { Pill } from "@kit/components/Pill";
import { Countdown } from "@kit/components/Timer";
import { keyText } from "@kit/keyboard";
import type { WorkItem } from "@kit/live-types";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { useActions, useKey } from "../keyboard/keys";
import { openOffer } from "../work/desk";
import { aboutWhat, offerTitle, whoIs } from "../work/labels";
import { DeclineMenu } from "./DeclineMenu";
import css from "./DockedOffer.module.css";
import { handedBy } from "./HandedOver";
import { OfferCountdown } from "./OfferCountdown";
import { useOfferActions } from "./useOfferActions";

/** An offer that came while the agent was typing: it takes no focus; its key accepts. */
export function DockedOffer({ row, first }: { row: WorkItem; first: boolean }) {
  const speech = useSpeech();
  const { t } = speech;
  const names = useNames();
  const { accept, decline, busy } = useOfferActions(row);
  const from = handedBy(row.why);
  const isCall = row.channel === "voice";
  const title = t(offerTitle(row));
  const key = useKey("acceptDocked");
  useActions(first ? { acceptDocked: () => (accept(), undefined) } : {});
  return (
    <section className={css.docked} aria-label={title}>
      <p className="vh" role="alert">
        {t(row.voicemail?.absent ? "offer.dockedVoicemail" : isCall ? "offer.dockedCall" : "offer.docked", { who: whoIs(row, speech, names), key: keyText(key) })}
      </p>
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
      {row.deadline !== null && <OfferCountdown deadline={row.deadline} />}
    </section>
  );
}
