import { onTick } from "@kit/clock";
import { announce } from "@kit/components/Announcer";
import { useEffect, useEffectEvent } from "react";
import { useSpeech } from "../i18n";

const TOLD = [10, 5];

/** Speaks the time left of an offer or of a wrap-up at ten and at five seconds, and never else. */
export function useSpokenCountdown(deadline: number | null): void {
  const { t } = useSpeech();
  const tell = useEffectEvent((left: number) => announce(t("offer.left", { n: left }), { urgent: true }));
  useEffect(() => {
    if (deadline === null) return;
    let before = Infinity;
    return onTick((now) => {
      const left = Math.ceil(deadline - now);
      if (left !== before && TOLD.includes(left)) tell(left);
      before = left;
    });
  }, [deadline]);
}
