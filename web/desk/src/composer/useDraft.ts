import { useCallback, useEffect, useRef, useState } from "react";
import { useSession } from "../session/session";
import { readDraft, writeDraft, type DraftKind } from "./drafts";

const PAUSE_MS = 500;

/** A text that survives a reload: written at each pause of half a second, and when the field or the page goes away. */
export function useDraft(contact: string, kind: DraftKind): [string, (text: string) => void] {
  const { person } = useSession();
  const [text, setText] = useState(() => readDraft(person.id, contact, kind));
  const unsaved = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const save = useCallback(() => {
    clearTimeout(timer.current);
    if (unsaved.current !== null) writeDraft(person.id, contact, kind, unsaved.current);
    unsaved.current = null;
  }, [person.id, contact, kind]);

  useEffect(() => {
    addEventListener("pagehide", save);
    return () => {
      removeEventListener("pagehide", save);
      save();
    };
  }, [save]);

  const change = useCallback(
    (next: string) => {
      setText(next);
      unsaved.current = next;
      clearTimeout(timer.current);
      if (next) timer.current = setTimeout(save, PAUSE_MS);
      else save();
    },
    [save],
  );
  return [text, change];
}
