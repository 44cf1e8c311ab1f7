import { Button } from "@kit/components/Button";
import { Panel } from "@kit/components/Panel";
import { Tag } from "@kit/components/Pill";
import { Timer } from "@kit/components/Timer";
import type { FloorWaiting } from "@kit/live-types";
import { useMemo, useState, type ReactNode } from "react";
import { Link } from "wouter";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { useCan } from "../session/session";
import css from "./Floor.module.css";
import { SteerDialog } from "./SteerDialog";
import { useFrozenOrder } from "./useFrozenOrder";

const MOST = 100;

/** Who waits, in the order in which they will be served, with the means to help. */
export function WaitingList({ waiting, stale }: { waiting: FloorWaiting[]; stale: ReactNode }) {
  const { t, number } = useSpeech();
  const names = useNames();
  const can = useCan();
  const [steering, setSteering] = useState<string | null>(null);
  const byId = useMemo(() => new Map(waiting.map((row) => [row.id, row])), [waiting]);
  const sorted = useMemo(() => [...waiting].sort((a, b) => a.rank - b.rank).map((row) => row.id), [waiting]);
  const { order, hasNewOrder, applyOrder, holders } = useFrozenOrder(sorted);
  const steered = steering ? byId.get(steering) : undefined;
  return (
    <Panel
      title={t("waiting.title", { n: waiting.length })}
      stale={stale}
      end={
        hasNewOrder && (
          <Button size="s" onPress={applyOrder}>
            {t("floor.newOrder")}
          </Button>
        )
      }
    >
      {waiting.length > 0 && (
        <div className={css.short} tabIndex={0} role="region" aria-label={t("waiting.title", { n: waiting.length })} {...holders}>
          <table className={`${css.table} ${css.fixed}`}>
            <thead>
              <tr>
                <th scope="col">{t("waiting.what")}</th>
                <th scope="col" className={`${css.r} ${css.w2}`}>
                  {t("waiting.place")}
                </th>
                <th scope="col" className={`${css.r} ${css.w2}`}>
                  {t("waiting.wait")}
                </th>
                <th scope="col" className={`${css.r} ${css.w3}`}>
                  {t("waiting.priority")}
                </th>
                <th scope="col" className={css.w6}>
                  <span className="vh">{t("waiting.steer")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {order.slice(0, MOST).map((id) => {
                const row = byId.get(id);
                if (!row) return null;
                const from = [names.queue(row.queue), names.region(row.region)].filter(Boolean).join(" · ");
                return (
                  <tr key={id}>
                    <th scope="row">
                      <Link href={`/contacts/${id}`}>{names.reason(row.reason) || t("card.noSubject")}</Link>{" "}
                      {row.state === "offered" && <Tag tone="info">{t("waiting.offered")}</Tag>}
                      <small className={css.region} title={from}>
                        {from}
                      </small>
                    </th>
                    <td className={css.r}>{row.position}</td>
                    <td className={css.r}>
                      <Timer since={row.since} />
                    </td>
                    <td className={css.r}>{t("waiting.minutes", { n: number(row.priority) })}</td>
                    <td className={css.r}>
                      {can("floor.steer") && (
                        <Button size="s" onPress={() => setSteering(id)}>
                          {t("waiting.steer")}
                        </Button>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
          {order.length > MOST && <p className={css.none}>{t("waiting.more", { n: order.length - MOST })}</p>}
        </div>
      )}
      {steered && <SteerDialog row={steered} onClose={() => setSteering(null)} />}
    </Panel>
  );
}
