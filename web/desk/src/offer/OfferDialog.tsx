import { announce } from "@kit/components/Announcer";
import { Button } from "@kit/components/Button";
import { Icon } from "@kit/components/Icon";
import { Pill } from "@kit/components/Pill";
import { Ring } from "@kit/components/Ring";
import { Timer } from "@kit/components/Timer";
import { serverNow } from "@kit/clock";
import { chordOf, keyText } from "@kit/keyboard";
import type { WorkItem } from "@kit/live-types";
import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from "react";
import { CallAlarm } from "../call/CallAlarm";
import { voicemailText } from "../call/voicemail";
import { useConfig, useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { useKey } from "../keyboard/keys";
import { useSpokenCountdown } from "../notify/useSpokenCountdown";
import { aboutWhat, numberText, offerTitle, whoIs } from "../work/labels";
import { DeclineMenu } from "./DeclineMenu";
import css from "./OfferDialog.module.css";
import { HandedOver, handedBy } from "./HandedOver";
import { useOfferActions } from "./useOfferActions";
import { WhyRouted } from "./WhyRouted";

/** Enter means "accept" only after the eye could have seen what is offered. */
const VISIBLE_MS = 700;

/** A contact is proposed. The desk behind is inert; top bar and command bar stay reachable. */
export function OfferDialog({ row, seenAt }: { row: WorkItem; seenAt: number }) {
  const speech = useSpeech();
  const { t } = speech;
  const names = useNames();
  const { accept, decline, busy } = useOfferActions(row);
  const docked = useKey("acceptDocked");
  const [declining, setDeclining] = useState(false);
  const dialog = useRef<HTMLElement>(null);
  const queue = useConfig("queue").data?.find((item) => item.id === row.queue)?.body;
  const [shownAt] = useState(serverNow);
  const total = queue?.offer_seconds ?? Math.max(1, (row.deadline ?? shownAt) - row.since);

  useSpokenCountdown(row.deadline);
  // An alertdialog is read as a whole by some readers, and more than once; this is what one needs to answer.
  const tell = useEffectEvent(() => {
    const words = row.last_message?.author === "subscriber" ? row.last_message.text : null;
    announce([`${t(offerTitle(row))}: ${whoIs(row, speech, names)}`, aboutWhat(row, names), words].filter(Boolean).join(". "), { urgent: true });
  });
  useEffect(() => tell(), []);

  useEffect(() => {
    const opener = document.activeElement as HTMLElement | null;
    dialog.current?.querySelector<HTMLElement>("[data-accept]")?.focus({ preventScroll: true });
    return () => {
      if (opener?.isConnected) opener.focus();
    };
  }, []);

  const onKey = (event: KeyboardEvent) => {
    const chord = chordOf(event.nativeEvent);
    // Keys of the reasons' menu come here too, as it is a child of the dialog.
    const inside = event.currentTarget.contains(event.target as Node);
    if (chord === "Enter" && inside && Date.now() - seenAt < VISIBLE_MS) {
      event.preventDefault();
      event.stopPropagation();
    }
    if (chord === "Escape" && !declining) {
      event.preventDefault();
      setDeclining(true);
    }
  };

  const region = names.region(row.region);
  const isCall = row.channel === "voice";
  const isLeft = row.voicemail?.absent === true;
  const from = handedBy(row.why);
  return (
    <div className={css.scrim}>
      <section
        ref={dialog}
        className={css.offer}
        role="dialog"
        aria-labelledby="offer-kind offer-title"
        aria-describedby="offer-about"
        onKeyDownCapture={onKey}
        data-region
        tabIndex={-1}
      >
        <header className={css.header}>
          <div className="grow">
            <div id="offer-kind">
              <Pill state="offered">{t(offerTitle(row))}</Pill>
            </div>
            <h1 id="offer-title">{whoIs(row, speech, names)}</h1>
            {isLeft && <p className={css.line}>{voicemailText(row, speech)}</p>}
            {row.callback && <p className={css.line}>{t("offer.callbackTold", { n: row.callback.attempt + 1, of: row.callback.attempts })}</p>}
            <p className={css.line}>
              {[row.name ? numberText(row.number) : "", row.name || row.number ? region : "", names.queue(row.queue)].filter(Boolean).join(" · ")}
              {" · "}
              {t("offer.waits")} <Timer since={row.waiting_since} />
            </p>
          </div>
          {row.deadline !== null && <Ring until={row.deadline} total={total} tone="offered" caption={(n) => t("offer.seconds", { n })} seconds />}
        </header>
        {from && <HandedOver contact={row.id} by={from} />}
        <div className={css.body}>
          <section>
            <h2>
              <Icon name={isLeft ? "mic" : isCall ? "phone" : "chat"} size="s" />
              {t(isLeft ? "offer.aboutVoicemail" : isCall ? "offer.aboutCall" : "offer.about")}
            </h2>
            <div id="offer-about">
              <p className={css.subject}>{aboutWhat(row, names)}</p>
              {row.last_message?.text && row.last_message.author === "subscriber" && (
                <blockquote className={css.words} lang={row.language}>
                  <q>{row.last_message.text}</q>
                </blockquote>
              )}
            </div>
          </section>
          <section>
            <h2>
              <Icon name="route" size="s" />
              {t("why.title")}
            </h2>
            {row.why ? <WhyRouted why={row.why} /> : <p className="sm sub">{t("why.none")}</p>}
          </section>
        </div>
        {isCall && !isLeft && (
          <div className={css.sound}>
            <CallAlarm contact={row.id} talking={false} />
          </div>
        )}
        <footer className={css.footer}>
          <Button look="accept" size="l" icon={isCall && !isLeft ? "phone" : "check"} chord="Enter" className={css.accept} isPending={busy} onPress={accept} data-accept>
            {t("offer.accept")}
          </Button>
          <DeclineMenu size="l" isOpen={declining} onOpenChange={setDeclining} onDecline={decline} />
        </footer>
        <p className={css.hint}>{t(isLeft ? "offer.hintVoicemail" : isCall ? "offer.hintCall" : "offer.hint", { key: keyText(docked) })}</p>
      </section>
    </div>
  );
}
