import { useCallback, useRef } from "react";
import { sendLive } from "../live/store";

const EVERY_MS = 2500;

/** Tells the subscriber that we type, not oftener than needed; `again` after a message: the other side forgot it then. */
export function useTypingSignal(contact: string): { signal: () => void; again: () => void } {
  const last = useRef(0);
  const signal = useCallback(() => {
    const now = Date.now();
    if (now - last.current < EVERY_MS) return;
    last.current = now;
    sendLive({ type: "typing", contact });
  }, [contact]);
  const again = useCallback(() => {
    last.current = 0;
  }, []);
  return { signal, again };
}
