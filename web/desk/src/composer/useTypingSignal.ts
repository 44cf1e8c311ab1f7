import { useCallback, useRef } from "react";
import { sendLive } from "../live/store";

const EVERY_MS = 2500;

/** Tells the subscriber that we type, not oftener than needed. */
export function useTypingSignal(contact: string): () => void {
  const last = useRef(0);
  return useCallback(() => {
    const now = Date.now();
    if (now - last.current < EVERY_MS) return;
    last.current = now;
    sendLive({ type: "typing", contact });
  }, [contact]);
}
