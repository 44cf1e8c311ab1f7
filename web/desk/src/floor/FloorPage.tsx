import { Button } from "@kit/components/Button";
import { Skeleton } from "@kit/components/States";
import { Tag } from "@kit/components/Pill";
import { useMemo } from "react";
import { Frame } from "../frame/Frame";
import { LinkBanner, useLost } from "../frame/LinkBanner";
import { useSpeech } from "../i18n";
import { useKey } from "../keyboard/keys";
import { useLive } from "../live/store";
import { useFloor } from "../live/useFloor";
import { AgentTable } from "./AgentTable";
import { AttentionList } from "./AttentionList";
import css from "./Floor.module.css";
import { QueueTable } from "./QueueTable";
import { StateStrip } from "./StateStrip";
import { WaitingList } from "./WaitingList";

/** The supervisor's live page: who does what, which queue waits for how long, what needs a person. */
export default function FloorPage() {
  const { t, timeExact } = useSpeech();
  const region = useKey("region");
  const floor = useFloor();
  const at = useLive((state) => state.at.floor);
  const lost = useLost("floor");
  const agents = useMemo(() => Object.values(floor?.agents ?? {}), [floor?.agents]);
  const queues = useMemo(() => Object.values(floor?.queues ?? {}), [floor?.queues]);
  const waiting = useMemo(() => Object.values(floor?.waiting ?? {}), [floor?.waiting]);
  const stale = lost && at > 0 ? <Tag icon="clock">{t("state.asOf", { time: timeExact(at) })}</Tag> : null;
  return (
    <Frame hints={[{ chord: region, text: t("key.region") }]}>
      <main className={css.page} data-region tabIndex={-1} id="main">
        <h1 className="vh">{t("nav.floor")}</h1>
        {lost && <LinkBanner topic="floor" />}
        {!floor ? (
          <>
            <Skeleton label={t("state.connecting")} lines={6} />
            {lost && <Button onPress={() => location.reload()}>{t("message.retry")}</Button>}
          </>
        ) : (
          <>
            <StateStrip agents={agents} totals={floor.totals} at={at} stale={stale} />
            <div className={css.columns}>
              <AgentTable agents={agents} stale={stale} />
              <div className={css.stack}>
                <QueueTable queues={queues} stale={stale} />
                <AttentionList agents={agents} queues={queues} waiting={waiting} stale={stale} />
                <WaitingList waiting={waiting} stale={stale} />
              </div>
            </div>
          </>
        )}
      </main>
    </Frame>
  );
}
