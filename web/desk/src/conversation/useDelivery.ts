import { api } from "@kit/client";
import { useEffect } from "react";
import { liveState, onLiveMessage } from "../live/store";

const GATHER_MS = 300;
const told = new Map<string, number>();

async function tell(contact: string, seq: number): Promise<void> {
  if ((told.get(contact) ?? 0) >= seq) return;
  told.set(contact, seq);
  try {
    await api.post(`/contacts/${contact}/delivered`, { seq });
  } catch {
    // The next message or the next snapshot will say it again.
    told.delete(contact);
  }
}

/** Tell the subscriber's side what has reached this desk, whether or not the chat is open in the centre. */
export function useDelivery(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onLiveMessage((message) => {
      const news =
        (message.type === "message" && message.message.author === "subscriber") ||
        (message.type === "snapshot" && message.topic === "me");
      if (!news || timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        const work = liveState().desk?.work ?? {};
        for (const contact of told.keys()) if (!work[contact]) told.delete(contact);
        for (const row of Object.values(work)) {
          if (row.state === "talking" && row.unread > 0) void tell(row.id, row.last_seq);
        }
      }, GATHER_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
}
