import type { WorkItem } from "@kit/live-types";
import { isMessage } from "../call/voicemail";
import type { Hint } from "../frame/BottomBar";
import { useSpeech } from "../i18n";
import { useKeys, useWorkKeys } from "../keyboard/keys";

/** The keys that matter at this moment. */
export function useHints(row: WorkItem | undefined, wrapping: boolean, offerOpen: boolean): Hint[] {
  const { t } = useSpeech();
  const keys = useKeys();
  const work = useWorkKeys();
  if (offerOpen) {
    return [
      { chord: "Enter", text: t("offer.accept") },
      { chord: "Escape", text: t("offer.decline") },
      { chord: keys.hand, text: t("hand.raise") },
    ];
  }
  if (!row) {
    return [
      { chord: keys.presence, text: t("presence.label") },
      { chord: keys.region, text: t("key.region") },
    ];
  }
  if (wrapping) {
    return [
      { chord: "1…4", text: t("wrap.outcome") },
      { chord: keys.reason, text: t("key.reason") },
      { chord: keys.save, text: t("wrap.save") },
    ];
  }
  if (isMessage(row)) {
    return [
      { chord: keys.callBack, text: t("voicemail.call") },
      { chord: keys.transfer, text: t("chat.transfer") },
      { chord: keys.reason, text: t("key.reason") },
      { chord: keys.end, text: t("chat.end") },
    ];
  }
  if (row.channel === "voice") {
    return [
      { chord: keys.hold, text: t("call.hold") },
      { chord: keys.mute, text: t("call.mute") },
      { chord: keys.reason, text: t("key.reason") },
      { chord: keys.end, text: t("chat.end") },
    ];
  }
  return [
    { chord: "/", text: t("composer.canned") },
    { chord: work, text: t("key.work") },
    { chord: keys.transfer, text: t("chat.transfer") },
    { chord: keys.end, text: t("chat.end") },
  ];
}
