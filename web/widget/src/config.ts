/** What the operator's page says in the script tag. */
import type { Language } from "./types";

export interface Config {
  origin: string;
  entry: string;
  language: Language;
  theme: string | undefined;
}

export function isLanguage(value: unknown): value is Language {
  return value === "ru" || value === "en";
}

/** `script` is the tag that brought the widget; its address says where the server is. */
export function readConfig(script: HTMLScriptElement | null, page: Document): Config {
  const data = script?.dataset ?? {};
  return {
    origin: new URL(script?.src ?? "", page.baseURI).origin,
    entry: data["entry"] ?? "site",
    language: [data["language"], page.documentElement.lang.slice(0, 2), "ru"].find(isLanguage) ?? "ru",
    theme: data["theme"],
  };
}
