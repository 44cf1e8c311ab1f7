import { Pill, Tag } from "@kit/components/Pill";
import { Timer } from "@kit/components/Timer";
import { clockText } from "@kit/durations";
import type { WorkItem } from "@kit/live-types";
import { lazy, Suspense, useRef, useState } from "react";
import { TransferDialog } from "../conversation/TransferDialog";
import { useSpeech } from "../i18n";
import { useActions, useKeys } from "../keyboard/keys";
import { useTakenFocus } from "../keyboard/useTakenFocus";
import { RecordingPanel } from "../recording/RecordingPanel";
import { CallAlarm } from "./CallAlarm";
import { CallControl } from "./CallControl";
import { CallNotes } from "./CallNotes";
import css from "./CallStage.module.css";
import { DeviceDialog } from "./DeviceDialog";
import { GuestStrip } from "./GuestStrip";
import { Keypad } from "./Keypad";
import { alarmOf, qualityOf, ringsKey, STAGE_STATES, stageOf } from "./line-state";
import { useLine } from "./line-store";
import { useCallActions } from "./useCallActions";
import { Voices } from "./Voices";
import { Who } from "./Who";

const ConsultDialog = lazy(() => import("./ConsultDialog"));

/** How well both hear each other, in words; nothing while they do not. */
function Quality() {
  const { t } = useSpeech();
  const line = useLine((state) => state);
  const quality = qualityOf(line.quality);
  if (!quality || stageOf(line) === "connecting" || alarmOf(line, true)) return null;
  return (
    <Tag tone={quality.sound === "good" ? "ok" : quality.sound === "fair" ? "warn" : "bad"} icon="signal">
      {t(`call.quality.${quality.sound}`, { side: quality.side })}
    </Tag>
  );
}

/** One call: who and since when, how it sounds, what can be done; notes and reasons below. */
export default function CallStage({ row }: { row: WorkItem }) {
  const { t } = useSpeech();
  const line = useLine((state) => state);
  const call = useCallActions(row);
  const keys = useKeys();
  const [dialog, setDialog] = useState<"keypad" | "transfer" | "consult" | "devices" | null>(null);
  const pad = useRef<HTMLButtonElement>(null);
  const stage = stageOf(line);
  const rings = row.state === "dialling";
  const close = () => setDialog(null);
  useTakenFocus();
  useActions({
    keypad: () => (rings ? false : (setDialog(dialog === "keypad" ? null : "keypad"), undefined)),
    consult: () => (rings ? false : (setDialog("consult"), undefined)),
    transfer: () => (rings ? false : (setDialog("transfer"), undefined)),
    end: () => (call.end(), undefined),
  });

  return (
    <div className={css.page}>
      <section className={css.stage} aria-labelledby="main">
        <header className={css.header}>
          <Who row={row}>
            <Pill state={rings ? "offered" : STAGE_STATES[stage]}>{t(rings ? ringsKey(row, line) : `call.state.${stage}`)}</Pill>
            {row.callback && (
              <Tag tone="plain" icon="phone">
                {t("call.attempt", { n: row.callback.attempt, of: row.callback.attempts })}
              </Tag>
            )}
            <Tag tone={call.recording === "paused" ? "warn" : "plain"} icon={call.recording === "paused" ? "rec" : "rec-dot"}>
              {t(`call.recording.${call.recording}`)}
            </Tag>
            {call.muted && (
              <Tag tone="warn" icon="mic-off">
                {t("call.muted")}
              </Tag>
            )}
            <Quality />
          </Who>
          <Voices />
          <div className={css.time}>
            <Timer since={row.since} className={css.timer} />
            {!row.outgoing && <p className="xs muted nowrap">{t("chat.waited", { wait: clockText(row.wait) })}</p>}
          </div>
        </header>
        <div className={css.alarm}>
          <CallAlarm contact={row.id} talking={!rings} onDevices={() => setDialog("devices")} />
        </div>
        <GuestStrip row={row} />
        <div className={css.controls} role="group" aria-label={t("call.controls")}>
          <CallControl icon="pause" label={t("call.hold")} chord={keys.hold} aria-pressed={call.held} isDisabled={rings} onPress={call.hold} />
          <CallControl
            icon={call.muted ? "mic-off" : "mic"}
            label={t("call.mute")}
            chord={keys.mute}
            aria-pressed={call.muted}
            isDisabled={!call.canMute}
            onPress={call.mute}
          />
          <CallControl icon="user" label={t("call.consult")} chord={keys.consult} isDisabled={rings} onPress={() => setDialog("consult")} />
          <CallControl icon="transfer" label={t("call.transfer")} chord={keys.transfer} isDisabled={rings} onPress={() => setDialog("transfer")} />
          <CallControl
            ref={pad}
            icon="keypad"
            label={t("call.keypad")}
            chord={keys.keypad}
            aria-pressed={dialog === "keypad"}
            isDisabled={rings}
            onPress={() => setDialog("keypad")}
          />
          <CallControl
            icon="rec"
            label={t("call.pauseRecording")}
            chord={keys.record}
            aria-pressed={call.recording === "paused"}
            isDisabled={call.recording === "off"}
            onPress={call.pauseRecording}
          />
          <CallControl icon="headset" label={t("call.devices")} onPress={() => setDialog("devices")} />
          <CallControl icon="hangup" label={t(rings ? "call.giveUp" : "chat.end")} chord={keys.end} isEnd isPending={call.busy} onPress={call.end} />
        </div>
      </section>
      {row.voicemail && <RecordingPanel contact={row.id} part="voicemail" />}
      <CallNotes key={row.id} contact={row.id} />
      {dialog === "keypad" && <Keypad trigger={pad} onPress={call.press} onClose={close} />}
      {dialog === "transfer" && <TransferDialog row={row} onClose={close} />}
      {dialog === "consult" && (
        <Suspense fallback={null}>
          <ConsultDialog row={row} onClose={close} />
        </Suspense>
      )}
      {dialog === "devices" && <DeviceDialog onClose={close} />}
    </div>
  );
}
