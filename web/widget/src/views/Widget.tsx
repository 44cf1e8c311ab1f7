import { h } from "preact";
import { Icon } from "../icons";
import * as T from "../texts";
import { unread } from "../thread";
import { Composer } from "./Composer";
import { Grade, Thanks } from "./Grade";
import { Header } from "./Header";
import { LineStatus, Loading } from "./Line";
import { Start } from "./Start";
import { ThreadView } from "./ThreadView";
import { ui } from "./ui";

const FULL_SCREEN = "(max-width: 480px), (max-height: 480px)";

/** All that the subscriber sees: the launcher or the panel. */
export function Widget() {
  const { say, state, actions } = ui();
  const news = unread(state.thread);
  return (
    <div class="root" data-theme={state.theme} lang={state.language}>
      {state.open ? (
        <Panel />
      ) : (
        <button
          class="launcher pri"
          aria-haspopup="dialog"
          aria-label={say(T.launcher) + (news > 0 ? `, ${say(T.unread, news)}` : "")}
          onClick={actions.open}
        >
          <Icon name="chat" />
          {news > 0 && <span class="badge">{news}</span>}
        </button>
      )}
    </div>
  );
}

function Panel() {
  const { say, state, actions } = ui();
  const { grading } = state;
  const atStart = !state.began || state.thread.info?.state === "none";
  return (
    <dialog
      ref={appear}
      class="panel"
      aria-label={say(T.title)}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.isComposing) actions.close();
      }}
      onCancel={actions.close}
    >
      <Header />
      {atStart ? <Start /> : !state.ready && state.outbox.length === 0 ? <Loading /> : grading === "form" ? <Grade /> : grading === "thanks" ? <Thanks /> : <ThreadView />}
      <LineStatus />
      {grading === "no" && <Composer atStart={atStart} />}
    </dialog>
  );
}

/** Full screen on a phone it is modal and keeps the focus; on a desk the page beside it stays usable. */
function appear(dialog: HTMLDialogElement | null): (() => void) | undefined {
  const view = window.visualViewport;
  if (dialog === null) return;
  const full = matchMedia(FULL_SCREEN).matches;
  if (full) dialog.showModal();
  else if (navigator.userActivation.isActive) dialog.show();
  else dialog.open = true; // it was open before a reload: the page keeps the focus
  // Not the field on a phone: its keyboard would cover the greeting.
  if (full) dialog.focus();
  else if (navigator.userActivation.isActive) dialog.querySelector<HTMLElement>(".composer textarea")?.focus();
  if (view === null) return;
  // The keyboard of a phone covers a part of the page: the panel takes the part that is seen.
  const fit = () => {
    dialog.style.setProperty("--seen", `${view.height * view.scale}px`);
    dialog.style.setProperty("--above", `${view.scale > 1 ? 0 : view.offsetTop}px`);
  };
  fit();
  view.addEventListener("resize", fit);
  return () => view.removeEventListener("resize", fit);
}
