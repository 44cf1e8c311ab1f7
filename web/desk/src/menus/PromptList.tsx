import { IconButton } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { useActiveList } from "@kit/useActiveList";
import { useId, useMemo, useState } from "react";
import css from "./Fields.module.css";
import { Group } from "./Fields";
import { soundPath, usePrompts, usePromptTexts, type Problem } from "./data";
import { play, stopPlaying, usePlayingKey } from "./player";
import { searchPrompts } from "./prompt-search";
import { toast, useTexts } from "./texts";

const OPENS = "{opens}";
const MOST = 40;

/** A prompt by name in a language, with a button that plays it. */
export function PlayButton({ name, language, label }: { name: string; language: string; label: string }) {
  const { t } = useTexts();
  const id = useId();
  const isOn = usePlayingKey() === id;
  const start = () => play(id, [soundPath(language, name)], () => toast(({ t }) => t("menus.noSound"), "alert"));
  return (
    <IconButton
      icon={isOn ? "pause" : "play"}
      label={isOn ? t("menus.stop") : t("menus.play", { name: label })}
      onPress={() => (isOn ? stopPlaying() : start())}
    />
  );
}

interface PromptListProps {
  label: string;
  hint?: string | undefined;
  value: string[];
  languages: string[];
  /** The opening time may be said too. */
  opens?: boolean;
  problems?: Problem[] | undefined;
  onChange: (value: string[]) => void;
}

/** What is said, in order. Each may be in the caller's language or in a fixed one. */
export function PromptList({ label, hint, value, languages, opens = false, problems, onChange }: PromptListProps) {
  const { t, languageName, language: own } = useTexts();
  const spoken = languages.includes(own) ? own : (languages[0] ?? "ru");
  const words = usePromptTexts();
  const swap = (index: number, by: number) => {
    const next = [...value];
    const [moved] = next.splice(index, 1);
    if (moved !== undefined) next.splice(index + by, 0, moved);
    onChange(next);
  };
  return (
    <Group label={label} hint={hint} problems={problems}>
      {value.length > 0 && (
        <ol className={css.chips}>
          {value.map((given, index) => {
            const [name = "", fixed = ""] = given.split("@");
            const language = name === "beep" ? "any" : fixed || spoken;
            const isOpening = name === OPENS;
            const text = isOpening ? t("menus.opensHint") : words(name, language);
            return (
              <li key={given} className={css.chip} data-missing={text === null ? true : undefined}>
                {isOpening ? <span /> : <PlayButton name={name} language={language} label={text ?? name} />}
                <div>
                  <p lang={language === "any" ? undefined : language}>{text === null || text === "" ? name : text}</p>
                  <small>{isOpening ? t("menus.opens") : name}</small>
                </div>
                <span className={css.tools}>
                  {!isOpening && name !== "beep" && (
                    <select
                      className={field.field}
                      aria-label={t("menus.inLanguage", { name })}
                      value={fixed}
                      onChange={(event) => {
                        const next = event.target.value ? `${name}@${event.target.value}` : name;
                        if (!value.includes(next)) onChange(value.map((one, at) => (at === index ? next : one)));
                      }}
                    >
                      <option value="">{t("menus.callersLanguage")}</option>
                      {["ru", "en"].map((code) => (
                        <option key={code} value={code}>
                          {languageName(code)}
                        </option>
                      ))}
                    </select>
                  )}
                  <IconButton
                    icon="up"
                    label={t("menus.earlier", { name })}
                    isDisabled={index === 0}
                    onPress={() => swap(index, -1)}
                  />
                  <IconButton
                    icon="down"
                    label={t("menus.later", { name })}
                    isDisabled={index === value.length - 1}
                    onPress={() => swap(index, 1)}
                  />
                  <IconButton
                    icon="x"
                    label={t("menus.takeOut", { name })}
                    onPress={() => onChange(value.filter((_, at) => at !== index))}
                  />
                </span>
              </li>
            );
          })}
        </ol>
      )}
      <PromptFinder
        label={t("menus.addPrompt", { field: label })}
        without={value}
        language={spoken}
        opens={opens}
        onChoose={(name) => onChange([...value, name])}
      />
    </Group>
  );
}

interface PromptFinderProps {
  label: string;
  without: string[];
  language: string;
  opens: boolean;
  onChoose: (name: string) => void;
}

/** Type some letters of the name or of the words; arrows and Enter choose. */
function PromptFinder({ label, without, language, opens, onChoose }: PromptFinderProps) {
  const { t } = useTexts();
  const rows = usePrompts().data;
  const id = useId();
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const found = useMemo(() => {
    if (!open) return [];
    const names = searchPrompts(rows ?? [], typed, language).filter((one) => !without.includes(one.name));
    const opening = { name: OPENS, text: t("menus.opensHint") };
    const offered = opens && !without.includes(OPENS) && (!typed || opening.text.toLowerCase().includes(typed.toLowerCase()));
    return [...(offered ? [opening] : []), ...names].slice(0, MOST);
  }, [open, rows, typed, language, without, opens, t]);
  const list = useActiveList({
    id,
    items: found,
    onChoose: (one) => {
      onChoose(one.name);
      setTyped("");
      setOpen(false);
      list.setActive(0);
    },
  });
  return (
    <div className={css.finder}>
      <input
        {...list.fieldProps}
        aria-label={label}
        aria-expanded={open}
        className={field.field}
        placeholder={t("menus.findPrompt")}
        value={typed}
        onFocus={() => setOpen(true)}
        onBlur={() => {
          setOpen(false);
          setTyped("");
        }}
        onChange={(event) => {
          setTyped(event.target.value);
          setOpen(true);
          list.setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape" && open) {
            setOpen(false);
            event.stopPropagation();
          } else if (event.key === "ArrowDown" && !open) setOpen(true);
          else list.onKeyDown(event);
        }}
      />
      {open && (
        <div className={css.drop}>
          {found.length === 0 && <p className={css.none}>{t("menus.noPrompt")}</p>}
          <ul {...list.listProps} aria-label={label}>
            {found.map((one, index) => (
              <li key={one.name} {...list.optionProps(index)}>
                <span lang={language}>{one.text || one.name}</span>
                <small>{one.name}</small>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
