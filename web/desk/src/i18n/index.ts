import { makeSpeech, useSpeech as useKitSpeech, type Speech } from "@kit/i18n";
import type { Language } from "@kit/api";
import en from "./en.json";
import ru from "./ru.json";

export type Key = keyof typeof ru;
export type DeskSpeech = Speech<Key>;
export const catalogues = { ru, en };

/** What is written to subscribers is in their language, whatever the page speaks. */
export const SPEECH_OF: Record<Language, DeskSpeech> = { ru: makeSpeech("ru", ru), en: makeSpeech("en", en) };

/** The desk's texts: keys are checked against the Russian catalogue. */
export const useSpeech = useKitSpeech as () => DeskSpeech;
