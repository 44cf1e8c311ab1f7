import { useCallback, useLayoutEffect, useRef } from "react";
import { onTick } from "../clock";
import { clockText } from "../durations";

interface LiveTextProps {
  /** Text at the server time `now`; keep it stable between renders. */
  text: (now: number) => string;
  className?: string | undefined;
}

/** A text that follows the page's clock by writing into its own node: a tick renders nothing. */
export function LiveText({ text, className = "" }: LiveTextProps) {
  const node = useRef<HTMLSpanElement>(null);
  useLayoutEffect(
    () =>
      onTick((now) => {
        const next = text(now);
        if (node.current && node.current.textContent !== next) node.current.textContent = next;
      }),
    [text],
  );
  return <span ref={node} className={`num ${className}`} role="timer" aria-live="off" />;
}

/** Time passed since `since`. */
export function Timer({ since, className }: { since: number; className?: string | undefined }) {
  const text = useCallback((now: number) => clockText(now - since), [since]);
  return <LiveText text={text} className={className} />;
}

/** Time left until `until`, down to 0:00. */
export function Countdown({ until, className }: { until: number; className?: string | undefined }) {
  const text = useCallback((now: number) => clockText(Math.ceil(until - now)), [until]);
  return <LiveText text={text} className={className} />;
}
