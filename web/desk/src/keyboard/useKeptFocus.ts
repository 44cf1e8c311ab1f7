import { useEffect } from "react";

const DIALOG = '[role="dialog"]';
/** A view that is still being loaded: its title comes with it. */
const LOADING = 'main [aria-busy="true"]';
/** The page behind a closed dialog may be inert for so many frames more, and a view may come without its title at first. */
const FRAMES = 10;

/**
 * When what had the focus leaves the screen, the focus goes to what opened it, or else to what took its place; never to
 * the page's beginning. Dialogs of the component library do so by themselves only when they are closed by a key.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: Element | null = null;
    let opener: HTMLElement | null = null;
    let due = 0;
    const remember = (event: FocusEvent) => {
      const target = event.target as Element;
      if (!target.closest(DIALOG)) opener = null;
      else if (last && !last.closest(DIALOG)) opener = last as HTMLElement;
      last = target;
    };
    const keep = (frames: number) => {
      due = 0;
      if (document.activeElement !== document.body || last?.isConnected !== false) return;
      if (document.querySelector(LOADING)) {
        wait(frames);
        return;
      }
      const title = document.getElementById("main");
      const main = title ?? (frames > 0 ? null : document.querySelector<HTMLElement>("main"));
      const target = opener?.isConnected && frames > 0 ? opener : main;
      target?.focus({ preventScroll: true });
      if (document.activeElement === document.body && frames > 0) wait(frames - 1);
    };
    const wait = (frames: number) => {
      // A frame later: the view that comes may want the focus elsewhere.
      due = requestAnimationFrame(() => keep(frames));
    };
    const observer = new MutationObserver(() => {
      if (last?.isConnected === false && due === 0) wait(FRAMES);
    });
    addEventListener("focusin", remember);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      removeEventListener("focusin", remember);
      observer.disconnect();
      cancelAnimationFrame(due);
    };
  }, []);
}
