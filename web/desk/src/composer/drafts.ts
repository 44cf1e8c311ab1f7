/** Unsent texts of this browser, by person and contact: they survive a reload and end with the contact. */

import { idTime } from "@kit/ids";

const PREFIX = "teplo.draft.";
export type DraftKind = "reply" | "note" | "wrapup";

const key = (person: string, contact: string, kind: DraftKind) => `${PREFIX}${person}.${contact}.${kind}`;

export function readDraft(person: string, contact: string, kind: DraftKind): string {
  return localStorage.getItem(key(person, contact, kind)) ?? "";
}

export function writeDraft(person: string, contact: string, kind: DraftKind, text: string): void {
  if (text) localStorage.setItem(key(person, contact, kind), text);
  else localStorage.removeItem(key(person, contact, kind));
}

const DAYS_KEPT = 3;

/** Forget drafts of contacts that began days ago (their ids are UUIDv7): nobody comes back to those. */
export function dropOldDrafts(now: number = Date.now()): void {
  for (const name of Object.keys(localStorage)) {
    const contact = name.startsWith(PREFIX) ? name.split(".").at(-2) : undefined;
    if (contact && idTime(contact) < now - DAYS_KEPT * 86_400_000) localStorage.removeItem(name);
  }
}

/** Forget the drafts of a person, or of one contact of theirs. */
export function dropDrafts(person: string, contact = ""): void {
  const prefix = `${PREFIX}${person}.${contact}`;
  for (const name of Object.keys(localStorage)) if (name.startsWith(prefix)) localStorage.removeItem(name);
}
