import { expect, test } from "vitest";
import { ariaKeys, chordOf, isGlobal, keyCaps, keyText } from "./keyboard";

const press = (code: string, modifiers: Partial<KeyboardEvent> = {}) =>
  chordOf({ code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers });

test("a chord is the key's place with its modifiers, whatever the layout prints", () => {
  expect(press("KeyX", { altKey: true, shiftKey: true })).toBe("Alt+Shift+KeyX");
  expect(press("KeyK", { metaKey: true })).toBe("Ctrl+KeyK");
  expect(press("F2")).toBe("F2");
});

test("both Enter keys are Enter", () => {
  expect(press("NumpadEnter", { altKey: true })).toBe("Alt+Enter");
});

test("key caps are short", () => {
  expect(keyCaps("Alt+Shift+KeyX")).toEqual(["Alt", "⇧", "X"]);
  expect(keyCaps("Alt+Digit1")).toEqual(["Alt", "1"]);
});

test("chords with Ctrl or Alt and function keys are heard before components, plain keys after them", () => {
  expect(["Ctrl+Enter", "Alt+Shift+KeyX", "F4", "Shift+F6"].every(isGlobal)).toBe(true);
  expect(["Enter", "Escape", "Digit1", "Shift+Enter"].some(isGlobal)).toBe(false);
});

test("a chord can be read in a sentence, and by assistive technology", () => {
  expect(keyText("Alt+Shift+KeyX")).toBe("Alt+Shift+X");
  expect(["Ctrl+Alt+KeyI", "Alt+Digit1", "Shift+F6", "Alt+ArrowUp"].map(ariaKeys)).toEqual([
    "Control+Alt+I",
    "Alt+1",
    "Shift+F6",
    "Alt+ArrowUp",
  ]);
});
