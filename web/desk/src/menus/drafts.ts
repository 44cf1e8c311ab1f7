/** Unsaved changes of menus: they outlive a visit to another section, not the window. */

import { createStore, useStore } from "@kit/store";
import { useCallback, useEffect, useMemo } from "react";
import { canonical } from "./changes";
import type { MenuBody, MenuItem } from "./data";
import type { Menu } from "./model";

interface Draft {
  /** The version that the changes were made from. */
  base: number;
  body: MenuBody;
  past: MenuBody[];
  /** Changes of one field, one after the other, are taken back together. */
  tag: string;
}

const MOST_UNDO = 100;
const drafts = createStore<Record<string, Draft>>({});

export function dropDraft(id: string): void {
  drafts.set(Object.fromEntries(Object.entries(drafts.get()).filter(([other]) => other !== id)));
}

export interface Editing {
  body: MenuBody;
  menu: Menu;
  dirty: boolean;
  /** Somebody saved another version meanwhile. */
  conflict: boolean;
  /** The version to save over. */
  base: number;
  edit: (menu: Menu, tag?: string) => void;
  editBody: (body: MenuBody, tag?: string) => void;
  undo: (() => void) | null;
  /** Make the unsaved changes follow the version that is in force now. */
  rebase: () => void;
}

export function useEditing(item: MenuItem): Editing {
  const { id } = item;
  const draft = useStore(drafts, (all) => all[id]);
  const body = draft?.body ?? item.body;
  const dirty = useMemo(
    () => draft !== undefined && canonical(draft.body) !== canonical(item.body),
    [draft, item.body],
  );
  const editBody = useCallback(
    (next: MenuBody, tag = "") => {
      const now = drafts.get()[id] ?? { base: item.version, body: item.body, past: [], tag: "" };
      const past = tag && tag === now.tag ? now.past : [...now.past, now.body].slice(-MOST_UNDO);
      drafts.set({ ...drafts.get(), [id]: { ...now, body: next, past, tag } });
    },
    [id, item],
  );
  const edit = useCallback(
    (menu: Menu, tag?: string) => editBody({ ...(drafts.get()[id]?.body ?? item.body), menu }, tag),
    [editBody, id, item.body],
  );
  const undo = () => {
    const before = draft?.past.at(-1);
    if (!draft || !before) return;
    if (draft.past.length === 1) dropDraft(id);
    else drafts.set({ ...drafts.get(), [id]: { ...draft, body: before, past: draft.past.slice(0, -1), tag: "" } });
  };
  useEffect(() => {
    if (!dirty) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", hold);
    return () => removeEventListener("beforeunload", hold);
  }, [dirty]);
  const base = dirty ? (draft?.base ?? item.version) : item.version;
  return {
    body,
    menu: body.menu,
    dirty,
    conflict: dirty && base !== item.version,
    base,
    edit,
    editBody,
    undo: draft && draft.past.length > 0 ? undo : null,
    rebase: () => {
      if (draft) drafts.set({ ...drafts.get(), [id]: { ...draft, base: item.version } });
    },
  };
}
