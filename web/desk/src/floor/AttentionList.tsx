import { onTick } from "@kit/clock";
import { api } from "@kit/client";
import { Button } from "@kit/components/Button";
import { Icon } from "@kit/components/Icon";
import { Panel } from "@kit/components/Panel";
import { Tag } from "@kit/components/Pill";
import { Timer } from "@kit/components/Timer";
import type { IconName } from "@kit/icon-names";
import type { FloorAgent, FloorQueue, FloorWaiting } from "@kit/live-types";
import { useEffect, useState, type ReactNode } from "react";
import { Link } from "wouter";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { useCan } from "../session/session";
import { useCommand } from "../session/useCommand";
import css from "./Floor.module.css";
import { needsAttention, type Attention } from "./order";

interface AttentionListProps {
  agents: FloorAgent[];
  queues: FloorQueue[];
  waiting: FloorWaiting[];
  stale: ReactNode;
}

const ICONS: Record<Attention["kind"], [IconName, string]> = {
  hand: ["hand", "t-ember"],
  wait: ["clock", "t-bad"],
  nobody: ["alert", "t-bad"],
  lost: ["signal", "t-warn"],
};

/** The page's time, coarse: what needs attention changes by the ten seconds, not by the second. */
function useCoarseNow(): number {
  const [now, setNow] = useState(0);
  useEffect(() => onTick((at) => setNow(Math.floor(at / 10) * 10)), []);
  return now;
}

function Line({ item }: { item: Attention }) {
  const { t } = useSpeech();
  const names = useNames();
  const [icon, tone] = ICONS[item.kind];
  const name = item.agent ? names.person(item.agent.id) || t("why.colleague") : names.queue(item.queue?.id);
  const contact = item.agent?.hand_contact;
  const steers = useCan()("floor.steer");
  const { run, busy } = useCommand();
  const come = (agent: string) => void run(() => api.put(`/floor/agents/${agent}/hand`, { raised: false }));
  return (
    <li>
      <span className={tone}>
        <Icon name={icon} />
      </span>
      <span>{t(`attention.${item.kind}`, { name })}</span>
      {item.since === null ? <span /> : <Timer since={item.since} className="strong" />}
      {item.kind === "hand" && item.agent && (
        <span className={css.steer}>
          {steers && (
            <Button size="s" isPending={busy} onPress={() => come(item.agent?.id ?? "")}>
              {t("attention.come")}
              <span className="vh">: {name}</span>
            </Button>
          )}
          {contact && <Link href={`/contacts/${contact}`}>{t("attention.openContact")}</Link>}
        </span>
      )}
      {item.kind === "wait" && item.queue && (
        <small>{t("attention.waitDetail", { n: item.queue.waiting, ready: item.queue.agents_ready })}</small>
      )}
    </li>
  );
}

/** What needs a person now; raised hands first, spoken at once. */
export function AttentionList({ agents, queues, waiting, stale }: AttentionListProps) {
  const { t } = useSpeech();
  const names = useNames();
  const now = useCoarseNow();
  const items = needsAttention(agents, queues, waiting, now);
  const hands = items.filter((item) => item.kind === "hand");
  return (
    <Panel
      title={t("attention.title")}
      stale={stale}
      end={items.length > 0 ? <Tag tone="warn">{items.length}</Tag> : undefined}
    >
      <p className="vh" role="alert">
        {hands.map((item) => t("attention.hand", { name: names.person(item.agent?.id) })).join(". ")}
      </p>
      {items.length === 0 ? (
        <p className={css.none}>{t("attention.none")}</p>
      ) : (
        <ul className={css.alerts}>
          {items.map((item) => (
            <Line key={item.id} item={item} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
