import { Button } from "@kit/components/Button";
import { Icon } from "@kit/components/Icon";
import { Segmented } from "@kit/components/Segmented";
import { Timer } from "@kit/components/Timer";
import { isTextField, useShortcuts } from "@kit/keyboard";
import type { FloorAgent } from "@kit/live-types";
import { useEffect } from "react";
import { callInHand } from "../call/line-state";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { useLive } from "../live/store";
import css from "./MonitorBar.module.css";
import { heardBy, type MonitorMode } from "./monitor-state";
import { dispatchWatch, loadMonitor, useWatch, watchState } from "./monitor-store";
import { useMonitor } from "./useMonitor";

/** How long the bar says that the call has ended. */
const SAID_MS = 6_000;

interface MonitorBarProps {
  agents: Record<string, FloorAgent>;
  /** The floor's connection is lost: what it shows says nothing of the call. */
  lost: boolean;
}

/** Whose call the supervisor is in and who hears whom; always on the screen while that is so. */
export function MonitorBar({ agents, lost }: MonitorBarProps) {
  const { t } = useSpeech();
  const names = useNames();
  const watch = useWatch((state) => state);
  const { joins, takes, setMode, leave, takeOver } = useMonitor();
  const own = useLive((state) => callInHand(state.desk?.work)?.state ?? null);
  const standing = watch?.leg ?? null;

  useEffect(() => {
    if (lost || standing === null || standing === "ended") return;
    dispatchWatch({ type: "floor", agents });
  }, [agents, lost, standing]);
  useEffect(() => {
    if (standing !== "ended") return;
    void loadMonitor().then((module) => module.ended());
    const timer = setTimeout(() => dispatchWatch({ type: "close" }), SAID_MS);
    return () => clearTimeout(timer);
  }, [standing]);
  // A call of one's own has come: two at a time cannot be heard.
  useEffect(() => {
    if (own === "talking" || own === "dialling") leave();
  }, [own, leave]);
  // The page is left, and with it the call.
  useEffect(
    () => () => {
      if (watchState()) void loadMonitor().then((module) => module.leave());
    },
    [],
  );
  const key = (act: () => void) => () => {
    if (!watchState() || isTextField(document.activeElement) || document.querySelector('[role="dialog"],[role="menu"]')) return false;
    act();
    return undefined;
  };
  useShortcuts({
    KeyL: key(() => setMode("listen")),
    KeyW: key(() => joins && setMode("whisper")),
    KeyB: key(() => joins && setMode("barge")),
    Escape: key(leave),
  });
  if (!watch) return null;

  const name = names.person(watch.agent) || t("why.colleague");
  const modes: MonitorMode[] = joins ? ["listen", "whisper", "barge"] : ["listen"];
  const heard = heardBy(watch);
  const said = watch.leg === "on" ? t(`monitor.heard.${heard}`) : t(`monitor.state.${watch.leg}`);
  const fault = watch.microphone === "lost" ? "unplugged" : watch.microphone;
  return (
    <section className={`${css.bar} ${heard === "nobody" ? "" : css.live}`} aria-label={t("monitor.label")} data-region tabIndex={-1}>
      <Icon name={heard === "nobody" ? "headset" : "mic"} />
      <div className={css.text}>
        <b>{t("monitor.call", { name })}</b>
        <span role="status">
          {said}
          {watch.leg === "on" && fault !== "ok" && <span className={css.fault}> {t(`call.alarm.${fault}`)}</span>}
        </span>
      </div>
      {watch.leg !== "ended" && (
        <>
          {watch.since !== null && <Timer since={watch.since} className="strong" />}
          {watch.blocked && (
            <Button size="s" onPress={() => void loadMonitor().then((module) => module.resume())}>
              {t("call.playback")}
            </Button>
          )}
          {fault !== "ok" && (
            <Button size="s" icon="retry" onPress={() => void loadMonitor().then((module) => module.retry())}>
              {t("message.retry")}
            </Button>
          )}
          <Segmented
            label={t("monitor.mode")}
            value={watch.mode}
            options={modes.map((id) => ({ id, label: t(`monitor.${id}`) }))}
            onChange={setMode}
          />
          {takes && (
            <Button size="s" onPress={() => takeOver(watch.contact)}>
              {t("monitor.takeOver")}
            </Button>
          )}
        </>
      )}
      <Button size="s" chord="Escape" onPress={leave}>
        {watch.leg === "ended" ? t("state.close") : t("monitor.leave")}
      </Button>
    </section>
  );
}
