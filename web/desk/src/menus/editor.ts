import { createContext, useContext } from "react";
import type { Check } from "./data";
import type { Menu } from "./model";

/** What every part of the editor needs: the menu, changing it, and which step is looked at ("" is the menu itself). */
export interface Editor extends Check {
  menu: Menu;
  edit: (menu: Menu, tag?: string) => void;
  chosen: string;
  choose: (id: string) => void;
  /** Choose it and take the focus to its form. */
  visit: (id: string) => void;
}

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("used outside the menu editor");
  return editor;
}
