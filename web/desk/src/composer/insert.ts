/** The command bar chooses a ready reply, the open composer takes it. */

import { useEffect, useEffectEvent } from "react";
import type { CannedReply } from "./canned";

let composer: ((reply: CannedReply) => void) | null = null;

/** Give a ready reply to the open composer; false when none is open. */
export function insertReply(reply: CannedReply): boolean {
  composer?.(reply);
  return composer !== null;
}

export function useComposerInsert(insert: (reply: CannedReply) => void): void {
  const onInsert = useEffectEvent(insert);
  useEffect(() => {
    const own = (reply: CannedReply) => onInsert(reply);
    composer = own;
    return () => {
      if (composer === own) composer = null;
    };
  }, []);
}
