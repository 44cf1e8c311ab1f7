import { Icon, StateGlyph } from "@kit/components/Icon";
import { Panel } from "@kit/components/Panel";
import type { StateName } from "@kit/icon-names";
import type { FloorAgent, FloorState } from "@kit/live-types";
import { Fragment, type ReactNode } from "react";
import { useSpeech } from "../i18n";
import css from "./Floor.module.css";
import { isHelping } from "./doing";
import { countStates } from "./order";

const SHOWN: StateName[] = ["talking", "offered", "wrap", "available", "hold", "break"];

interface StateStripProps {
  agents: FloorAgent[];
  totals: FloorState["totals"];
  at: number;
  stale: ReactNode;
}

/** The shift in one line: states of all who are present, and the day's answers. */
export function StateStrip({ agents, totals, at, stale }: StateStripProps) {
  const { t, number, percent, timeExact } = useSpeech();
  const counts = countStates(agents);
  const present = agents.length - (counts.offline ?? 0);
  const helping = agents.filter(isHelping).length;
  const hands = agents.filter((agent) => agent.hand !== null).length;
  const share = (value: number | null) => (value === null ? t("state.noData") : percent(value));
  const bars = SHOWN.map((state, index) => ({
    state,
    x: (SHOWN.slice(0, index).reduce((total, before) => total + (counts[before] ?? 0), 0) / Math.max(1, present)) * 1000,
    width: ((counts[state] ?? 0) / Math.max(1, present)) * 1000,
  }));
  return (
    <Panel
      title={t("floor.present", { n: present, all: agents.length })}
      stale={stale}
      end={
        <span className={`${css.figures} num`}>
          <span>
            {t("floor.answered")} <b>{number(totals.answered)}</b>
          </span>
          <span title={t("floor.formula")}>
            {t("floor.level")} <b>{share(totals.service_level)}</b>
          </span>
          <span>
            {t("floor.abandoned")} <b>{share(totals.abandonment_rate)}</b>{" "}
            <small>n = {number(totals.offered)}</small>
          </span>
          <span>
            {t("figures.fives")} <b>{share(totals.csat5)}</b>{" "}
            <small>n = {number(totals.grades)}</small>
          </span>
          <small>{t("floor.updated", { time: timeExact(at) })}</small>
        </span>
      }
    >
      <svg className={css.bar} viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        <rect width="1000" height="10" />
        {bars.map((bar) => (
          <rect key={bar.state} className={css[bar.state]} x={bar.x} width={Math.max(0, bar.width - 2)} height="10" />
        ))}
      </svg>
      <ul className={`${css.legend} num`}>
        {SHOWN.map((state) => (
          <Fragment key={state}>
            <li>
              <StateGlyph state={state} />
              {t(`floorState.${state}` as "floorState.talking")} <b>{(counts[state] ?? 0) - (state === "talking" ? helping : 0)}</b>
            </li>
            {state === "talking" && (
              <li>
                <StateGlyph state={state} />
                {t("floorState.helping")} <b>{helping}</b>
              </li>
            )}
          </Fragment>
        ))}
        <li>
          <span className="t-ember">
            <Icon name="hand" size="s" />
          </span>
          {t("floor.hands")} <b>{hands}</b>
        </li>
      </ul>
    </Panel>
  );
}
