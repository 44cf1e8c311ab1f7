import { Button } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { Icon } from "@kit/components/Icon";
import { Panel } from "@kit/components/Panel";
import { Pill, Tag } from "@kit/components/Pill";
import { Segmented } from "@kit/components/Segmented";
import { Timer } from "@kit/components/Timer";
import type { FloorAgent } from "@kit/live-types";
import { memo, useCallback, useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { Link } from "wouter";
import { useNames, type Names } from "../config/config";
import { useSpeech, type DeskSpeech, type Key } from "../i18n";
import { useCan } from "../session/session";
import { AgentMenu } from "./AgentMenu";
import { stateOf } from "../presence/states";
import { doingOf } from "./doing";
import css from "./Floor.module.css";
import { callOf } from "./monitor-state";
import { sortAgents, type AgentSort } from "./order";
import { SendAwayDialog, type Away } from "./SendAwayDialog";
import { useFrozenOrder } from "./useFrozenOrder";
import { MODE_KEYS, useMonitor, type Monitor } from "./useMonitor";

const COLUMNS: { sort: AgentSort | null; key: Key; className?: string | undefined }[] = [
  { sort: "name", key: "floor.agent", className: css.name },
  { sort: "state", key: "floor.state", className: css.state },
  { sort: null, key: "floor.busy" },
  { sort: "handled", key: "floor.today", className: `${css.r} ${css.w5}` },
  { sort: null, key: "figures.fives", className: `${css.r} ${css.w4}` },
];

function stateWord(agent: FloorAgent, { t }: DeskSpeech, names: Names): string {
  if (agent.activity === "idle" && agent.presence === "break" && agent.reason) return names.breakReason(agent.reason);
  const { key, params } = doingOf(agent);
  return t(key, params);
}

interface AgentRowProps {
  agent: FloorAgent;
  /** Whose call the agent takes part in. */
  helped: string | null;
  /** May this person steer agents? */
  steers: boolean;
  monitor: Monitor;
  onSend: (agent: string, presence: Away) => void;
}

const AgentRow = memo(function AgentRow({ agent, helped, steers, monitor, onSend }: AgentRowProps) {
  const speech = useSpeech();
  const { t } = speech;
  const names = useNames();
  const state = stateOf(agent);
  const name = names.person(agent.id) || t("why.colleague");
  const talk = monitor.listens ? callOf(agent) : undefined;
  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>) => {
    // Keys of the row's open menu come through here, too: it is no part of the row on the page.
    const { currentTarget: row, target } = event;
    if (!(target instanceof Node && row.contains(target)) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target === row && (event.code === "ArrowDown" || event.code === "ArrowUp")) {
      const rows = [...(row.parentElement?.querySelectorAll<HTMLElement>("tr[tabindex]") ?? [])];
      rows[rows.indexOf(row) + (event.code === "ArrowDown" ? 1 : -1)]?.focus();
      event.preventDefault();
      return;
    }
    const mode = MODE_KEYS[event.code];
    if (!talk || !mode || (mode !== "listen" && !monitor.joins)) return;
    event.preventDefault();
    monitor.start(talk.id, agent.id, mode);
  };
  return (
    <tr tabIndex={talk ? 0 : undefined} aria-keyshortcuts={talk ? (monitor.joins ? "L W B" : "L") : undefined} onKeyDown={onKeyDown}>
      <th scope="row" title={name}>
        {name}
      </th>
      <td>
        <span title={stateWord(agent, speech, names)}>
          <Pill state={state} since={state === "offline" ? null : agent.since}>
            {stateWord(agent, speech, names)}
          </Pill>
        </span>
      </td>
      <td className={css.busy}>
        {agent.hand !== null && (
          <Tag tone="ember" icon="hand">
            <span className="vh">{t("floor.hand")}</span>
            <Timer since={agent.hand} />
          </Tag>
        )}{" "}
        {!agent.connected && state !== "offline" && (
          <Tag tone="warn" icon="signal">
            {t("floor.noLink")}
          </Tag>
        )}
        {agent.helping !== null && (
          <span>
            <Link href={`/contacts/${agent.helping}`}>{t("floor.helps", { name: helped ? names.person(helped) : t("why.colleague") })}</Link>
            {agent.contacts.length > 0 && ", "}
          </span>
        )}
        {agent.contacts.map((contact, index) => (
          <span key={contact.id}>
            {index > 0 && ", "}
            <Link href={`/contacts/${contact.id}`}>{names.reason(contact.reason) || names.queue(contact.queue)}</Link>
          </span>
        ))}
      </td>
      <td className={css.r}>{agent.handled}</td>
      <td className={css.r}>
        {agent.grades > 0 ? (
          t("floor.fives", { fives: agent.fives, n: agent.grades })
        ) : (
          <span className="muted">{t("floor.noGrades")}</span>
        )}
      </td>
      {(steers || monitor.listens) && (
        <td className={css.menu}>
          {(talk !== undefined || (steers && agent.presence !== "offline")) && (
            <AgentMenu agent={agent} name={name} steers={steers} monitor={monitor} onSend={onSend} />
          )}
        </td>
      )}
    </tr>
  );
});

