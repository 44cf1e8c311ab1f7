import { keyCaps, type Chord } from "../keyboard";
import css from "./Kbd.module.css";

/** Key caps of a chord, or all in one cap where space is scarce; hidden from screen readers, who get `aria-keyshortcuts` on the control itself. */
export function Kbd({ chord, small = false }: { chord: Chord; small?: boolean }) {
  const caps = keyCaps(chord);
  return (
    <span className={`${css.keys} ${small ? css.small : ""}`} aria-hidden="true">
      {(small ? [caps.join(" ")] : caps).map((cap) => (
        <kbd key={cap} className={css.key}>
          {cap}
        </kbd>
      ))}
    </span>
  );
}
