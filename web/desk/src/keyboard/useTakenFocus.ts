import { isTextField } from "@kit/keyboard";
import { useEffect, type RefObject } from "react";

/**
 * What comes to the centre of the desk gets the focus: at the place where its work begins, or else at its title, from where
 * the next Tab leads to what can be done. Somebody who writes is left alone.
 */
export function useTakenFocus(place?: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (isTextField(document.activeElement)) return;
    (place ? place.current : document.getElementById("main"))?.focus({ preventScroll: true });
  }, [place]);
}
