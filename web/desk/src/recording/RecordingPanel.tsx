import type { Recording, RecordingPeaks } from "@kit/api";
import { ApiError, api, type RecordingPart } from "@kit/client";
import { Button } from "@kit/components/Button";
import { Icon } from "@kit/components/Icon";
import { Panel } from "@kit/components/Panel";
import { Skeleton } from "@kit/components/States";
import { useQuery } from "@tanstack/react-query";
import { useSpeech } from "../i18n";
import { useCan } from "../session/session";
import { refusalText } from "../session/useCommand";
import { Player } from "./Player";
import css from "./Recording.module.css";

const LOOK_AGAIN_MS = 5000;

function Failed({ error, again }: { error: unknown; again: () => void }) {
  const speech = useSpeech();
  return (
    <div className={css.failed} role="alert">
      <span className="sm">{refusalText(speech, error)}</span>
      <Button size="s" icon="retry" onPress={again}>
        {speech.t("message.retry")}
      </Button>
    </div>
  );
}

function Heard({ contact, part, recording, seconds }: { contact: string; part: RecordingPart; recording: Recording; seconds: number }) {
  const { t } = useSpeech();
  const peaks = useQuery({
    queryKey: ["recording", contact, part, "peaks"],
    queryFn: () => api.get<RecordingPeaks>(`/contacts/${contact}/recording/peaks?part=${part}`),
    staleTime: Infinity,
    retry: false,
  });
  if (peaks.isError) return <Failed error={peaks.error} again={() => void peaks.refetch()} />;
  if (!peaks.data) return <Skeleton label={t("state.loading")} lines={3} />;
  return <Player contact={contact} part={part} recording={recording} seconds={seconds} peaks={peaks.data} />;
}

/** The recording of a call, or a message that was left: to be heard, or why it cannot be. */
export function RecordingPanel({ contact, part = "talk" }: { contact: string; part?: RecordingPart }) {
  const speech = useSpeech();
  const { t } = speech;
  const may = useCan()("recording.listen");
  const recording = useQuery({
    queryKey: ["recording", contact, part],
    queryFn: () => api.get<Recording>(`/contacts/${contact}/recording?part=${part}`),
    enabled: may,
    retry: false,
    refetchInterval: (query) => (query.state.data?.state === "making" ? LOOK_AGAIN_MS : false),
  });
  const { data, error } = recording;
  const refused = error instanceof ApiError && ["recording.none", "recording.not_yours"].includes(error.code);
  const params = { date: data?.deleted_at ? speech.date(data.deleted_at) : "", host: data?.host ?? "" };
  return (
    <Panel
      title={t(`player.${part}`)}
      end={
        data?.state === "ready" ? (
          <span className={`${css.audited} xs muted`}>
            <Icon name="lock" size="s" />
            {t("player.audited")}
          </span>
        ) : undefined
      }
    >
      {!may ? (
        <p className="sm sub">{t("error.access.denied")}</p>
      ) : refused ? (
        <p className="sm sub">{refusalText(speech, error)}</p>
      ) : error ? (
        <Failed error={error} again={() => void recording.refetch()} />
      ) : !data ? (
        <Skeleton label={t("state.loading")} lines={3} />
      ) : data.state === "ready" && data.seconds ? (
        <Heard contact={contact} part={part} recording={data} seconds={data.seconds} />
      ) : (
        <p className="sm sub">{speech.find(`error.recording.${data.state}`, params) ?? data.state}</p>
      )}
    </Panel>
  );
}
