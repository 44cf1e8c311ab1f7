import { isTextField } from "@kit/keyboard";
import { useEffect } from "react";
import { openCommandBar } from "../command/open";
import { useActions } from "./keys";
import { openHelp } from "./open";
import { focusNextRegion } from "./regions";

/** Keys that work on every page. */
export function useGlobalKeys(): void {
  useActions({
    command: () => (openCommandBar(), undefined),
    region: () => (focusNextRegion(false), undefined),
    regionBack: () => (focusNextRegion(true), undefined),
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
