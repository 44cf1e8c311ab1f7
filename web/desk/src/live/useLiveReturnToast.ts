import { useEffect } from "react";
import { toast } from "../i18n/toast";
import { onKept, resend } from "../conversation/messages";
import { liveState, onLiveReturn } from "./store";

/** After a loss: send again what did not get through, and say once that the connection is back. */
export function useLiveReturnToast(): void {
  useEffect(() => {
    // Signed in again after the session had ended in the middle of a talk.
    liveState().outgoing.filter((item) => item.error?.startsWith("session.")).forEach(resend);
    return onLiveReturn((topic) => {
      if (topic !== "me") return;
      const unsent = liveState().outgoing.filter((item) => item.error === "network");
      unsent.forEach(resend);
      toast(({ t }) => t("net.back", { n: unsent.length }), "signal");
    });
  }, []);
  useEffect(() => onKept(() => toast(({ t }) => t("message.kept"), "alert")), []);
}
