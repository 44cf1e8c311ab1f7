import { onTick } from "@kit/clock";
import { useEffect, useState } from "react";
import { useSpeech } from "../i18n";

/** Speaks the time left at ten and at five seconds, and never else. */
export function OfferCountdown({ deadline }: { deadline: number }) {
  const { t } = useSpeech();
  const [said, setSaid] = useState<number | null>(null);
  useEffect(
    () =>
      onTick((now) => {
        const left = Math.ceil(deadline - now);
        if (left === 10 || left === 5) setSaid(left);
      }),
    [deadline],
  );
  return (
    <span className="vh" role="alert">
      {said === null ? "" : t("offer.left", { n: said })}
    </span>
  );
}
