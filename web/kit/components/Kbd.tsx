import { keyCaps, keyText, type Chord } from "../keyboard";
import css from "./Kbd.module.css";

interface KbdProps {
  chord: Chord;
  small?: boolean;
  spoken?: boolean;
}

/**
 * Key caps of a chord, or all in one cap where space is scarce. Hidden from screen readers, who get `aria-keyshortcuts`
 * on the control itself; `spoken` where there is no such control.
 */
export function Kbd({ chord, small = false, spoken = false }: KbdProps) {
  const caps = keyCaps(chord);
  return (
    <>
      <span className={`${css.keys} ${small ? css.small : ""}`} aria-hidden="true">
        {(small ? [caps.join(" ")] : caps).map((cap) => (
          <kbd key={cap} className={css.key}>
            {cap}
          </kbd>
        ))}
      </span>
      {spoken && <span className="vh">{keyText(chord)}</span>}
    </>
  );
}
