import css from "./Avatar.module.css";
import { Icon } from "./Icon";

/** First letters of the first and the last word. */
export function initials(name: string | null): string {
  const words = (name ?? "").split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => word?.charAt(0) ?? "").join("").toUpperCase();
}

/** Initials of a name; nobody's picture. */
export function Avatar({ name, small = false }: { name: string | null; small?: boolean }) {
  return (
    <span className={`${css.avatar} ${small ? css.small : ""}`} aria-hidden="true">
      {initials(name) || <Icon name="user" />}
    </span>
  );
}
