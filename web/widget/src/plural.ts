/** Picks the form of a word for a whole number, by the rules of the language. */
import type { Language } from "./types";

interface Forms {
  one: string;
  few?: string;
  many: string;
}

const rules: Record<Language, Intl.PluralRules> = { ru: new Intl.PluralRules("ru"), en: new Intl.PluralRules("en") };

export function plural(language: Language, n: number, forms: Forms): string {
  const form = rules[language].select(n);
  return form === "one" ? forms.one : form === "few" ? (forms.few ?? forms.many) : forms.many;
}
