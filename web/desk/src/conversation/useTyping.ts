import { onTick } from "@kit/clock";
import { useEffect, useState } from "react";
import { useLive } from "../live/store";

/** A sign of typing is believed for this long. */
const TYPING_SECONDS = 5;

/** Is the subscriber of the contact typing now? */
export function useTyping(contact: string): boolean {
  const at = useLive((state) => state.typing[contact] ?? 0);
  const [typing, setTyping] = useState(false);
  useEffect(() => (at === 0 ? undefined : onTick((now) => setTyping(now - at < TYPING_SECONDS))), [at]);
  return typing && at > 0;
}
