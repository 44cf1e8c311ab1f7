import { keyCaps, type Chord } from "../keyboard";
import css from "./Kbd.module.css";

/** Key caps of a chord; hidden from screen readers, who get `aria-keyshortcuts` on the control itself. */
export function Kbd({ chord, small = false }: { chord: Chord; small?: boolean }) {
  return (
    <span className={`${css.keys} ${small ? css.small : ""}`} aria-hidden="true">
      {keyCaps(chord).map((cap) => (
        <kbd key={cap} className={css.key}>
          {cap}
        </kbd>
      ))}
    </span>
  );
}
