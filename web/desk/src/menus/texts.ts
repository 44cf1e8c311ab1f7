import { makeSpeech, type Speech } from "@kit/i18n";
import { useMemo } from "react";
import { catalogues, useSpeech, type Key } from "../i18n";
import en from "./en.json";
import ru from "./ru.json";

export type MenuKey = Key | keyof typeof ru;
export type MenuSpeech = Speech<MenuKey>;

const ALL = { ru: { ...catalogues.ru, ...ru }, en: { ...catalogues.en, ...en } };

/** The desk's texts and those of this section, which only it loads. */
export function useTexts(): MenuSpeech {
  const { language, setLanguage } = useSpeech();
  return useMemo(() => makeSpeech(language, ALL[language], setLanguage), [language, setLanguage]);
}
