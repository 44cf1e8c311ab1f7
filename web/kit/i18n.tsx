/** Language of the page, texts by key, and numbers, times and durations in words. */

import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { I18nProvider } from "react-aria-components";
import type { Language, Named } from "./api";
import { formatMessage, type Params } from "./message-format";

type Catalogue = Record<string, string>;

const STORAGE_KEY = "teplo.language";
const LOCALES: Record<Language, string> = { ru: "ru-RU", en: "en-GB" };

/** Everything a screen needs to speak. */
export interface Speech<Key extends string = string> {
  language: Language;
  locale: string;
  setLanguage: (language: Language) => void;
  t: (key: Key, params?: Params) => string;
  /** Text by a key made at run time, or null. */
  find: (key: string, params?: Params) => string | null;
  name: (named: Partial<Named> | string | null | undefined, otherwise?: string) => string;
  number: (value: number) => string;
  percent: (value: number) => string;
  time: (at: number, zone?: string | null) => string;
  timeExact: (at: number) => string;
  day: (at: number) => string;
  date: (at: number) => string;
  /** Name of a language by its code. */
  languageName: (code: string) => string;
}

const SpeechContext = createContext<Speech | null>(null);

const NOWHERE = () => undefined;

/** Texts, numbers and times of one language. */
export function makeSpeech(
  language: Language,
  catalogue: Catalogue,
  setLanguage: (language: Language) => void = NOWHERE,
): Speech {
  const locale = LOCALES[language];
  const formats = new Map<string, Intl.DateTimeFormat>();
  const date = (at: number, options: Intl.DateTimeFormatOptions) => {
    const key = JSON.stringify(options);
    const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
    formats.set(key, format);
    return format.format(at * 1000);
  };
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const languages = new Intl.DisplayNames(locale, { type: "language" });
  const find = (key: string, params?: Params) => {
    const text = catalogue[key];
    return text === undefined ? null : formatMessage(text, language, params);
  };
  return {
    language,
    locale,
    setLanguage,
    find,
    t: (key, params) => find(key, params) ?? key,
    name: (named, otherwise = "") => {
      if (typeof named === "string") return named;
      return named?.[language] ?? named?.ru ?? named?.en ?? otherwise;
    },
    number: (value) => number.format(value),
    percent: (value) => percent.format(value),
    time: (at, zone) =>
      date(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(zone ? { timeZone: zone } : {}) }),
    timeExact: (at) => date(at, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
    day: (at) => date(at, { weekday: "long", day: "numeric", month: "long" }),
    date: (at) => date(at, { day: "2-digit", month: "2-digit", year: "2-digit" }),
    languageName: (code) => {
      try {
        return languages.of(code) ?? code;
      } catch {
        return code;
      }
    },
  };
}

function storedLanguage(): Language {
  return localStorage.getItem(STORAGE_KEY) === "en" ? "en" : "ru";
}

interface SpeechProviderProps {
  catalogues: Record<Language, Catalogue>;
  children: ReactNode;
}

export function SpeechProvider({ catalogues, children }: SpeechProviderProps) {
  const [language, choose] = useState<Language>(storedLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const speech = useMemo(
    () =>
      makeSpeech(language, catalogues[language], (next) => {
        localStorage.setItem(STORAGE_KEY, next);
        choose(next);
      }),
    [language, catalogues],
  );
  return (
    <SpeechContext value={speech}>
      <I18nProvider locale={speech.locale}>{children}</I18nProvider>
    </SpeechContext>
  );
}

export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (!speech) throw new Error("SpeechProvider is missing above this component");
  return speech;
}
