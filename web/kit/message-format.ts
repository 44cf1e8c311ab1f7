/**
 * The part of ICU MessageFormat that the catalogues use: `{name}`, `{n, plural, =0 {…} one {…} few {…} other {# …}}`
 * and `{kind, select, a {…} other {…}}`, nested at will. Apostrophes are plain text.
 */

export type Params = Record<string, string | number | null | undefined>;
type Part = string | { name: string } | { name: string; type: "plural" | "select"; options: Record<string, Part[]> };

const HASH = "#";

class Parser {
  private at = 0;
  constructor(private readonly source: string) {}

  parts(insidePlural: boolean): Part[] {
    const result: Part[] = [];
    let text = "";
    while (this.at < this.source.length && this.source[this.at] !== "}") {
      const char = this.source[this.at] ?? "";
      if (char === "{" || (char === "#" && insidePlural)) {
        if (text) result.push(text);
        text = "";
        result.push(char === "{" ? this.argument() : { name: HASH });
        if (char === "#") this.at++;
      } else {
        text += char;
        this.at++;
      }
    }
    if (text) result.push(text);
    return result;
  }

  private argument(): Part {
    this.at++;
    const name = this.word(",}");
    if (this.take() === "}") return { name };
    const type = this.word(",") as "plural" | "select";
    this.take();
    const options: Record<string, Part[]> = {};
    for (;;) {
      const key = this.word("{}");
      if (this.take() === "}" || !key) break;
      options[key] = this.parts(type === "plural");
      this.take();
    }
    return { name, type, options };
  }

  private take(): string {
    const char = this.source[this.at];
    if (char === undefined) throw new Error(`unfinished message: ${this.source}`);
    this.at++;
    return char;
  }

  private word(stops: string): string {
    const start = this.at;
    while (this.at < this.source.length && !stops.includes(this.source[this.at] ?? "")) this.at++;
    return this.source.slice(start, this.at).trim();
  }
}

const parsed = new Map<string, Part[]>();
const rules = new Map<string, Intl.PluralRules>();
const numbers = new Map<string, Intl.NumberFormat>();

function remembered<T>(cache: Map<string, T>, key: string, make: () => T): T {
  let value = cache.get(key);
  if (value === undefined) {
    value = make();
    cache.set(key, value);
  }
  return value;
}

function render(parts: Part[], language: string, params: Params, hash: number | null): string {
  const number = (value: number) =>
    remembered(numbers, language, () => new Intl.NumberFormat(language)).format(value);
  return parts
    .map((part) => {
      if (typeof part === "string") return part;
      if (part.name === HASH) return hash === null ? HASH : number(hash);
      const value = params[part.name];
      if (!("type" in part)) return typeof value === "number" ? number(value) : (value ?? `{${part.name}}`);
      const choice =
        part.type === "plural"
          ? remembered(rules, language, () => new Intl.PluralRules(language)).select(Number(value))
          : String(value);
      const option = part.options[`=${String(value)}`] ?? part.options[choice] ?? part.options.other ?? [];
      return render(option, language, params, part.type === "plural" ? Number(value) : hash);
    })
    .join("");
}

/** Render `message` for `language`; a missing parameter stays visible as `{name}`. */
export function formatMessage(message: string, language: string, params: Params = {}): string {
  return render(
    remembered(parsed, message, () => new Parser(message).parts(false)),
    language,
    params,
    null,
  );
}
