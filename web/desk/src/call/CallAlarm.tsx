import { Button } from "@kit/components/Button";
import { NoteBox } from "@kit/components/Pill";
import { useSpeech } from "../i18n";
import { alarmOf } from "./line-state";
import { useLine, useLineModule } from "./line-store";

/** What the desk phone does while the talk is on. */
const PHONE = { ok: "call.phone.ok", connecting: "call.phone.lift", lost: "call.phone.lost" } as const;

interface CallAlarmProps {
  contact: string;
  talking: boolean;
  onDevices?: () => void;
}

/** What is wrong with the sound, what the subscriber hears meanwhile, and what to do; or where the sound is. */
export function CallAlarm({ contact, talking, onDevices }: CallAlarmProps) {
  const { t } = useSpeech();
  const line = useLine((state) => state);
  const module = useLineModule();
  if (line.contact !== contact) return null;
  if (line.leg === "moved") {
    return (
      <NoteBox tone="info" icon="phone">
        <div className="row">
          <span className="grow">{t("call.elsewhere")}</span>
          <Button onPress={() => module?.claim()}>
            {t("call.take")}
          </Button>
        </div>
      </NoteBox>
    );
  }
  if (line.leg === "phone") {
    const media = line.standing?.media ?? "connecting";
    return (
      <NoteBox tone={media === "lost" ? "bad" : "info"} icon="phone" alert={media === "lost"}>
        {t(talking ? PHONE[media] : "call.phone.rings")}
      </NoteBox>
    );
  }
  const alarm = alarmOf(line, talking);
  if (!alarm) return null;
  return (
    <NoteBox tone="bad" icon={alarm.code === "lost" ? "signal" : alarm.code === "blocked" ? "bell" : "mic-off"} alert>
      <div className="row">
        <span className="grow">
          {t(`call.alarm.${alarm.code}`)} {alarm.hears && <b className="strong">{t(`call.hears.${alarm.hears}`)}</b>}
        </span>
        {alarm.code === "blocked" ? (
          <Button onPress={() => void module?.resume()}>
            {t("call.playback")}
          </Button>
        ) : (
          alarm.code !== "unable" && (
            <>
              {alarm.code !== "denied" && alarm.code !== "lost" && onDevices && (
                <Button onPress={onDevices}>
                  {t("call.choose")}
                </Button>
              )}
              <Button icon="retry" onPress={() => void (alarm.code === "lost" ? module?.claim() : module?.retryMicrophone())}>
                {t("message.retry")}
              </Button>
            </>
          )
        )}
      </div>
    </NoteBox>
  );
}
