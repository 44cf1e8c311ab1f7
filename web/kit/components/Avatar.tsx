import css from "./Avatar.module.css";
import { Icon } from "./Icon";

/** Initials of a name; nobody's picture. */
export function Avatar({ name, small = false }: { name: string | null; small?: boolean }) {
  const words = (name ?? "").split(/\s+/).filter(Boolean);
  const initials = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => word?.charAt(0) ?? "").join("");
  return (
    <span className={`${css.avatar} ${small ? css.small : ""}`} aria-hidden="true">
      {initials.toUpperCase() || <Icon name="user" />}
    </span>
  );
}
