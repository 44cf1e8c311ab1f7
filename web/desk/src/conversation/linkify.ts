/** A text cut into plain parts and web links. Only http(s) becomes a link; the text itself is never markup. */
export interface TextPart {
  text: string;
  href: string | null;
}

const LINK = /\b(?:https?:\/\/|www\.)[^\s<>"«»]+/gi;
const TRAILING = /[.,;:!?)\]}'…]+$/;

function address(text: string): string | null {
  try {
    const url = new URL(/^https?:/i.test(text) ? text : `https://${text}`);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const shown = match[0].replace(TRAILING, "");
    const href = address(shown);
    if (href === null) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index), href: null });
    parts.push({ text: shown, href });
    from = match.index + shown.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), href: null });
  return parts;
}
