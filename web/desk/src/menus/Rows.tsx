import { Button, IconButton } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { useState, type ReactNode } from "react";
import css from "./Fields.module.css";
import { Group } from "./Fields";
import { useEditor } from "./editor";
import { inKeyOrder, type Menu } from "./model";
import type { Problem } from "./data";
import { TargetSelect } from "./Target";
import { useTexts } from "./texts";

const KEYPAD = Array.from("1234567890*#");
const DIGITS = /^[0-9*#A-D]{1,8}$/;

interface KeyInputProps {
  value: string;
  label: string;
  wide?: boolean;
  allowed: (value: string) => boolean;
  onCommit: (value: string) => void;
}

/** Part of a row that names it: taken over when it is left, so that no row jumps or vanishes while one types. */
function KeyInput({ value, label, wide = false, allowed, onCommit }: KeyInputProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const wrong = typed !== null && typed !== value && !allowed(typed);
  const commit = () => {
    if (typed !== null && typed !== value && !wrong) onCommit(typed);
    setTyped(null);
  };
  return (
    <input
      aria-label={label}
      aria-invalid={wrong}
      className={`${field.field} ${wide ? css.word : css.key}`}
      value={typed ?? value}
      maxLength={wide ? 100 : 8}
      onChange={(event) => setTyped(event.target.value.trim())}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
    />
  );
}

const renamed = <V,>(table: Record<string, V>, from: string, to: string): Record<string, V> =>
  Object.fromEntries(Object.entries(table).map(([key, value]) => [key === from ? to : key, value]));
const without = <V,>(table: Record<string, V>, key: string): Record<string, V> =>
  Object.fromEntries(Object.entries(table).filter(([other]) => other !== key));
const free = (table: Record<string, unknown>): string | undefined => KEYPAD.find((key) => !(key in table));

interface RowsProps<V> {
  label: string;
  hint?: string | undefined;
  problems?: Problem[] | undefined;
  keys: string[];
  row: (key: string) => ReactNode;
  onRemove: (key: string) => void;
  addLabel: string;
  onAdd: (() => void) | null;
  table: Record<string, V>;
}

function Rows<V>({ label, hint, problems, keys, row, onRemove, addLabel, onAdd }: RowsProps<V>) {
  const { t } = useTexts();
  return (
    <Group label={label} hint={hint} problems={problems}>
      <div className={css.rows}>
        {keys.map((key) => (
          <div key={key} className={css.row}>
            {row(key)}
            <IconButton icon="x" label={t("menus.removeRow", { key })} onPress={() => onRemove(key)} />
          </div>
        ))}
        <div>
          <Button size="s" icon="plus" isDisabled={!onAdd} onPress={() => onAdd?.()}>
            {addLabel}
          </Button>
        </div>
      </div>
    </Group>
  );
}

interface TargetsProps {
  label: string;
  hint?: string | undefined;
  problems?: Problem[];
  table: Record<string, string>;
  /** A key is one of the telephone, else a word. */
  words?: string[] | undefined;
  wordName?: ((word: string) => string) | undefined;
  /** One key only, as for those that work anywhere. */
  single?: boolean;
  fallback: string;
  onChange: (table: Record<string, string>, menu: Menu) => void;
}

/** Keys (or values) and the steps they lead to. */
export function Targets({ label, hint, problems, table, words, wordName, single = false, fallback, onChange }: TargetsProps) {
  const { t } = useTexts();
  const { menu } = useEditor();
  const keys = words ? Object.keys(table) : inKeyOrder(Object.keys(table));
  const next = words ? (words.find((word) => !(word in table)) ?? (words.length === 0 && !("…" in table) ? "…" : undefined)) : free(table);
  const fits = (key: string) =>
    !(key in table) && (words ? key !== "" : DIGITS.test(key) && (!single || key.length === 1));
  const rename = (from: string, to: string) => onChange(renamed(table, from, to), menu);
  return (
    <Rows
      label={label}
      hint={hint}
      problems={problems}
      table={table}
      keys={keys}
      row={(key) => (
        <>
          {words && words.length > 0 ? (
            <select
              className={`${field.field} ${css.word}`}
              aria-label={t("menus.value")}
              value={key}
              onChange={(event) => rename(key, event.target.value)}
            >
              {[...new Set([key, ...words.filter((word) => !(word in table))])].map((word) => (
                <option key={word} value={word}>
                  {wordName?.(word) ?? word}
                </option>
              ))}
            </select>
          ) : (
            <KeyInput
              value={key}
              label={words ? t("menus.value") : t("menus.key")}
              wide={words !== undefined}
              allowed={fits}
              onCommit={(to) => rename(key, to)}
            />
          )}
          <span className="grow">
            <TargetSelect
              value={table[key] ?? ""}
              label={t("menus.leadsTo", { key })}
              onChange={(to, changed) => onChange({ ...table, [key]: to }, changed)}
            />
          </span>
        </>
      )}
      onRemove={(key) => onChange(without(table, key), menu)}
      addLabel={words ? t("menus.addValue") : t("menus.addKey")}
      onAdd={next === undefined ? null : () => onChange({ ...table, [next]: fallback }, menu)}
    />
  );
}

interface LanguageKeysProps {
  label: string;
  problems?: Problem[];
  table: Record<string, string>;
  languages: string[];
  onChange: (table: Record<string, string>) => void;
}

/** Keys and the languages they stand for. */
export function LanguageKeys({ label, problems, table, languages, onChange }: LanguageKeysProps) {
  const { t, languageName } = useTexts();
  const next = free(table);
  return (
    <Rows
      label={label}
      problems={problems}
      table={table}
      keys={inKeyOrder(Object.keys(table))}
      row={(key) => (
        <>
          <KeyInput
            value={key}
            label={t("menus.key")}
            allowed={(to) => DIGITS.test(to) && !(to in table)}
            onCommit={(to) => onChange(renamed(table, key, to))}
          />
          <select
            className={`${field.field} ${css.word}`}
            aria-label={t("menus.languageOf", { key })}
            value={table[key] ?? ""}
            onChange={(event) => onChange({ ...table, [key]: event.target.value })}
          >
            {languages.map((code) => (
              <option key={code} value={code}>
                {languageName(code)}
              </option>
            ))}
          </select>
        </>
      )}
      onRemove={(key) => onChange(without(table, key))}
      addLabel={t("menus.addKey")}
      onAdd={next === undefined ? null : () => onChange({ ...table, [next]: languages[0] ?? "ru" })}
    />
  );
}

interface MinutesProps {
  label: string;
  hint?: string | undefined;
  problems?: Problem[];
  table: Record<string, number>;
  onChange: (table: Record<string, number>) => void;
}

/** Segments and the minutes they are let forward. */
export function Minutes({ label, hint, problems, table, onChange }: MinutesProps) {
  const { t } = useTexts();
  const fresh = "…";
  return (
    <Rows
      label={label}
      hint={hint}
      problems={problems}
      table={table}
      keys={Object.keys(table)}
      row={(key) => (
        <>
          <KeyInput
            wide
            value={key}
            label={t("menus.segment")}
            allowed={(to) => to !== "" && !(to in table)}
            onCommit={(to) => onChange(renamed(table, key, to))}
          />
          <MinutesInput
            label={t("menus.minutesOf", { key })}
            value={table[key] ?? 0}
            onChange={(minutes) => onChange({ ...table, [key]: minutes })}
          />
          <span className="sub sm">{t("menus.minutes")}</span>
        </>
      )}
      onRemove={(key) => onChange(without(table, key))}
      addLabel={t("menus.addSegment")}
      onAdd={fresh in table ? null : () => onChange({ ...table, [fresh]: 0 })}
    />
  );
}

function MinutesInput({ value, label, onChange }: { value: number; label: string; onChange: (value: number) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      aria-label={label}
      className={`${field.field} ${css.key}`}
      inputMode="decimal"
      value={typed ?? String(value)}
      onChange={(event) => {
        setTyped(event.target.value);
        const number = Number(event.target.value.trim().replace(",", "."));
        if (event.target.value.trim() !== "" && Number.isFinite(number)) onChange(number);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
