import { useEffect } from "react";
import { createStore, useStore } from "../store";
import css from "./Announcer.module.css";

interface Line {
  id: number;
  text: string;
  lang?: string;
  urgent?: boolean;
}

const LIFE_MS = 8000;
const lines = createStore<Line[]>([]);
let last = 0;

/**
 * Tell screen readers once, after what they are saying or, if `urgent`, instead of it; nothing is seen. One short text each
 * time: readers tell every part of what comes into a live list for itself, and the whole list again after each dialog.
 */
export function announce(text: string, how: Pick<Line, "lang" | "urgent"> = {}): void {
  const id = ++last;
  lines.set([...lines.get(), { id, text, ...how }]);
  setTimeout(() => lines.set(lines.get().filter((line) => line.id !== id)), LIFE_MS);
}

/** Where `announce` speaks: outside of what an open dialog or menu hides from readers. It takes its words along when it goes. */
export function Announcer() {
  const told = useStore(lines, (all) => all);
  useEffect(() => () => lines.set([]), []);
  const tell = (urgent: boolean) =>
    told.filter((line) => (line.urgent ?? false) === urgent).map(({ id, text, lang }) => (
      <p key={id} lang={lang}>
        {text}
      </p>
    ));
  return (
    <div className={css.announcer} data-react-aria-top-layer="true">
      <div aria-live="assertive">{tell(true)}</div>
      <div aria-live="polite">{tell(false)}</div>
    </div>
  );
}
