import { Button } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { Modal } from "@kit/components/Modal";
import { NoteBox } from "@kit/components/Pill";
import { audioDevices, Meter, MicrophoneError, openMicrophone, type AudioDevice, type MicrophoneFault } from "@kit/microphone";
import { ring } from "@kit/sound";
import { useEffect, useId, useRef, useState } from "react";
import { useSpeech } from "../i18n";
import css from "./CallStage.module.css";
import { chooseHeadset, useHeadset } from "./devices";
import { playBack, record, RECORD_SECONDS } from "./sound-test";
import { useOwnPhone, WorkBy } from "./WorkBy";

interface PickerProps {
  label: string;
  devices: AudioDevice[];
  value: string;
  onChange: (id: string) => void;
}

function Picker({ label, devices, value, onChange }: PickerProps) {
  const { t } = useSpeech();
  const id = useId();
  const known = devices.some((device) => device.id === value);
  return (
    <div>
      <label className={field.label} htmlFor={id}>
        {label}
      </label>
      <select id={id} className={field.field} value={known ? value : ""} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t("devices.default")}</option>
        {devices
          .filter((device) => device.id !== "" && device.id !== "default")
          .map((device, index) => (
            <option key={device.id} value={device.id}>
              {device.label || t("devices.unnamed", { n: index + 1 })}
            </option>
          ))}
      </select>
    </div>
  );
}

/** The open microphone of the dialog, with its level written into the meter. */
function useOpenMicrophone(id: string, meter: React.RefObject<HTMLMeterElement | null>) {
  const [track, setTrack] = useState<MediaStreamTrack | null>(null);
  const [fault, setFault] = useState<MicrophoneFault | null>(null);
  useEffect(() => {
    let open: MediaStreamTrack | null = null;
    let closed = false;
    let context: AudioContext | null = null;
    let timer: ReturnType<typeof setInterval> | undefined;
    const begin = async () => {
      try {
        open = await openMicrophone(id || undefined);
      } catch (error) {
        if (!closed) setFault(error instanceof MicrophoneError ? error.fault : "busy");
        return;
      }
      if (closed) {
        open.stop();
        return;
      }
      setFault(null);
      setTrack(open);
      context = new AudioContext();
      const level = new Meter(context, open);
      timer = setInterval(() => {
        if (meter.current) meter.current.value = level.level();
      }, 80);
    };
    void begin();
    return () => {
      closed = true;
      clearInterval(timer);
      open?.stop();
      void context?.close();
      setTrack(null);
    };
  }, [id, meter]);
  return { track, fault };
}

/** Which microphone and loudspeaker, with a level and a test; kept on this computer. */
function BrowserSound() {
  const { t } = useSpeech();
  const { microphone, speaker } = useHeadset();
  const meter = useRef<HTMLMeterElement>(null);
  const { track, fault } = useOpenMicrophone(microphone, meter);
  const [devices, setDevices] = useState<Awaited<ReturnType<typeof audioDevices>>>({ microphones: [], speakers: [] });
  const [test, setTest] = useState<"recording" | "playing" | null>(null);

  useEffect(() => {
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (!media) return;
    const look = () => void audioDevices().then(setDevices);
    look(); // again with the microphone open: only then have devices names
    media.addEventListener("devicechange", look);
    return () => media.removeEventListener("devicechange", look);
  }, [track]);

  const tryOut = async () => {
    if (!track || test) return;
    try {
      setTest("recording");
      const sound = await record(track);
      setTest("playing");
      await playBack(sound, speaker);
    } finally {
      setTest(null);
    }
  };

  return (
    <>
      <Picker
        label={t("devices.microphone")}
        devices={devices.microphones}
        value={microphone}
        onChange={(id) => chooseHeadset({ microphone: id })}
      />
      {fault ? (
        <NoteBox tone="bad" icon="mic-off" alert>
          {t(`call.alarm.${fault}`)}
        </NoteBox>
      ) : (
        <div>
          <meter ref={meter} className={css.meter} min={0} max={1} aria-label={t("devices.level")} />
          <p className="xs muted">{t("devices.levelHint")}</p>
        </div>
      )}
      {devices.speakers.length > 0 ? (
        <Picker
          label={t("devices.speaker")}
          devices={devices.speakers}
          value={speaker}
          onChange={(id) => chooseHeadset({ speaker: id })}
        />
      ) : (
        <p className="sm sub">{t("devices.noChoice")}</p>
      )}
      <div className="row wrap">
        <Button icon="mic" isDisabled={!track} isPending={test !== null} onPress={() => void tryOut()}>
          {t("devices.record", { n: RECORD_SECONDS })}
        </Button>
        <Button icon="bell" onPress={ring}>
          {t("devices.ring")}
        </Button>
        <span role="status" className="sm sub">
          {test && t(`devices.${test}`)}
        </span>
      </div>
    </>
  );
}

/** Where calls are taken, and for the browser which microphone and loudspeaker. */
export function DeviceDialog({ onClose }: { onClose: () => void }) {
  const { t } = useSpeech();
  const { data: own, isPending } = useOwnPhone();
  return (
    <Modal title={t("devices.title")} closeLabel={t("state.close")} onClose={onClose}>
      <div className={css.devices}>
        {own?.phone && <WorkBy own={own} />}
        {!isPending && own?.by !== "phone" && <BrowserSound />}
      </div>
    </Modal>
  );
}
