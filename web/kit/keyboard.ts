/** Shortcuts by `event.code`: the layout may be Russian, the key's place is the same. */

import { useEffect, useEffectEvent } from "react";

/** "Alt+Shift+KeyX", "F2", "Ctrl+Enter": modifiers in the order Ctrl, Alt, Shift, then the code. */
export type Chord = string;

export function chordOf(event: Pick<KeyboardEvent, "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): Chord {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey) parts.push("Shift");
  parts.push(event.code === "NumpadEnter" ? "Enter" : event.code);
  return parts.join("+");
}

const NAMES: Record<string, string> = {
  Shift: "⇧",
  Escape: "Esc",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  PageUp: "PgUp",
  PageDown: "PgDn",
  Slash: "/",
  Backslash: "\\",
  Comma: ",",
  Period: ".",
  Semicolon: ";",
  Quote: "'",
  BracketLeft: "[",
  BracketRight: "]",
  Minus: "-",
  Equal: "=",
  Backquote: "`",
};

/** Key caps of a chord, for the screen. */
export function keyCaps(chord: Chord): string[] {
  return chord.split("+").map((part) => NAMES[part] ?? part.replace(/^(Key|Digit)/, "").replace("Numpad", "Num "));
}

/** A chord as it is written in a sentence: "Alt+Shift+X". */
export function keyText(chord: Chord): string {
  return keyCaps(chord).join("+").replace("⇧", "Shift");
}

/** A chord for `aria-keyshortcuts`, in the words of its specification: "Control+Alt+I". */
export function ariaKeys(chord: Chord): string {
  return chord.replace("Ctrl", "Control").replace(/(Key|Digit)(?=.$)/, "");
}

const TEXT_INPUTS = new Set(["text", "search", "email", "tel", "url", "password", "number", "date"]);

/** Tells assistive technology the chord of a control, as its `ref`: the component library passes no such attribute on. */
export function tellKeys(chord: Chord | undefined): (control: Element | null) => void {
  return (control) => {
    if (chord) control?.setAttribute("aria-keyshortcuts", ariaKeys(chord));
    else control?.removeAttribute("aria-keyshortcuts");
  };
}

/** Is the person typing text here? */
export function isTextField(element: Element | null): boolean {
  if (element instanceof HTMLTextAreaElement) return !element.readOnly;
  if (element instanceof HTMLInputElement) return TEXT_INPUTS.has(element.type);
  return element instanceof HTMLElement && element.isContentEditable;
}

/** Chords that no text field or widget means for itself: they are heard before any component may stop them. */
export function isGlobal(chord: Chord): boolean {
  return /^(Ctrl|Alt|(Shift\+)?F\d)/.test(chord);
}

/** Run `handlers[chord]` for keys pressed anywhere on the page. A handler that returns false leaves the key alone. */
export function useShortcuts(handlers: Partial<Record<Chord, () => boolean | undefined>>): void {
  const onKey = useEffectEvent((event: KeyboardEvent, global: boolean) => {
    const chord = chordOf(event);
    if (event.isComposing || event.defaultPrevented || isGlobal(chord) !== global) return;
    const handler = handlers[chord];
    if (handler && handler() !== false) event.preventDefault();
  });
  useEffect(() => {
    const early = (event: KeyboardEvent) => onKey(event, true);
    const late = (event: KeyboardEvent) => onKey(event, false);
    addEventListener("keydown", early, true);
    addEventListener("keydown", late);
    return () => {
      removeEventListener("keydown", early, true);
      removeEventListener("keydown", late);
    };
  }, []);
}
