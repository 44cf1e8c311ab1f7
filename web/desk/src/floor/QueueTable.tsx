import { Icon } from "@kit/components/Icon";
import { Panel } from "@kit/components/Panel";
import { Timer } from "@kit/components/Timer";
import type { FloorQueue } from "@kit/live-types";
import type { ReactNode } from "react";
import { Button, Tooltip, TooltipTrigger } from "react-aria-components";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { estimateText } from "../i18n/estimate";
import css from "./Floor.module.css";

function ServiceLevel({ queue }: { queue: FloorQueue }) {
  const { t, percent } = useSpeech();
  const level = queue.service_level;
  if (level === null) return <span title={t("state.noData")}>{t("floor.nothing")}</span>;
  const { seconds, share } = queue.target;
  const tone = level < share * 0.75 ? "t-bad strong" : level < share ? "t-warn" : "";
  return (
    <TooltipTrigger delay={300}>
      <Button className={`${css.value} ${tone}`}>{percent(level)}</Button>
      <Tooltip className={css.tooltip ?? ""}>
        {t("floor.levelOf", { seconds, share: percent(share), n: queue.offered })}
      </Tooltip>
    </TooltipTrigger>
  );
}

function Row({ queue }: { queue: FloorQueue }) {
  const { t, percent, time } = useSpeech();
  const names = useNames();
  const closed = queue.opens_at === null ? t("floor.closed") : t("floor.opensAt", { time: time(queue.opens_at) });
  const hot = queue.waiting > 0 && queue.service_level !== null && queue.service_level < queue.target.share * 0.75;
  return (
    <tr className={hot ? css.hot : undefined}>
      <th scope="row">
        <span className={css.whole}>
          {names.queue(queue.id)}
          {!queue.open && (
            <span className="muted" title={closed}>
              <Icon name="lock" size="s" />
              <span className="vh">{closed}</span>
            </span>
          )}
        </span>
      </th>
      <td className={`${css.r} strong`}>
        {queue.waiting}
        {queue.deferred > 0 && <small> +{queue.deferred}</small>}
      </td>
      <td className={css.r}>{queue.longest_since === null ? t("floor.none") : <Timer since={queue.longest_since} />}</td>
      <td className={css.r}>
        <ServiceLevel queue={queue} />
      </td>
      <td className={css.r}>{queue.abandonment_rate === null ? t("floor.nothing") : percent(queue.abandonment_rate)}</td>
      <td className={css.r}>{queue.estimate ? estimateText({ t }, queue.estimate) : t("floor.nothing")}</td>
      <td className={css.r}>
        {queue.agents_ready}/{queue.agents_able}
      </td>
    </tr>
  );
}

export function QueueTable({ queues, stale }: { queues: FloorQueue[]; stale: ReactNode }) {
  const { t } = useSpeech();
  const names = useNames();
  const rows = [...queues].sort((a, b) => names.queue(a.id).localeCompare(names.queue(b.id)));
  return (
    <Panel title={t("floor.queues")} stale={stale}>
      <div className={css.short} tabIndex={0} role="region" aria-label={t("floor.queues")}>
        <table className={`${css.table} ${css.fixed}`}>
          <thead>
            <tr>
              <th scope="col">{t("card.queue")}</th>
              <th scope="col" className={`${css.r} ${css.w1}`}>
                {t("floor.waits")}
              </th>
              <th scope="col" className={`${css.r} ${css.w2}`}>
                {t("floor.longest")}
              </th>
              <th scope="col" className={`${css.r} ${css.w2}`} title={t("floor.formula")}>
                {t("floor.level")}
              </th>
              <th scope="col" className={`${css.r} ${css.w2}`}>
                {t("floor.abandoned")}
              </th>
              <th scope="col" className={`${css.r} ${css.w3}`}>
                {t("floor.estimate")}
              </th>
              <th scope="col" className={`${css.r} ${css.w2}`}>
                {t("floor.readyAble")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((queue) => (
              <Row key={queue.id} queue={queue} />
            ))}
          </tbody>
        </table>
      </div>
      <p className={css.formula}>{t("floor.formula")}</p>
    </Panel>
  );
}
