import { Icon } from "@kit/components/Icon";
import type { Ref } from "react";
import { useNames } from "../config/config";
import type { Line } from "./data";
import css from "./Try.module.css";
import { useTexts } from "./texts";

const ENDS = ["queue", "message", "callback", "hangup"];

interface TryLinesProps {
  lines: Line[];
  /** Which of them is heard now. */
  current: number | null;
  chosen: string;
  onChoose: (node: string) => void;
  ref: Ref<HTMLOListElement>;
}

/** The call so far: what was said, what was pressed, where it ended. A line leads to its step. */
export function TryLines({ lines, current, chosen, onChoose, ref }: TryLinesProps) {
  const { t } = useTexts();
  const names = useNames();
  const what = (line: Line): string => {
    switch (line.kind) {
      case "say":
        return line.text;
      case "ask":
        return t("menus.asks");
      case "key":
        return t("menus.pressed", { key: line.what });
      case "silence":
        return t("menus.silence");
      case "hangup":
        return t("end.hangup");
      default:
        return t(`end.${line.kind}`, { queue: names.queue(line.what) });
    }
  };
  const shown = lines.map((line, at) => ({ line, at })).filter(({ line }) => line.kind !== "ask");
  return (
    <ol className={css.lines} ref={ref} aria-label={t("menus.heard")} tabIndex={0}>
      {shown.map(({ line, at }) => (
        <li key={at} data-kind={ENDS.includes(line.kind) ? "end" : line.kind} data-now={at === current || undefined}>
          <button
            type="button"
            aria-pressed={line.node === chosen}
            title={t("menus.open", { id: line.node })}
            onClick={() => onChoose(line.node)}
          >
            {line.kind === "say" && <Icon name={at === current ? "play" : "chat"} size="s" />}
            {(line.kind === "key" || line.kind === "silence") && <Icon name="keypad" size="s" />}
            {ENDS.includes(line.kind) && <Icon name={line.kind === "hangup" ? "hangup" : "headset"} size="s" />}
            <span lang={line.kind === "say" ? line.language : undefined}>{what(line)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
