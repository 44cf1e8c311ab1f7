import type { PromptRow } from "./data";

const flat = (text: string) => text.toLowerCase().replaceAll("ё", "е");

/** Rows whose name or words hold every typed word, in the server's order: own ones first, fragments last. */
export function matching(rows: PromptRow[], typed: string): PromptRow[] {
  const wanted = flat(typed).split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const hay = flat(`${row.name} ${row.text}`);
    return wanted.every((word) => hay.includes(word));
  });
}

/** Names for a menu, each once, with the words in a language; fragments only when asked for; no music. */
export function searchPrompts(rows: PromptRow[], typed: string, language: string): { name: string; text: string }[] {
  const found = matching(rows, typed).filter(
    (row) => row.name !== "music" && (row.group !== "fragment" || typed.trim() !== ""),
  );
  const texts = new Map(rows.filter((row) => row.language === language).map((row) => [row.name, row.text]));
  return [...new Set(found.map((row) => row.name))].map((name) => ({ name, text: texts.get(name) ?? "" }));
}
