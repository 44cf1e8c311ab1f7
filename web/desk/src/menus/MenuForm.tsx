import { Icon } from "@kit/components/Icon";
import type { Named } from "@kit/api";
import { Defects, Flag, Group, NumberField, Choice, TextField } from "./Fields";
import fields from "./Fields.module.css";
import css from "./Editor.module.css";
import { useEditor } from "./editor";
import type { MenuItem } from "./data";
import { RemoveMenu } from "./RemoveMenu";
import { Targets } from "./Rows";
import { Target } from "./Target";
import { useTexts } from "./texts";

const CODES = ["ru", "en"];
const SHOWN = ["start", "languages", "language", "keys", "give_up", "most_visits", "facts_seconds"];

interface MenuFormProps {
  item: MenuItem;
  named: Named;
  onName: (name: Named, tag: string) => void;
}

/** What belongs to no step: the name, languages, keys that work anywhere, limits. */
export function MenuForm({ item, named, onName }: MenuFormProps) {
  const { t, languageName } = useTexts();
  const { menu, edit, problems } = useEditor();
  const languages = menu.languages ?? CODES;
  const mine = problems.filter((one) => one.node === "");
  const of = (field: string) => mine.filter((one) => one.field === field || one.field.startsWith(`${field}.`));
  const speak = (code: string, on: boolean) => {
    const next = CODES.filter((other) => (other === code ? on : languages.includes(other)));
    const language = next.includes(menu.language ?? "ru") ? menu.language : next[0];
    if (next.length > 0) edit({ ...menu, languages: next, ...(language ? { language } : {}) });
  };
  return (
    <div className={css.form}>
      <header className={css.formHead}>
        <Icon name="list" />
        <h2 id="step" tabIndex={-1}>
          {t("menus.whole")}
        </h2>
      </header>
      <Defects problems={mine.filter((one) => !SHOWN.includes(one.field.split(".")[0] ?? ""))} />
      <div className={fields.pair}>
        <TextField label={t("menus.nameRu")} lang="ru" value={named.ru} onChange={(ru) => onName({ ...named, ru }, "name.ru")} />
        <TextField label={t("menus.nameEn")} lang="en" value={named.en} onChange={(en) => onName({ ...named, en }, "name.en")} />
      </div>
      <Target
        label={t("menus.start")}
        value={menu.start}
        problems={of("start")}
        onChange={(start, base) => edit({ ...base, start })}
      />
      <Group label={t("menus.languages")} problems={of("languages")}>
        <div className="row wrap">
          {CODES.map((code) => (
            <Flag key={code} label={languageName(code)} value={languages.includes(code)} onChange={(on) => speak(code, on)} />
          ))}
        </div>
      </Group>
      <Choice
        label={t("menus.firstLanguage")}
        value={menu.language ?? languages[0] ?? "ru"}
        options={languages.map((code) => ({ id: code, label: languageName(code) }))}
        problems={of("language")}
        onChange={(language) => edit({ ...menu, language })}
      />
      <Targets
        single
        label={t("menus.keysAnywhere")}
        hint={t("menus.keysAnywhereHint")}
        problems={of("keys")}
        table={menu.keys ?? {}}
        fallback={menu.give_up}
        onChange={(keys, base) => edit({ ...base, keys })}
      />
      <Target
        label={t("menus.giveUp")}
        hint={t("menus.giveUpHint")}
        value={menu.give_up}
        problems={of("give_up")}
        onChange={(give_up, base) => edit({ ...base, give_up })}
      />
      <div className={fields.pair}>
        <NumberField
          label={t("menus.mostVisits")}
          value={menu.most_visits ?? 60}
          problems={of("most_visits")}
          onChange={(most_visits) => edit({ ...menu, most_visits }, "most_visits")}
        />
        <NumberField
          label={t("menus.factsSeconds")}
          unit={t("menus.seconds")}
          value={menu.facts_seconds ?? 1}
          problems={of("facts_seconds")}
          onChange={(facts_seconds) => edit({ ...menu, facts_seconds }, "facts_seconds")}
        />
      </div>
      <RemoveMenu item={item} />
    </div>
  );
}
