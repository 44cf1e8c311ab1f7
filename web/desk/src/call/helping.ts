/** A colleague's call that this person was asked into: the sound is joined only after a yes, which a reload keeps. */

import { createStore, useStore } from "@kit/store";
import { useLive } from "../live/store";

const KEPT = "teplo.helping";
const accepted = createStore<string | null>(sessionStorage.getItem(KEPT));

/** Say yes to the call of this contact; null: it is over. */
export function acceptHelping(contact: string | null): void {
  if (contact === null) sessionStorage.removeItem(KEPT);
  else sessionStorage.setItem(KEPT, contact);
  accepted.set(contact);
}

/** What was asked, and whether the answer was yes; null while nobody asks. */
export function useHelping(): { contact: string; agent: string | null; joined: boolean } | null {
  const helping = useLive((state) => state.desk?.me.helping ?? null);
  const yes = useStore(accepted, (is) => is);
  return helping && { ...helping, joined: yes === helping.contact };
}
