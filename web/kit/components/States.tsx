import { useEffect, useState, type ReactNode } from "react";
import type { IconName } from "../icon-names";
import { Icon } from "./Icon";
import css from "./States.module.css";

/** Grey lines of the final size, shown only when the wait is noticeable. */
export function Skeleton({ lines = 3, label }: { lines?: number; label: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={css.skeleton} aria-busy="true" role="status">
      <span className="vh">{late ? label : ""}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className={late ? css.line : css.gap} data-line={line % 3} />
      ))}
    </div>
  );
}

interface EmptyProps {
  icon: IconName;
  title: string;
  children?: ReactNode;
}

/** One fact and one useful action. */
export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <div className={css.empty}>
      <Icon name={icon} size="l" className="muted" />
      <b className="strong">{title}</b>
      {children}
    </div>
  );
}
