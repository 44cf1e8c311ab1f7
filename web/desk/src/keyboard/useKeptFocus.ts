import { useEffect } from "react";

/** When what had the focus leaves the screen, the focus goes to what took its place, not to the page's beginning. */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: Node | null = null;
    let due = 0;
    const remember = (event: FocusEvent) => {
      last = event.target as Node;
    };
    const keep = () => {
      due = 0;
      if (document.activeElement !== document.body || last?.isConnected !== false) return;
      const target = document.getElementById("main") ?? document.querySelector<HTMLElement>("main");
      target?.focus({ preventScroll: true });
    };
    const observer = new MutationObserver(() => {
      // A frame later: dialogs give the focus back to their opener themselves, and a view may want it elsewhere.
      if (last?.isConnected === false && due === 0) due = requestAnimationFrame(keep);
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
