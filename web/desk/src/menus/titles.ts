/** Steps in a few words: what they are, and what they say or where they lead. */

import { useMemo } from "react";
import { useConfig, useNames } from "../config/config";
import { usePromptTexts } from "./data";
import { useEditor } from "./editor";
import type { MenuNode } from "./model";
import { useTexts } from "./texts";

export interface Titles {
  kind: (node: MenuNode) => string;
  /** What the step says first, or what it looks at. */
  detail: (node: MenuNode) => string;
  /** In one line, for lists. */
  long: (id: string) => string;
  hours: (id: string) => string;
}

export function useTitles(): Titles {
  const { t, find, name, language } = useTexts();
  const { menu } = useEditor();
  const names = useNames();
  const words = usePromptTexts();
  const hoursItems = useConfig("hours").data;
  return useMemo(() => {
    const spoken = menu.languages?.includes(language) === false ? (menu.languages[0] ?? "ru") : language;
    const hours = (id: string) => name(hoursItems?.find((one) => one.id === id)?.body.name, id);
    const said = (node: MenuNode) => {
      const first = node.prompts?.[0];
      if (!first) return "";
      const [prompt = "", fixed] = first.split("@");
      return words(prompt, fixed ?? spoken) ?? prompt;
    };
    const detail = (node: MenuNode) => {
      if (node.kind === "hours") return node.queue ? names.queue(node.queue) : node.hours ? hours(node.hours) : "";
      if (node.kind === "branch") return find(`fact.${node.field ?? ""}`) ?? "";
      if (node.kind === "priority") return Object.keys(node.by_segment ?? {}).join(", ");
      if (node.kind === "announcements") return t("menus.itemCount", { n: node.items?.length ?? 0 });
      if (node.queue) return names.queue(node.queue);
      return said(node);
    };
    const kind = (node: MenuNode) => find(`kind.${node.kind}`) ?? node.kind;
    const long = (id: string) => {
      const node = menu.nodes[id];
      const more = node ? detail(node) : "";
      return node ? `${id} · ${kind(node)}${more ? `: ${more.length > 60 ? `${more.slice(0, 58)}…` : more}` : ""}` : id;
    };
    return { kind, detail, long, hours };
  }, [menu, words, names, hoursItems, name, t, find, language]);
}
