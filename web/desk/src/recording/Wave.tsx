import type { RecordingMark, RecordingPeaks } from "@kit/api";
import { memo, useId, useMemo } from "react";
import { useSpeech } from "../i18n";
import css from "./Recording.module.css";
import { heights, labelled, path, percent } from "./picture";

interface WaveProps {
  peaks: RecordingPeaks;
  marks: RecordingMark[];
  seconds: number;
  /** Who is the other side; null: there is none. */
  agent: string | null;
}

/** The two voices one above the other, with what happened. A picture only: the slider over it speaks. */
export const Wave = memo(function Wave({ peaks, marks, seconds, agent }: WaveProps) {
  const { t } = useSpeech();
  const hatch = useId();
  const bars = useMemo(() => heights(peaks), [peaks]);
  const box = `0 0 ${String(Math.max(1, bars.left.length))} 100`;
  const left = (mark: RecordingMark) => percent(mark.at / seconds);
  return (
    <>
      <svg className={css.labels}>
        {labelled(marks, seconds).map((mark) => (
          <g key={`${mark.kind}${String(mark.at)}`} className={css[mark.kind]}>
            <line x1={left(mark)} x2={left(mark)} y1="2" y2="22" />
            <text x={left(mark)} dx="6" y="15">
              {t(`player.${mark.kind}`)}
            </text>
          </g>
        ))}
      </svg>
      <svg className={css.zones}>
        <pattern id={hatch} width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="9" className={css.hatch} />
        </pattern>
        {marks.map((mark) =>
          mark.until === null ? (
            <line key={`${mark.kind}${String(mark.at)}`} x1={left(mark)} x2={left(mark)} y1="0" y2="100%" />
          ) : (
            <rect
              key={`${mark.kind}${String(mark.at)}`}
              x={left(mark)}
              width={percent((mark.until - mark.at) / seconds)}
              height="100%"
              rx="4"
              {...(mark.kind === "pause" ? { fill: `url(#${hatch})` } : { className: css.held })}
            />
          ),
        )}
      </svg>
      {(agent === null ? (["left"] as const) : (["left", "right"] as const)).map((side) => (
        <div key={side} className={css.voice}>
          <span className="cut">{side === "left" ? t("call.subscriber") : agent}</span>
          <svg viewBox={box} preserveAspectRatio="none" className={css[side]}>
            <path d={path(bars[side])} />
          </svg>
        </div>
      ))}
    </>
  );
});
