import { Panel } from "@kit/components/Panel";
import { Empty } from "@kit/components/States";
import { Button } from "@kit/components/Button";
import type { ContactPageResult } from "@kit/api";
import { api, query } from "@kit/client";
import { Timer } from "@kit/components/Timer";
import { useShortcuts } from "@kit/keyboard";
import type { MeState } from "@kit/live-types";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { ResultTag } from "../card/Earlier";
import { useNames } from "../config/config";
import { useSpeech, type Key } from "../i18n";
import { KeyList } from "../keyboard/KeyList";
import type { KeyLine } from "../keyboard/keymap";
import { useFloor } from "../live/useFloor";
import { DeviceButton } from "../call/DeviceButton";
import { useHelping } from "../call/helping";
import { sentAway, stateKey } from "../presence/states";
import { useCan, useSession } from "../session/session";
import { useCommand } from "../session/useCommand";
import css from "./Idle.module.css";

/** Whoever has the focus here means Enter for it. */
const WIDGETS = "a, button, input, textarea, select, [role=dialog], [role=menu]";

const KEYS: KeyLine[] = [
  { action: "command", text: "key.command" },
  { action: "presence", text: "key.presence" },
  { action: "hand", text: "key.hand" },
  { action: "acceptDocked", text: "key.acceptDocked" },
  { action: "region", text: "key.region" },
];

/** What to do for somebody who was sent off the line, by the reason. */
const OFF_LINE: Record<string, Key> = { missed_offer: "idle.missedHint", phone_unreachable: "idle.phoneHint" };

/** The line as a whole, for those who may see it. */
function TheLine() {
  const { t, number } = useSpeech();
  const names = useNames();
  const floor = useFloor();
  const queues = Object.values(floor?.queues ?? {}).filter((queue) => queue.waiting > 0);
  return (
    <Panel title={t("idle.line")}>
      {queues.length === 0 ? (
        <p className="sm sub">{floor ? t("idle.nobodyWaits") : t("state.noData")}</p>
      ) : (
        <ul className={css.queues}>
          {queues.map((queue) => (
            <li key={queue.id}>
              <span className="grow">{names.queue(queue.id)}</span>
              <span className="num">{t("idle.wait", { n: queue.waiting })}</span>
              <span className="num muted">
                {queue.longest_since !== null && (
                  <>
                    {t("idle.longest")} <Timer since={queue.longest_since} />
                  </>
                )}
              </span>
              <span className="num muted">{t("idle.ready", { n: number(queue.agents_ready) })}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** The last contacts of this agent: what was just talked about is one click away. */
function Recent() {
  const { t, time } = useSpeech();
  const names = useNames();
  const { person } = useSession();
  const rows = useQuery({
    queryKey: ["contacts", "recent", person.id],
    queryFn: () => api.get<ContactPageResult>(`/contacts${query({ agent: person.id, limit: 6 })}`),
    staleTime: 5000,
  }).data?.items;
  if (!rows || rows.length === 0) return null;
  return (
    <Panel title={t("idle.recent")}>
      <ul className={css.queues}>
        {rows.map((row) => (
          <li key={row.id}>
            <time className="num muted">{time(row.arrived_at)}</time>
            <Link className="grow cut" href={`/contacts/${row.id}`}>
              {names.reason(row.reasons[0] ?? row.reason) || names.queue(row.queue)}
            </Link>
            <ResultTag row={row} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Nothing in hand: since when, what the line looks like, and which keys there are. */
export function Idle({ me }: { me: MeState }) {
  const { t, time } = useSpeech();
  const names = useNames();
  const can = useCan();
  const { run, busy } = useCommand();
  const free = me.presence === "available";
  const helping = useHelping();
  const colleague = names.person(helping?.agent) || t("why.colleague");
  const takesCalls = (me.slots.voice?.max ?? 0) > 0;
  const sent = sentAway(me);
  const back = () => void run(() => api.put("/me/presence", { presence: "available" }));
  useShortcuts({
    Enter: () => {
      if (!sent || document.activeElement?.closest(WIDGETS)) return false;
      back();
      return undefined;
    },
  });
  return (
    <main className={css.idle} data-region tabIndex={-1}>
      <h1 id="main" tabIndex={-1}>
        {helping
          ? t(helping.joined ? "idle.helping" : "idle.asked", { name: colleague })
          : !free
          ? t(sent ?? stateKey(me))
          : me.activity === "idle"
            ? t("idle.freeSince", { time: time(me.since) })
            : t("presence.available")}
      </h1>
      {!free && (
        <Panel title={t("idle.offLine")}>
          <p className="sm sub">{t(OFF_LINE[me.reason ?? ""] ?? "idle.offLineHint")}</p>
          <p className={css.action}>
            <Button look="primary" isPending={busy} onPress={back} {...(sent ? { chord: "Enter" } : {})}>
              {t(sent ? "idle.backOnLine" : "idle.goOnLine")}
            </Button>
          </p>
        </Panel>
      )}
      {free && (
        <section className={css.empty}>
          <Empty icon="chat" title={t("idle.none")}>
            <p className="sm sub">{t(helping ? "idle.helpingHint" : "idle.noneHint")}</p>
            {takesCalls && !helping && <DeviceButton />}
          </Empty>
        </section>
      )}
      <div className={css.two}>
        {can("floor.read") && <TheLine />}
        <Recent />
      </div>
      <Panel title={t("idle.keys")}>
        <KeyList keys={KEYS} />
      </Panel>
    </main>
  );
}
