import type { Schemas } from "@kit/api";
import { api } from "@kit/client";
import { useEffect, useEffectEvent } from "react";
import { toast } from "../i18n/toast";
import { liveState, onLiveMessage } from "../live/store";
import { unansweredCalls } from "./calling";

/** Say why a call out came to no talk; the contact record keeps it. */
export function useCallOutcome(): void {
  const tell = useEffectEvent(async (contact: string) => {
    try {
      const { outcome } = await api.get<Schemas["CallOutcome"]>(`/calls/out/${contact}`);
      if (outcome !== null && outcome !== "cancelled") {
        toast(({ t, find }) => t("callOut.failed", { why: find(`dial.${outcome}`) ?? outcome }), "alert");
      }
    } catch {
      toast(({ t }) => t("callOut.over"), "alert");
    }
  });
  useEffect(() => {
    let before = liveState().desk?.work ?? {};
    return onLiveMessage(() => {
      const after = liveState().desk?.work ?? {};
      if (after === before) return;
      unansweredCalls(before, after).forEach((contact) => void tell(contact));
      before = after;
    });
  }, []);
}
