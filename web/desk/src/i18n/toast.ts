import { toast as show } from "@kit/components/Toasts";
import type { IconName } from "@kit/icon-names";
import { SPEECH_OF, type DeskSpeech } from ".";

/** Say a result for some seconds; who changes the language meanwhile reads it in the new one. */
export const toast = (say: (speech: DeskSpeech) => string, icon?: IconName): void =>
  show((language) => say(SPEECH_OF[language]), icon);
