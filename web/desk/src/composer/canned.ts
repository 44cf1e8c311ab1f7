/** Ready replies: which fit what was typed after the slash, and what their variables stand for. */

import type { CannedBody, Language } from "@kit/api";

export interface CannedReply {
  id: string;
  shortcut: string;
  title: string;
  text: string;
}

export type Variables = Partial<Record<string, string>>;

const VARIABLE = /\{(\w+)\}/g;

/** Replies for this queue in this language, with the other language where one is missing. */
export function repliesFor(items: { id: string; body: CannedBody }[], queue: string, language: Language): CannedReply[] {
  return items
    .filter(({ body }) => body.queues.length === 0 || body.queues.includes(queue))
    .map(({ id, body }) => ({
      id,
      shortcut: body.shortcut,
      title: body.name[language],
      text: [body.text[language], body.text.ru, body.text.en].find((text) => text !== "") ?? "",
    }))
    .filter((reply) => reply.text !== "");
}

const fold = (text: string) => text.toLocaleLowerCase().replaceAll("ё", "е");

/** Best first: the shortcut begins so, then a word of the title begins so, then the words are somewhere inside. */
export function searchReplies(replies: CannedReply[], typed: string): CannedReply[] {
  const wanted = fold(typed.replace(/^\//, "")).trim();
  if (!wanted) return replies;
  const words = wanted.split(/\s+/);
  const rank = (reply: CannedReply): number => {
    if (fold(reply.shortcut).slice(1).startsWith(wanted)) return 0;
    if (fold(reply.title).split(/\s+/).some((word) => word.startsWith(wanted))) return 1;
    const all = fold(`${reply.shortcut} ${reply.title} ${reply.text}`);
    return words.every((word) => all.includes(word)) ? 2 : 3;
  };
  return replies
    .map((reply) => ({ reply, rank: rank(reply) }))
    .filter((found) => found.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map((found) => found.reply);
}

/** The text with known variables filled in; unknown ones stay as `{name}`. */
export function fillVariables(text: string, values: Variables): string {
  return text.replaceAll(VARIABLE, (whole, name: string) => values[name] ?? whole);
}

/** Variables that still stand in the text: it must not be sent so. */
export function unresolved(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map((match) => match[0]))];
}

/** The text cut so that unresolved variables can be marked. */
export function markVariables(text: string): { text: string; variable: boolean }[] {
  const parts: { text: string; variable: boolean }[] = [];
  let from = 0;
  for (const match of text.matchAll(VARIABLE)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), variable: false });
    parts.push({ text: match[0], variable: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), variable: false });
  return parts;
}

/** Does what is typed ask for the list? Only a slash at the very beginning does. */
export const asksForReplies = (text: string): boolean => /^\/[^\n]*$/.test(text);
