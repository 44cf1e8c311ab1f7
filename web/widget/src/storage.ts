/** What the browser remembers of one entry point: in localStorage, or in memory where that is forbidden or full. */

export type Key = "token" | "begun" | "draft" | "language" | "skipped" | `out:${string}`;

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
  let local: globalThis.Storage | undefined;
  try {
    local = localStorage;
  } catch {
    // the browser forbids it for this page
  }
  return {
    get: (key) => memory.get(prefix + key) ?? local?.getItem(prefix + key) ?? null,
    set: (key, value) => {
      const name = prefix + key;
      memory.delete(name);
      try {
        if (value) localStorage.setItem(name, value);
        else localStorage.removeItem(name);
      } catch {
        if (value) memory.set(name, value);
      }
    },
    keys: (start) =>
      [...new Set([...Object.keys(local ?? {}), ...memory.keys()])]
        .filter((name) => name.startsWith(prefix + start))
        .map((name) => name.slice(prefix.length) as Key)
        .sort(),
    watch: (changed) =>
      addEventListener("storage", (event) => {
        if (event.key?.startsWith(prefix)) changed(event.key.slice(prefix.length) as Key);
      }),
  };
}
