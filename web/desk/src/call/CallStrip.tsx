import { Button } from "@kit/components/Button";
import { Pill } from "@kit/components/Pill";
import { Timer } from "@kit/components/Timer";
import type { WorkItem } from "@kit/live-types";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { useKeys } from "../keyboard/keys";
import { select } from "../work/desk";
import { whoIs } from "../work/labels";
import { CallAlarm } from "./CallAlarm";
import css from "./CallStage.module.css";
import { ringsKey, STAGE_STATES, stageOf } from "./line-state";
import { useLine } from "./line-store";
import { useCallActions } from "./useCallActions";

/** The call that goes on while another contact is in the centre: never out of sight, never out of reach. */
export default function CallStrip({ row }: { row: WorkItem }) {
  const speech = useSpeech();
  const { t } = speech;
  const names = useNames();
  const line = useLine((state) => state);
  const stage = stageOf(line);
  const rings = row.state === "dialling";
  const call = useCallActions(row);
  const keys = useKeys();
  return (
    <section className={css.strip} aria-label={t("call.running")}>
      <div className={css.line}>
        <Pill state={rings ? "offered" : STAGE_STATES[stage]}>
          {t(rings ? ringsKey(row, line) : `call.state.${stage}`)}
        </Pill>
        <b className="strong cut grow">{whoIs(row, speech, names)}</b>
        <Timer since={row.since} className="strong" />
        <Button className={css.beside} icon="pause" chord={keys.hold} aria-pressed={call.held} isDisabled={rings} onPress={call.hold}>
          {t("call.hold")}
        </Button>
        <Button
          className={css.beside}
          icon={call.muted ? "mic-off" : "mic"}
          chord={keys.mute}
          aria-pressed={call.muted}
          isDisabled={!call.canMute}
          onPress={call.mute}
        >
          {t("call.mute")}
        </Button>
        <Button icon="phone" onPress={() => select(row.id)}>
          {t("call.go")}
        </Button>
      </div>
      <CallAlarm contact={row.id} talking={!rings} />
    </section>
  );
}
