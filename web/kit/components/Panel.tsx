import type { ReactNode } from "react";
import css from "./Panel.module.css";

interface PanelProps {
  title: string;
  end?: ReactNode;
  /** The values are old: dashed border and a tag saying of when. */
  stale?: ReactNode;
  className?: string | undefined;
  children: ReactNode;
}

export function Panel({ title, end, stale, className = "", children }: PanelProps) {
  return (
    <section className={`${css.panel} ${stale ? css.stale : ""} ${className}`} aria-label={title}>
      <header className={css.header}>
        <h2>{title}</h2>
        <span className={css.end}>
          {stale}
          {end}
        </span>
      </header>
      {children}
    </section>
  );
}
