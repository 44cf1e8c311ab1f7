import type { Language } from "../api";
import { useSpeech } from "../i18n";
import type { IconName } from "../icon-names";
import { createStore, useStore } from "../store";
import { IconButton } from "./Button";
import { Icon } from "./Icon";
import css from "./Toasts.module.css";

type Words = (language: Language) => string;

interface Toast {
  id: number;
  words: Words;
  icon: IconName;
}

const LIFE_MS = 8000;
const toasts = createStore<Toast[]>([]);
let last = 0;

const dismiss = (id: number) => toasts.set(toasts.get().filter((toast) => toast.id !== id));

/** Say a result for 8 seconds, in the language that the page has. Never the only place of a fact. */
export function toast(words: Words, icon: IconName = "check"): void {
  const id = ++last;
  const others = toasts.get().filter((other) => other.words("ru") !== words("ru"));
  toasts.set([...others, { id, words, icon }]);
  setTimeout(() => dismiss(id), LIFE_MS);
}

export function Toasts({ label, closeLabel }: { label: string; closeLabel: string }) {
  const { language } = useSpeech();
  const shown = useStore(toasts, (all) => all);
  return (
    <section className={css.region} aria-label={label} data-react-aria-top-layer="true" data-region={shown.length > 0}>
      <div role="status" aria-live="polite">
        <ul>
          {shown.map((item) => (
            <li key={item.id} className={css.toast}>
              <Icon name={item.icon} />
              <span className="grow">{item.words(language)}</span>
              <IconButton icon="x" label={closeLabel} onPress={() => dismiss(item.id)} />
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
