import type { Figures } from "@kit/api";
import { api } from "@kit/client";
import { clockText } from "@kit/durations";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useSpeech } from "../i18n";
import { useLive } from "../live/store";
import css from "./DayFigures.module.css";

export const FIGURES_KEY = ["figures"];
/** Below this many grades a share says little: it is shown without emphasis. */
const FEW = 20;

/** Own figures of the day. They inform, they do not chase: n beside each share, no comparison with anybody. */
export function DayFigures() {
  const { t, number, percent } = useSpeech();
  const { data: figures, isError } = useQuery({
    queryKey: FIGURES_KEY,
    queryFn: () => api.get<Figures>("/me/figures"),
    refetchInterval: 60_000,
  });
  const client = useQueryClient();
  const today = useLive((state) => {
    const me = state.desk?.me;
    // A missed offer leads to a break.
    return me ? `${me.today.handled} ${me.today.fives} ${me.today.grades} ${me.presence}` : "";
  });
  useEffect(() => void client.invalidateQueries({ queryKey: FIGURES_KEY }), [client, today]);
  const none = t("state.noData");
  const missing = isError ? none : "…";
  const interval = figures?.interval?.map((bound) => percent(bound)).join("–");
  return (
    <dl className={css.day} aria-label={t("figures.label")}>
      <div>
        <dt>{t("figures.handled")}</dt>
        <dd className="num">{figures ? number(figures.handled) : missing}</dd>
      </div>
      <div>
        <dt>{t("figures.fives")}</dt>
        <dd className={`num ${figures && figures.grades < FEW ? css.few : ""}`}>
          {figures ? (figures.csat5 === null ? none : percent(figures.csat5)) : missing}{" "}
          {figures && figures.grades > 0 && (
            <small title={interval ? t("figures.interval", { interval }) : undefined}>n = {number(figures.grades)}</small>
          )}
        </dd>
      </div>
      <div>
        <dt>{t("figures.aht")}</dt>
        <dd className={`num ${figures?.aht === null ? css.few : ""}`}>
          {figures ? (figures.aht === null ? none : clockText(figures.aht)) : missing}{" "}
          {figures?.hold ? <small>{t("figures.hold", { time: clockText(figures.hold) })}</small> : null}
        </dd>
      </div>
      <div>
        <dt>{t("figures.missed")}</dt>
        <dd className="num">{figures ? number(figures.missed) : missing}</dd>
      </div>
    </dl>
  );
}
