/**
 * What the browser remembers of one entry point: in localStorage, or in memory where that is forbidden or full. Whether
 * the panel is open and the call that goes on belong to the tab alone.
 */

export type Key = "token" | "begun" | "draft" | "language" | "open" | "call" | "skipped" | `out:${string}`;

export interface Storage {
  get: (key: Key) => string | null;
  /** An empty value removes the key. */
  set: (key: Key, value: string | null) => void;
  /** The keys that begin with `start`, sorted. */
  keys: (start: Key) => Key[];
  /** Calls back with each key that another tab has changed. */
  watch: (changed: (key: Key) => void) => void;
}

export function openStorage(entry: string): Storage {
  const prefix = `teplo:${entry}:`;
  const memory = new Map<string, string>();
  /** Null where the browser forbids it for this page, or has no room. */
  const attempt = <T>(work: () => T): T | null => {
    try {
      return work();
    } catch {
      return null;
    }
  };
  const place = (key: Key) => (key === "open" || key === "call" ? sessionStorage : localStorage);
  return {
    get: (key) => memory.get(prefix + key) ?? attempt(() => place(key).getItem(prefix + key)),
    set: (key, value) => {
      const name = prefix + key;
      memory.delete(name);
      attempt(() => place(key).removeItem(name));
      if (!value) return;
      memory.set(name, value);
      attempt(() => {
        place(key).setItem(name, value);
        memory.delete(name);
      });
    },
    keys: (start) =>
      [...new Set([...Object.keys(attempt(() => localStorage) ?? {}), ...memory.keys()])]
        .filter((name) => name.startsWith(prefix + start))
        .map((name) => name.slice(prefix.length) as Key)
        .sort(),
    watch: (changed) =>
      addEventListener("storage", (event) => {
        if (event.key?.startsWith(prefix)) changed(event.key.slice(prefix.length) as Key);
      }),
  };
}
