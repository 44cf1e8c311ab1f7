import type { IconName, StateName } from "../icon-names";
import sprite from "../icons.svg";
import css from "./Icon.module.css";

interface IconProps {
  name: IconName;
  size?: "s" | "m" | "l";
  className?: string | undefined;
}

export function Icon({ name, size = "m", className = "" }: IconProps) {
  return (
    <svg className={`${css.icon} ${css[size]} ${className}`} aria-hidden="true">
      <use href={`${sprite}#${name}`} />
    </svg>
  );
}

export function StateGlyph({ state }: { state: StateName }) {
  return (
    <svg className={`${css.glyph} ${css[state]}`} aria-hidden="true">
      <use href={`${sprite}#state-${state}`} />
    </svg>
  );
}

export function Logo() {
  return (
    <svg className={css.logo} viewBox="0 0 28 28" aria-hidden="true">
      <rect className={css.logoTile} width="28" height="28" rx="7" />
      <path className={css.logoBar} d="M7 8.5h14M14 8.5v4" />
      <path
        className={css.logoFlame}
        d="M14 21.5c-3 0-4.6-1.9-4.6-3.9 0-1.7 1.3-2.7 2.1-3.6.5 1 1.1 1.4 1.7 1.5.1-1.4.4-2.6 1.4-3.5.6 2 4 3 4 5.7 0 2-1.7 3.8-4.6 3.8z"
      />
    </svg>
  );
}
