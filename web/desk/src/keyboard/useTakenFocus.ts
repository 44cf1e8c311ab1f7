import { isTextField } from "@kit/keyboard";
import { useEffect, type RefObject } from "react";

/** What comes to the centre of the desk gets the focus where its work begins; somebody who writes is left alone. */
export function useTakenFocus(place: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (!isTextField(document.activeElement)) place.current?.focus({ preventScroll: true });
  }, [place]);
}
