import { Kbd } from "@kit/components/Kbd";
import { useSpeech } from "../i18n";
import type { KeyLine } from "./keymap";
import css from "./KeyList.module.css";
import { useKeys } from "./keys";

/** Keys and what they do. */
export function KeyList({ keys }: { keys: KeyLine[] }) {
  const { t } = useSpeech();
  const chosen = useKeys();
  return (
    <dl className={css.keys}>
      {keys.map((line) => {
        const chord = "action" in line ? chosen[line.action] : line.chord;
        return (
          <div key={chord}>
            <dt>
              <Kbd chord={chord} spoken />
            </dt>
            <dd>{t(line.text)}</dd>
          </div>
        );
      })}
    </dl>
  );
}
