/** What the browser remembers of one entry point: in localStorage, or in memory where that is forbidden. */

export interface Shelf {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(): string[];
}

export type Key = "token" | "begun" | "draft" | "language" | "skipped" | `out:${string}`;

export class Storage {
  private readonly prefix: string;

  constructor(
    entry: string,
    private readonly shelf: Shelf = openShelf(),
  ) {
    this.prefix = `teplo:${entry}:`;
  }

  get(key: Key): string | null {
    return this.shelf.get(this.prefix + key);
  }

  set(key: Key, value: string | null): void {
    if (value === null || value === "") this.shelf.remove(this.prefix + key);
    else this.shelf.set(this.prefix + key, value);
  }

  /** The keys that begin with `start`, sorted. */
  keys(start: Key): Key[] {
    const whole = this.prefix + start;
    return this.shelf
      .keys()
      .filter((key) => key.startsWith(whole))
      .map((key) => key.slice(this.prefix.length) as Key)
      .sort();
  }

  /** Calls back with each key that another tab has changed. */
  watch(changed: (key: Key) => void): void {
    addEventListener("storage", (event) => {
      if (event.key?.startsWith(this.prefix)) changed(event.key.slice(this.prefix.length) as Key);
    });
  }
}

export function memoryShelf(): Shelf {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
    keys: () => [...values.keys()],
  };
}

function openShelf(): Shelf {
  const memory = memoryShelf();
  try {
    const local = localStorage;
    local.setItem("teplo:probe", "1");
    local.removeItem("teplo:probe");
    return {
      get: (key) => memory.get(key) ?? local.getItem(key),
      set: (key, value) => {
        try {
          local.setItem(key, value);
          memory.remove(key);
        } catch {
          memory.set(key, value); // the host's quota is used up: keep it for this page at least
        }
      },
      remove: (key) => {
        memory.remove(key);
        local.removeItem(key);
      },
      keys: () => [...new Set([...Object.keys(local), ...memory.keys()])],
    };
  } catch {
    return memory;
  }
}
