import type { Language } from "@kit/api";
import { toast as show } from "@kit/components/Toasts";
import { makeSpeech, type Speech } from "@kit/i18n";
import type { IconName } from "@kit/icon-names";
import { useMemo } from "react";
import { catalogues, useSpeech, type Key } from "../i18n";
import en from "./en.json";
import ru from "./ru.json";

export type MenuKey = Key | keyof typeof ru;
export type MenuSpeech = Speech<MenuKey>;

const ALL = { ru: { ...catalogues.ru, ...ru }, en: { ...catalogues.en, ...en } };
const TEXTS_OF: Record<Language, MenuSpeech> = { ru: makeSpeech("ru", ALL.ru), en: makeSpeech("en", ALL.en) };

/** The desk's texts and those of this section, which only it loads. */
export function useTexts(): MenuSpeech {
  const { language, setLanguage } = useSpeech();
  return useMemo(() => makeSpeech(language, ALL[language], setLanguage), [language, setLanguage]);
}

/** Say a result for some seconds, with the words of this section. */
export const toast = (say: (texts: MenuSpeech) => string, icon?: IconName): void =>
  show((language) => say(TEXTS_OF[language]), icon);
