/** Which key does what: the keys of the book until the person chooses others, which this browser keeps. */

import { isGlobal, useShortcuts, type Chord } from "@kit/keyboard";
import { createStore, useStore } from "@kit/store";
import { useEffect, useMemo } from "react";

const DEFAULTS = {
  command: "Ctrl+KeyK",
  presence: "F2",
  region: "F6",
  regionBack: "Shift+F6",
  hand: "F8",
  work1: "Alt+Digit1",
  work2: "Alt+Digit2",
  work3: "Alt+Digit3",
  work4: "Alt+Digit4",
  acceptDocked: "Alt+Enter",
  transfer: "Alt+KeyT",
  end: "Alt+Shift+KeyX",
  card: "Ctrl+Alt+KeyI",
  hold: "Alt+KeyH",
  mute: "Alt+KeyM",
  keypad: "Alt+KeyK",
  consult: "Alt+KeyC",
  callBack: "Alt+KeyB",
  record: "Alt+KeyR",
  reason: "F4",
  save: "Ctrl+Enter",
} satisfies Record<string, Chord>;

/** What a key of its own can be given to. */
export type Action = keyof typeof DEFAULTS;
export type Keys = Record<Action, Chord>;
export const ACTIONS = Object.keys(DEFAULTS) as Action[];
export const DEFAULT_KEYS: Keys = DEFAULTS;

/** What the browser, or a text field in it, means by a key: taking it away would surprise. */
const BROWSERS = new Set([
  ...["A", "C", "F", "L", "N", "P", "R", "S", "T", "V", "W", "X", "Y", "Z"].map((letter) => `Ctrl+Key${letter}`),
  ...["N", "P", "R", "T", "V", "W", "Z"].map((letter) => `Ctrl+Shift+Key${letter}`),
  ...["Tab", "Shift+Tab", "Equal", "Minus", "Digit0", "Home", "End", "Backspace", "Delete"].map((key) => `Ctrl+${key}`),
  ...["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].flatMap((key) => [`Ctrl+${key}`, `Ctrl+Shift+${key}`]),
  ...["ArrowLeft", "ArrowRight", "Home", "F4", "Tab", "Shift+Tab", "Space", "Escape"].map((key) => `Alt+${key}`),
  ...["F1", "F3", "F5", "F7", "F11", "F12", "Ctrl+F4", "Ctrl+F5", "Ctrl+Escape", "Shift+F10"],
]);

export type Refusal = { why: "plain" } | { why: "browser" } | { why: "taken"; by: Action };

/** Why the action cannot have the chord, or null. Letters come with Ctrl or Alt: one types all day here. */
export function refusal(keys: Keys, action: Action, chord: Chord): Refusal | null {
  if (!isGlobal(chord)) return { why: "plain" };
  if (BROWSERS.has(chord)) return { why: "browser" };
  const by = ACTIONS.find((other) => other !== action && keys[other] === chord);
  return by ? { why: "taken", by } : null;
}

/** The keys with what was stored of them; whatever is not understood, or means two things, is as in the book. */
export function readKeys(stored: string | null): Keys {
  const keys: Keys = { ...DEFAULTS };
  const chosen = parse(stored);
  // First all at once: two keys may have changed places. Then whatever two actions want goes back to the book.
  for (const action of ACTIONS) {
    const chord = chosen[action];
    if (typeof chord === "string" && isGlobal(chord) && !BROWSERS.has(chord)) keys[action] = chord;
  }
  const doubled = ACTIONS.some((action) => refusal(keys, action, keys[action]));
  return doubled ? { ...DEFAULTS } : keys;
}

/** Only what differs from the book, so that a better book reaches everybody; null when nothing does. */
export function writeKeys(keys: Keys): string | null {
  const own = ACTIONS.filter((action) => keys[action] !== DEFAULTS[action]);
  return own.length > 0 ? JSON.stringify(Object.fromEntries(own.map((action) => [action, keys[action]]))) : null;
}

function parse(stored: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(stored ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const current = createStore<Keys>(DEFAULTS);
/** Which action waits for its new key: until then no key does anything else. */
const waiting = createStore<Action | null>(null);
let storageKey = "";

/** Use the person's own keys from now on, also when another tab changes them. */
export function useOwnKeys(person: string): void {
  useEffect(() => {
    storageKey = `teplo.keys.${person}`;
    const read = () => current.set(readKeys(localStorage.getItem(storageKey)));
    const changed = (event: StorageEvent) => {
      if (event.key === storageKey) read();
    };
    read();
    addEventListener("storage", changed);
    return () => removeEventListener("storage", changed);
  }, [person]);
}

function keep(keys: Keys): void {
  const stored = writeKeys(keys);
  if (stored === null) localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, stored);
  current.set(keys);
}

/** Give the action another key; says why not, or null when it is done. */
export function changeKey(action: Action, chord: Chord): Refusal | null {
  const problem = refusal(current.get(), action, chord);
  if (!problem) keep({ ...current.get(), [action]: chord });
  return problem;
}

export const resetKeys = () => keep({ ...DEFAULTS });
export const waitForKey = (action: Action | null) => waiting.set(action);
export const useWaitingAction = () => useStore(waiting, (action) => action);
export const useKeys = () => useStore(current, (keys) => keys);
export const useKey = (action: Action) => useStore(current, (keys) => keys[action]);

type Handler = () => boolean | undefined;

/** Do these actions at their keys. A handler that returns false leaves the key alone. */
export function useActions(handlers: Partial<Record<Action, Handler>>): void {
  const keys = useKeys();
  useShortcuts(
    Object.fromEntries(
      (Object.entries(handlers) as [Action, Handler][]).map(([action, handler]) => [
        keys[action],
        () => (waiting.get() === null ? handler() : false),
      ]),
    ),
  );
}

/** "Alt+1…4" while the four keys of the work list go together, else the first of them. */
export function useWorkKeys(): Chord {
  const keys = useKeys();
  return useMemo(() => {
    const start = keys.work1.replace(/1$/, "");
    const together = ([1, 2, 3, 4] as const).every((place) => keys[`work${place}`] === `${start}${String(place)}`);
    return together ? `${start.replace(/(Digit|Numpad)$/, "")}1…4` : keys.work1;
  }, [keys]);
}
