import type { Recording, RecordingMark, RecordingPeaks } from "@kit/api";
import { ApiError, type RecordingPart } from "@kit/client";
import { Button } from "@kit/components/Button";
import { Segmented } from "@kit/components/Segmented";
import { clockText } from "@kit/durations";
import { useStore } from "@kit/store";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type KeyboardEvent, type PointerEvent } from "react";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { refusalText } from "../session/useCommand";
import css from "./Recording.module.css";
import { Sound, SoundLost } from "./sound";
import { Wave } from "./Wave";
import { percent, spanAt } from "./picture";

const STEP = 5;
const LEAP = 30;
const RATES = ["1", "1.25", "1.5", "2"] as const;

interface PlayerProps {
  contact: string;
  part: RecordingPart;
  recording: Recording;
  seconds: number;
  peaks: RecordingPeaks;
}

/** Play, seek and see a recording. Keys work wherever the focus is in it: Space, arrows, Home and End. */
export function Player({ contact, part, recording, seconds, peaks }: PlayerProps) {
  const speech = useSpeech();
  const { t } = speech;
  const names = useNames();
  const [sound] = useState(() => new Sound(contact, part, seconds));
  useEffect(() => () => sound.close(), [sound]);
  const { at, playing, loading, error, rate } = useStore(sound.state, (state) => state);
  const { marks } = recording;
  const client = useQueryClient();
  const gone = error instanceof ApiError && error.code.startsWith("recording.");
  useEffect(() => {
    // The panel above says it better, and without a player that plays nothing.
    if (gone) void client.invalidateQueries({ queryKey: ["recording", contact, part], exact: true });
  }, [client, contact, part, gone]);
  const who = (id: string | null) => names.person(id) || t("why.colleague");
  const agents = [...new Set(marks.flatMap((mark) => (mark.kind === "answered" && mark.agent ? [mark.agent] : [])))];
  // Beside the picture there is room for the first name.
  const agent = agents.length === 1 ? (who(agents[0] ?? null).split(" ")[0] ?? "") : t("player.agents");
  const markText = (mark: RecordingMark) =>
    mark.until === null
      ? t(`player.${mark.kind}By`, { name: who(mark.agent) })
      : t("player.lasting", { what: t(`player.${mark.kind}`), time: clockText(mark.until - mark.at) });

  const moves: Partial<Record<string, () => void>> = {
    ArrowLeft: () => sound.seek(at - STEP),
    ArrowRight: () => sound.seek(at + STEP),
    ArrowDown: () => sound.seek(at - STEP),
    ArrowUp: () => sound.seek(at + STEP),
    PageDown: () => sound.seek(at - LEAP),
    PageUp: () => sound.seek(at + LEAP),
    Home: () => sound.seek(0),
    End: () => sound.seek(seconds),
    Space: () => sound.toggle(),
  };
  const onKey = (event: KeyboardEvent) => {
    const onButton = (event.target as Element).closest("button") !== null;
    const move = event.altKey || event.ctrlKey || event.metaKey ? undefined : moves[event.code];
    if (!move || (onButton && event.code === "Space") || (event.target as Element).closest("[role=radiogroup], [role=toolbar]")) return;
    event.preventDefault();
    move();
  };
  const seekTo = (event: PointerEvent<HTMLElement>) => {
    if (event.type === "pointermove" && event.buttons !== 1) return;
    if (event.type === "pointerdown") event.currentTarget.setPointerCapture(event.pointerId);
    const { left, width } = event.currentTarget.getBoundingClientRect();
    sound.seek(((event.clientX - left) / width) * seconds);
  };

  const span = spanAt(marks, at);
  const place = t("player.place", { at: clockText(at), of: clockText(seconds) });
  return (
    <div role="group" aria-label={t(`player.${part}`)} className={css.player} onKeyDown={onKey}>
      <div className={css.picture}>
        <div aria-hidden="true">
          <Wave peaks={peaks} marks={marks} seconds={seconds} agent={part === "voicemail" ? null : agent} />
        </div>
        <div
          role="slider"
          tabIndex={0}
          className={css.slider}
          aria-label={t("player.position")}
          aria-valuemin={0}
          aria-valuemax={Math.round(seconds)}
          aria-valuenow={Math.round(at)}
          aria-valuetext={span ? `${place}, ${t(`player.${span.kind}`)}` : place}
          onPointerDown={seekTo}
          onPointerMove={seekTo}
        >
          <svg className={css.head}>
            <line x1={percent(at / seconds)} x2={percent(at / seconds)} y1="0" y2="100%" />
          </svg>
        </div>
      </div>
      <div className={css.controls}>
        <Button look="primary" icon={playing ? "pause" : "play"} chord="Space" onPress={() => sound.toggle()}>
          {t(playing ? "player.pauseNow" : "player.play")}
        </Button>
        <Button size="s" chord="ArrowLeft" onPress={() => sound.seek(at - STEP)} aria-label={t("player.back", { n: STEP })}>
          {t("player.backShort", { n: STEP })}
        </Button>
        <Button size="s" chord="ArrowRight" onPress={() => sound.seek(at + STEP)} aria-label={t("player.forward", { n: STEP })}>
          {t("player.forwardShort", { n: STEP })}
        </Button>
        <Segmented
          label={t("player.rate")}
          value={String(rate)}
          options={RATES.map((one) => ({ id: one, label: `${Number(one).toLocaleString(speech.locale)}×` }))}
          onChange={(chosen) => sound.setRate(Number(chosen))}
        />
        <span className={`${css.time} num`}>
          <b>{clockText(at)}</b> {t("player.of", { of: clockText(seconds) })}
        </span>
        <span className="sm sub" role="status">
          {loading ? t("state.loading") : span ? t(`player.${span.kind}`) : ""}
        </span>
      </div>
      {error !== null && (
        <p className="sm t-bad" role="alert">
          {error instanceof SoundLost ? t("player.lost") : refusalText(speech, error)}
        </p>
      )}
      {marks.length > 0 && (
        <ul className={css.marks} aria-label={t("player.marks")}>
          {marks.map((mark) => (
            <li key={`${mark.kind}${String(mark.at)}`}>
              <Button size="s" look="ghost" onPress={() => sound.seek(mark.at)}>
                <span className="num">{clockText(mark.at)}</span> {markText(mark)}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
