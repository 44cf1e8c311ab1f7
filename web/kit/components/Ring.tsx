import { useLayoutEffect, useRef } from "react";
import { onTick } from "../clock";
import { clockText } from "../durations";
import css from "./Ring.module.css";

interface RingProps {
  until: number;
  /** Seconds of the whole circle. */
  total: number;
  tone: "offered" | "wrap";
  /** What stands below the digits; of whole seconds it may depend on their number. */
  caption: string | ((left: number) => string);
  /** Whole seconds ("12") instead of a clock ("0:12"). */
  seconds?: boolean;
}

const RADIUS = 50;
const LENGTH = 2 * Math.PI * RADIUS;

/** Time left, as a closing circle and as digits. */
export function Ring({ until, total, tone, caption, seconds = false }: RingProps) {
  const arc = useRef<SVGCircleElement>(null);
  const digits = useRef<HTMLSpanElement>(null);
  const words = useRef<HTMLElement>(null);
  useLayoutEffect(
    () =>
      onTick((now) => {
        const left = Math.max(0, until - now);
        arc.current?.setAttribute("stroke-dashoffset", String(LENGTH * (1 - Math.min(1, left / total))));
        if (!digits.current) return;
        const whole = Math.ceil(left);
        const text = seconds ? String(whole) : clockText(whole);
        const below = typeof caption === "string" ? caption : caption(whole);
        if (words.current && words.current.textContent !== below) words.current.textContent = below;
        digits.current.textContent = text;
        digits.current.dataset.long = text.length > 5 ? "very" : text.length > 4 ? "yes" : "no";
      }),
    [until, total, caption, seconds],
  );
  return (
    <div className={`${css.ring} ${css[tone]}`} role="timer" aria-live="off">
      <svg viewBox="0 0 108 108" aria-hidden="true">
        <circle className={css.track} cx="54" cy="54" r={RADIUS} />
        <circle
          ref={arc}
          className={css.arc}
          cx="54"
          cy="54"
          r={RADIUS}
          strokeDasharray={LENGTH}
          transform="rotate(-90 54 54)"
        />
      </svg>
      <b className="num">
        <span ref={digits} />
        <small ref={words} />
      </b>
    </div>
  );
}
