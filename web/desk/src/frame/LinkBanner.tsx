import { Icon } from "@kit/components/Icon";
import { LiveText } from "@kit/components/Timer";
import { onTick } from "@kit/clock";
import { clockText } from "@kit/durations";
import type { Link } from "@kit/live-state";
import type { Topic } from "@kit/live-types";
import { useCallback, useEffect, useState } from "react";
import { useSpeech } from "../i18n";
import { useLive } from "../live/store";
import css from "./LinkBanner.module.css";

/** A short loss is not worth a word. */
const QUIET_SECONDS = 2;

/** Has the topic's connection been away for longer than is worth hiding? */
export function useLost(topic: Topic): Link | null {
  const link = useLive((state) => state.links[topic]);
  const [late, setLate] = useState(false);
  const { lostAt } = link;
  useEffect(
    () => onTick((now) => setLate(lostAt !== null && now - lostAt >= QUIET_SECONDS)),
    [lostAt],
  );
  return late && lostAt !== null ? link : null;
}

/**
 * Reconnecting: which try it is, in how many seconds the next one, and that nothing typed is lost. Screen readers hear
 * of the loss from the bottom bar's `announce`, once; not of every try.
 */
export function LinkBanner({ topic }: { topic: Topic }) {
  const { t } = useSpeech();
  const lost = useLost(topic);
  const retryAt = lost?.retryAt ?? null;
  const left = useCallback(
    (now: number) => (retryAt === null ? "…" : clockText(Math.ceil(retryAt - now))),
    [retryAt],
  );
  if (!lost) return null;
  return (
    <div className={css.banner}>
      <Icon name="signal" />
      <div className="grow">
        <b className="strong">{t("net.reconnecting", { n: lost.attempt })}</b>
        <br />
        {t(topic === "floor" ? "net.stale" : "net.kept")}
      </div>
      <LiveText text={left} className="strong" />
    </div>
  );
}
