import { useEffect, useRef } from "preact/hooks";
import { Composer } from "./Composer";
import { useShared } from "./context";
import { Grade, Thanks } from "./Grade";
import { Header } from "./Header";
import { LineStatus, Loading } from "./Line";
import { Start } from "./Start";
import { ThreadView } from "./ThreadView";

const FULL_SCREEN = "(max-width: 480px), (max-height: 480px)";

/** The dialog. Full screen on a phone it is modal and keeps the focus; on a desk the page beside it stays usable. */
export function Panel() {
  const { t, state, controller } = useShared();
  const panel = useRef<HTMLElement>(null);
  const full = matchMedia(FULL_SCREEN).matches;

  useEffect(() => {
    const element = panel.current;
    if (element === null) return;
    const first = full ? element : (element.querySelector<HTMLElement>("textarea") ?? element);
    first.focus(); // on a phone not the field: the keyboard would cover the greeting
    return fitKeyboard(element);
  }, [full]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      controller.close();
    }
    if (event.key === "Tab" && full && panel.current !== null) keepFocus(event, panel.current);
  };

  const info = state.thread.info;
  const atStart = !state.began || info?.state === "none";
  return (
    <section ref={panel} class="panel" role="dialog" aria-modal={full} aria-label={t.title} tabIndex={-1} onKeyDown={onKeyDown}>
      <Header />
      {atStart ? (
        <Start />
      ) : !state.ready ? (
        <Loading />
      ) : state.grading === "form" ? (
        <Grade />
      ) : state.grading === "thanks" ? (
        <Thanks />
      ) : (
        <ThreadView />
      )}
      <LineStatus />
      {state.grading === "no" && <Composer atStart={atStart} />}
    </section>
  );
}

/** On a phone the keyboard covers a part of the page: the panel takes only the part that is seen. */
function fitKeyboard(element: HTMLElement): () => void {
  const view = window.visualViewport;
  if (view === null) return () => undefined;
  const fit = () => {
    element.style.setProperty("--seen", view.scale > 1.01 ? "100dvh" : `${view.height}px`);
    element.style.setProperty("--above", view.scale > 1.01 ? "0px" : `${view.offsetTop}px`);
  };
  fit();
  view.addEventListener("resize", fit);
  view.addEventListener("scroll", fit);
  return () => {
    view.removeEventListener("resize", fit);
    view.removeEventListener("scroll", fit);
  };
}

function keepFocus(event: KeyboardEvent, panel: HTMLElement): void {
  const stops = [...panel.querySelectorAll<HTMLElement>("button, a[href], input, textarea, summary, [tabindex='0']")].filter(
    (element) => !(element as HTMLButtonElement).disabled && element.getClientRects().length > 0,
  );
  const root = panel.getRootNode() as ShadowRoot;
  const [first, last] = [stops[0], stops.at(-1)];
  const leaving = event.shiftKey ? root.activeElement === first || root.activeElement === panel : root.activeElement === last;
  if (!leaving) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
