import { useSpeech as useKitSpeech, type Speech } from "@kit/i18n";
import en from "./en.json";
import ru from "./ru.json";

export type Key = keyof typeof ru;
export type DeskSpeech = Speech<Key>;
export const catalogues = { ru, en };

/** The desk's texts: keys are checked against the Russian catalogue. */
export const useSpeech = useKitSpeech as () => DeskSpeech;
