import { api } from "@kit/client";
import type { WorkItem } from "@kit/live-types";
import { useCommand } from "../session/useCommand";

/** Reasons that an agent may give for a "no". */
export const DECLINE_REASONS = ["busy", "not_mine", "technical", "other"] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

/** Accept and decline of one offer. `busy` lasts until the server answered. */
export function useOfferActions(row: WorkItem) {
  const { run, busy } = useCommand();
  const accept = () => {
    if (!busy) void run(() => api.post(`/contacts/${row.id}/accept`, { offer: row.offer }));
  };
  const decline = (reason: DeclineReason) => {
    void run(() => api.post(`/contacts/${row.id}/decline`, { offer: row.offer, reason }));
  };
  return { accept, decline, busy };
}
