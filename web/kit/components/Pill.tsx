import type { ReactNode } from "react";
import type { IconName, StateName } from "../icon-names";
import { Icon, StateGlyph } from "./Icon";
import css from "./Pill.module.css";
import tones from "./StateTone.module.css";
import { Timer } from "./Timer";

/** A state: shape, word and colour. */
export function Pill({ state, children, since }: { state: StateName; children: ReactNode; since?: number | null }) {
  return (
    <span className={`${css.pill} ${tones[state]}`}>
      <StateGlyph state={state} />
      <span className={css.word}>{children}</span>
      {since != null && <Timer since={since} />}
    </span>
  );
}

export type Tone = "plain" | "ok" | "warn" | "bad" | "info" | "ember";

export function Tag({ tone = "plain", icon, children }: { tone?: Tone; icon?: IconName; children: ReactNode }) {
  return (
    <span className={`${css.tag} ${css[tone]}`}>
      {icon && <Icon name={icon} className={css.tagIcon} />}
      {children}
    </span>
  );
}

interface NoteProps {
  tone: "info" | "warn" | "bad";
  icon: IconName;
  alert?: boolean;
  children: ReactNode;
}

export function NoteBox({ tone, icon, alert = false, children }: NoteProps) {
  return (
    <div className={`${css.note} ${css[tone]}`} {...(alert ? { role: "alert" } : {})}>
      <Icon name={icon} className={css.noteIcon} />
      <div className="grow">{children}</div>
    </div>
  );
}
