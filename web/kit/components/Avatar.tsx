import css from "./Avatar.module.css";
import { Icon } from "./Icon";

/** Initials of a name; nobody's picture. */
export function Avatar({ name, small = false }: { name: string | null; small?: boolean }) {
  const initials = (name ?? "")
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.charAt(0))
    .join("")
    .toUpperCase();
  return (
    <span className={`${css.avatar} ${small ? css.small : ""}`} aria-hidden="true">
      {initials || <Icon name="user" />}
    </span>
  );
}
