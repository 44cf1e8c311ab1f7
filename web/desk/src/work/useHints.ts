import type { WorkItem } from "@kit/live-types";
import type { Hint } from "../frame/BottomBar";
import { useSpeech } from "../i18n";

/** The keys that matter at this moment. */
export function useHints(row: WorkItem | undefined, wrapping: boolean, offerOpen: boolean): Hint[] {
  const { t } = useSpeech();
  if (offerOpen) {
    return [
      { chord: "Enter", text: t("offer.accept") },
      { chord: "Escape", text: t("offer.decline") },
      { chord: "F8", text: t("hand.raise") },
    ];
  }
  if (!row) {
    return [
      { chord: "F2", text: t("presence.label") },
      { chord: "F6", text: t("key.region") },
    ];
  }
  if (wrapping) {
    return [
      { chord: "1…4", text: t("wrap.outcome") },
      { chord: "F4", text: t("key.reason") },
      { chord: "Ctrl+Enter", text: t("wrap.save") },
    ];
  }
  if (row.channel === "voice") {
    return [
      { chord: "Alt+KeyH", text: t("call.hold") },
      { chord: "Alt+KeyM", text: t("call.mute") },
      { chord: "F4", text: t("key.reason") },
      { chord: "Alt+Shift+KeyX", text: t("chat.end") },
    ];
  }
  return [
    { chord: "/", text: t("composer.canned") },
    { chord: "Alt+1…4", text: t("key.work") },
    { chord: "Alt+KeyT", text: t("chat.transfer") },
    { chord: "Alt+Shift+KeyX", text: t("chat.end") },
  ];
}
