import type { ConfigBodies, ConfigItem } from "@kit/api";
import { Button } from "@kit/components/Button";
import { Panel } from "@kit/components/Panel";
import { Tag } from "@kit/components/Pill";
import { Empty, Skeleton } from "@kit/components/States";
import { serverNow } from "@kit/clock";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { useConfig, useNames } from "../config/config";
import { Frame } from "../frame/Frame";
import { refusalText } from "../session/useCommand";
import { IncidentDialog } from "./IncidentDialog";
import { LineDialog } from "./LineDialog";
import { NewMenuDialog } from "./NewMenuDialog";
import css from "./Menus.module.css";
import type { Announcement } from "./model";
import { Tabs } from "./Tabs";
import { useTexts } from "./texts";

type Of<K extends keyof ConfigBodies> = ConfigItem<ConfigBodies[K]>;
type Open = { what: "menu" } | { what: "line"; item: Of<"line"> | null } | { what: "incident"; item: Of<"incident"> | null };

/** Menus, the numbers that lead to them, and what is said of incidents. */
export function MenusPage() {
  const { t, name, date, time } = useTexts();
  const names = useNames();
  const menus = useConfig("menu");
  const lines = useConfig("line");
  const incidents = useConfig("incident");
  const regions = useConfig("region").data ?? [];
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const numbersOf = (menu: string) =>
    (lines.data ?? []).filter((line) => line.body.menu === menu).flatMap((line) => line.body.numbers);
  const number = (one: string) => (one === "*" ? t("menus.otherNumbers") : one);
  const holds = (said: Announcement) => {
    const now = serverNow();
    return said.until && said.until <= now ? "over" : said.since && said.since > now ? "later" : "now";
  };

  return (
    <Frame>
      <main className={css.page} data-region tabIndex={-1} id="main">
        <h1 className="vh">{t("nav.menus")}</h1>
        <Tabs />
        <div className={css.columns}>
          <Panel
            title={t("menus.list")}
            end={<Add label={t("menus.newMenu")} onPress={() => setOpen({ what: "menu" })} />}
          >
            <Loading of={menus} empty={t("menus.none")} hint={t("menus.noneHint")}>
              <ul className={css.cards}>
                {menus.data?.map((menu) => (
                  <li key={menu.id}>
                    <Link href={`/menus/${menu.id}`} className={css.card ?? ""}>
                      <b className="strong">{name(menu.body.name)}</b>
                      <span className="row wrap">
                        {numbersOf(menu.id).map((one) => (
                          <Tag key={one} icon="phone">
                            {number(one)}
                          </Tag>
                        ))}
                        {numbersOf(menu.id).length === 0 && <Tag tone="warn">{t("menus.noNumber")}</Tag>}
                      </span>
                      <small>
                        {t("menus.stepCount", { n: Object.keys((menu.body.menu.nodes as object | undefined) ?? {}).length })} ·{" "}
                        {t("menus.changedBy", {
                          n: menu.version,
                          when: `${date(menu.changed_at)}, ${time(menu.changed_at)}`,
                          who: menu.changed_by ? names.person(menu.changed_by) : t("menus.system"),
                        })}
                      </small>
                    </Link>
                  </li>
                ))}
              </ul>
            </Loading>
          </Panel>
          <div className={css.stack}>
            <Panel
              title={t("menus.lines")}
              end={<Add label={t("menus.newLine")} onPress={() => setOpen({ what: "line", item: null })} />}
            >
              <Loading of={lines} empty={t("menus.noLines")} hint={t("menus.noLinesHint")}>
                <ul className={css.rows}>
                  {lines.data?.map((line) => (
                    <li key={line.id}>
                      <div>
                        <b className="strong">{name(line.body.name)}</b>
                        <span className="sub num">{line.body.numbers.map(number).join(", ")}</span>
                      </div>
                      <span className="sub">
                        {name(menus.data?.find((menu) => menu.id === line.body.menu)?.body.name, line.body.menu)}
                      </span>
                      <Change label={name(line.body.name)} onPress={() => setOpen({ what: "line", item: line })} />
                    </li>
                  ))}
                </ul>
              </Loading>
            </Panel>
            <Panel
              title={t("menus.incidents")}
              end={<Add label={t("menus.newIncident")} onPress={() => setOpen({ what: "incident", item: null })} />}
            >
              <Loading of={incidents} empty={t("menus.noIncidents")} hint={t("menus.noIncidentsHint")}>
                <ul className={css.rows}>
                  {incidents.data?.map((incident) => {
                    const said = incident.body.announcement as unknown as Announcement;
                    const state = holds(said);
                    return (
                      <li key={incident.id}>
                        <div>
                          <b className="strong">{name(incident.body.name)}</b>
                          <span className="sub">
                            {said.regions?.length
                              ? said.regions.map((id) => name(regions.find((one) => one.id === id)?.body.name, id)).join(", ")
                              : t("menus.everywhere")}
                            {said.until ? ` · ${t("menus.untilTime", { when: `${date(said.until)}, ${time(said.until)}` })}` : ""}
                          </span>
                        </div>
                        <Tag tone={state === "now" ? "warn" : "plain"}>{t(`menus.incident.${state}`)}</Tag>
                        <Change label={name(incident.body.name)} onPress={() => setOpen({ what: "incident", item: incident })} />
                      </li>
                    );
                  })}
                </ul>
              </Loading>
            </Panel>
          </div>
        </div>
      </main>
      {open?.what === "menu" && <NewMenuDialog onClose={close} />}
      {open?.what === "line" && <LineDialog item={open.item} onClose={close} />}
      {open?.what === "incident" && <IncidentDialog item={open.item} onClose={close} />}
    </Frame>
  );
}

function Add({ label, onPress }: { label: string; onPress: () => void }) {
  return (
    <Button size="s" icon="plus" onPress={onPress}>
      {label}
    </Button>
  );
}

function Change({ label, onPress }: { label: string; onPress: () => void }) {
  const { t } = useTexts();
  return (
    <Button size="s" aria-label={t("menus.changeOne", { name: label })} onPress={onPress}>
      {t("menus.change")}
    </Button>
  );
}

interface LoadingProps {
  of: { isPending: boolean; isError: boolean; error: unknown; data?: unknown[] | undefined; refetch: () => Promise<unknown> };
  empty: string;
  hint: string;
  children: ReactNode;
}

function Loading({ of, empty, hint, children }: LoadingProps) {
  const speech = useTexts();
  const { t } = speech;
  if (of.isPending) return <Skeleton label={t("state.loading")} lines={3} />;
  if (of.isError) {
    return (
      <Empty icon="alert" title={refusalText(speech, of.error)}>
        <Button icon="retry" onPress={() => void of.refetch()}>
          {t("message.retry")}
        </Button>
      </Empty>
    );
  }
  if (of.data?.length === 0) {
    return (
      <Empty icon="list" title={empty}>
        <p className="sm sub">{hint}</p>
      </Empty>
    );
  }
  return children;
}
