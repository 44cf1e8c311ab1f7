import { Kbd } from "@kit/components/Kbd";
import type { Chord } from "@kit/keyboard";
import { useSpeech, type Key } from "../i18n";
import css from "./KeyList.module.css";

/** Keys and what they do. */
export function KeyList({ keys }: { keys: [Chord, Key][] }) {
  const { t } = useSpeech();
  return (
    <dl className={css.keys}>
      {keys.map(([chord, key]) => (
        <div key={chord}>
          <dt>
            <Kbd chord={chord} />
          </dt>
          <dd>{t(key)}</dd>
        </div>
      ))}
    </dl>
  );
}
