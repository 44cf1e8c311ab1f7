import { useEffect, useRef } from "react";
import { useSpeech } from "../i18n";
import css from "./CallStage.module.css";
import { useLineModule } from "./line-store";

const BARS = 64;
const STEP_MS = 100;
const WIDTH = 280;
const HEIGHT = 18;

function draw(canvas: HTMLCanvasElement, bars: number[]): void {
  const paint = canvas.getContext("2d");
  if (!paint) return;
  paint.clearRect(0, 0, canvas.width, canvas.height);
  paint.fillStyle = getComputedStyle(canvas).color;
  const step = canvas.width / BARS;
  bars.forEach((level, at) => {
    const height = Math.max(2, level * canvas.height);
    paint.fillRect((BARS - bars.length + at) * step, (canvas.height - height) / 2, step / 2, height);
  });
}

/** The last seconds of both voices: a look tells whether somebody is heard at all. */
export function Voices() {
  const { t } = useSpeech();
  const module = useLineModule();
  const there = useRef<HTMLCanvasElement>(null);
  const here = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const past = { there: [] as number[], here: [] as number[] };
    const timer = setInterval(() => {
      if (document.hidden) return;
      const now = module?.levels() ?? { there: 0, here: 0 };
      for (const [side, ref] of [["there", there], ["here", here]] as const) {
        past[side] = [...past[side], now[side]].slice(-BARS);
        if (ref.current) draw(ref.current, past[side]);
      }
    }, STEP_MS);
    return () => clearInterval(timer);
  }, [module]);
  return (
    <div className={css.voices} aria-hidden="true">
      <p>
        <span>{t("call.subscriber")}</span>
        <canvas ref={there} width={WIDTH} height={HEIGHT} className={css.there} />
      </p>
      <p>
        <span>{t("call.you")}</span>
        <canvas ref={here} width={WIDTH} height={HEIGHT} className={css.here} />
      </p>
    </div>
  );
}
