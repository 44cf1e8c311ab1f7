/** Splits a text into plain parts and web links. */

export interface Part {
  text: string;
  link: boolean;
}

/** Only http and https; the punctuation after an address belongs to the sentence. */
const LINK = /(https?:\/\/[^\s<>"«»]*[^\s<>"«».,:;!?'…)\]])/i;

export function linkify(text: string): Part[] {
  // Splitting by a group gives the links at the odd places.
  return text.split(LINK).map((part, i) => ({ text: part, link: i % 2 === 1 }));
}
