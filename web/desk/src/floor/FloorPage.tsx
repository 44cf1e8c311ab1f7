import { Button } from "@kit/components/Button";
import { Skeleton } from "@kit/components/States";
import { Tag } from "@kit/components/Pill";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { Frame } from "../frame/Frame";
import { LinkBanner, useLost } from "../frame/LinkBanner";
import { useSpeech } from "../i18n";
import { useKey } from "../keyboard/keys";
import { useLive, useLiveTopic } from "../live/store";
import { useFloor } from "../live/useFloor";
import { SESSION_KEY, useCan } from "../session/session";
import { AgentTable } from "./AgentTable";
import { AttentionList } from "./AttentionList";
import css from "./Floor.module.css";
import { MonitorBar } from "./MonitorBar";
import { useWatch } from "./monitor-store";
import { QueueTable } from "./QueueTable";
import { StateStrip } from "./StateStrip";
import { WaitingList } from "./WaitingList";

/** The supervisor's live page: who does what, which queue waits for how long, what needs a person. */
export default function FloorPage() {
  const { t, timeExact } = useSpeech();
  const region = useKey("region");
  const floor = useFloor();
  const can = useCan();
  const client = useQueryClient();
  const onSessionEnded = useCallback(() => client.setQueryData(SESSION_KEY, null), [client]);
  // Words of a call come to the topic of the person; who handles contacts has it open on every page.
  useLiveTopic("me", can("call.listen") && !can("contact.handle"), onSessionEnded);
  const watching = useWatch((watch) => watch !== null);
  const at = useLive((state) => state.at.floor);
  const lost = useLost("floor");
  const agents = useMemo(() => Object.values(floor?.agents ?? {}), [floor?.agents]);
  const queues = useMemo(() => Object.values(floor?.queues ?? {}), [floor?.queues]);
  const waiting = useMemo(() => Object.values(floor?.waiting ?? {}), [floor?.waiting]);
  const stale = lost && at > 0 ? <Tag icon="clock">{t("state.asOf", { time: timeExact(at) })}</Tag> : null;
  return (
    <Frame hints={[{ chord: region, text: t("key.region") }]}>
      <main className={`${css.page} ${watching ? css.watching : ""}`} data-region tabIndex={-1} id="main">
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
      {floor && <MonitorBar agents={floor.agents} lost={lost !== null} />}
    </Frame>
  );
}