export function AgentTable({ agents, stale }: { agents: FloorAgent[]; stale: ReactNode }) {
  const { t } = useSpeech();
  const names = useNames();
  const [sort, setSort] = useState<AgentSort>("state");
  const [who, setWho] = useState<"present" | "all">("present");
  const [find, setFind] = useState("");
  const steers = useCan()("floor.steer");
  const monitor = useMonitor();
  const [sending, setSending] = useState<{ agent: string; presence: Away } | null>(null);
  const onSend = useCallback((agent: string, presence: Away) => setSending({ agent, presence }), []);
  const byId = useMemo(() => new Map(agents.map((agent) => [agent.id, agent])), [agents]);
  const owners = useMemo(() => new Map(agents.flatMap(({ id, contacts }) => contacts.map((one) => [one.id, id]))), [agents]);
  const sorted = useMemo(() => {
    const wanted = find.trim().toLocaleLowerCase();
    const shown = agents.filter(
      (agent) =>
        (who === "all" || agent.presence !== "offline" || agent.contacts.length > 0) &&
        (!wanted || `${names.person(agent.id)} ${names.team(agent.team)}`.toLocaleLowerCase().includes(wanted)),
    );
    return sortAgents(shown, sort, names.person);
  }, [agents, sort, who, find, names]);
  const sent = sending ? byId.get(sending.agent) : undefined;
  const { order, isFrozen, hasNewOrder, applyOrder, holders } = useFrozenOrder(sorted);
  return (
    <Panel
      title={t("floor.agents")}
      stale={stale}
      className={css.tall}
      end={
        <>
          {hasNewOrder ? (
            <Button size="s" onPress={applyOrder}>
              {t("floor.newOrder")}
            </Button>
          ) : (
            <small>{isFrozen ? t("floor.frozen") : ""}</small>
          )}
          <input
            type="search"
            className={`${field.field} ${css.find}`}
            aria-label={t("floor.find")}
            placeholder={t("floor.find")}
            value={find}
            onChange={(event) => setFind(event.target.value)}
          />
          <Segmented
            label={t("floor.who")}
            value={who}
            options={[
              { id: "present", label: t("floor.onShift") },
              { id: "all", label: t("floor.all") },
            ]}
            onChange={setWho}
          />
        </>
      }
    >
      <div className={css.scroll} tabIndex={0} role="region" aria-label={t("floor.agents")} {...holders}>
        <table className={`${css.table} ${css.fixed}`}>
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th
                  key={column.key}
                  scope="col"
                  className={column.className}
                  aria-sort={column.sort === sort ? (sort === "handled" ? "descending" : "ascending") : undefined}
                >
                  {column.sort ? (
                    <button type="button" className={css.sort} onClick={() => setSort(column.sort ?? "state")}>
                      {t(column.key)}
                      {column.sort === sort && <Icon name="down" size="s" />}
                    </button>
                  ) : (
                    t(column.key)
                  )}
                </th>
              ))}
              {(steers || monitor.listens) && (
                <th scope="col" className={css.menu}>
                  <span className="vh">{t("agentMenu.column")}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {order.map((id) => {
              const agent = byId.get(id);
              const helped = agent?.helping ? (owners.get(agent.helping) ?? null) : null;
              return agent && <AgentRow key={id} agent={agent} helped={helped} steers={steers} monitor={monitor} onSend={onSend} />;
            })}
          </tbody>
        </table>
        {order.length === 0 && <p className={css.none}>{t("floor.nobody")}</p>}
      </div>
      {sent && sending && <SendAwayDialog agent={sent} presence={sending.presence} onClose={() => setSending(null)} />}
    </Panel>
  );
}
