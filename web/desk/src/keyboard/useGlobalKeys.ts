import { isTextField, useShortcuts } from "@kit/keyboard";
import { useEffect } from "react";
import { openCommandBar } from "../command/open";
import { openHelp } from "./open";
import { focusNextRegion } from "./regions";

/** Keys that work on every page. */
export function useGlobalKeys(): void {
  useShortcuts({
    "Ctrl+KeyK": () => (openCommandBar(), undefined),
    F6: () => (focusNextRegion(false), undefined),
    "Shift+F6": () => (focusNextRegion(true), undefined),
  });
  useEffect(() => {
    // "?" is a character, not a place: it sits on another key in the Russian layout.
    const help = (event: KeyboardEvent) => {
      if (event.key === "?" && !event.defaultPrevented && !isTextField(document.activeElement)) openHelp();
    };
    addEventListener("keydown", help);
    return () => removeEventListener("keydown", help);
  }, []);
}
