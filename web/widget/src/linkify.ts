/** Splits a text into plain parts and web links. Only http and https ever become links. */

export interface Part {
  text: string;
  href: string | null;
}

const LINK = /\bhttps?:\/\/[^\s<>"«»]+/giu;

export function linkify(text: string): Part[] {
  const parts: Part[] = [];
  let done = 0;
  for (const match of text.matchAll(LINK)) {
    const shown = trimmed(match[0]);
    const href = address(shown);
    if (href === null) continue;
    if (match.index > done) parts.push({ text: text.slice(done, match.index), href: null });
    parts.push({ text: shown, href });
    done = match.index + shown.length;
  }
  if (done < text.length) parts.push({ text: text.slice(done), href: null });
  return parts;
}

/** Punctuation after an address belongs to the sentence, a closing bracket only when it was not opened inside. */
function trimmed(link: string): string {
  let end = link.length;
  for (;;) {
    const last = link[end - 1] ?? "";
    const unopened = last === ")" && link.slice(0, end).split("(").length < link.slice(0, end).split(")").length;
    if (!/[.,:;!?'…]/u.test(last) && !unopened) return link.slice(0, end);
    end -= 1;
  }
}

function address(link: string): string | null {
  try {
    const url = new URL(link);
    return (url.protocol === "http:" || url.protocol === "https:") && url.username === "" ? url.href : null;
  } catch {
    return null;
  }
}
