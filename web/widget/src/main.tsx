/** Puts the widget on the operator's page: one custom element, a shadow root, nothing else touched. */
import { h, render } from "preact";
import { openActions } from "./actions";
import { openApi } from "./api";
import { isLanguage, readConfig } from "./config";
import { words } from "./format";
import { openSession } from "./session";
import { openStorage } from "./storage";
import { openStore } from "./store";
import css from "./styles.css?inline";
import { followTheme } from "./theme";
import { layOut } from "./views/ui";
import { Widget } from "./views/Widget";

declare global {
  interface Window {
    Teplo?: { open(): void; close(): void; call(): void; setLanguage(language: string): void };
  }
}

function mount(script: HTMLScriptElement | null): void {
  const { origin, entry, language, theme } = readConfig(script, document);
  const storage = openStorage(entry);
  const remembered = storage.get("language");
  const store = openStore(isLanguage(remembered) ? remembered : language);
  const api = openApi(origin, () => storage.get("token"));
  const tell = (event: string, detail?: unknown) => document.dispatchEvent(new CustomEvent(`teplo:${event}`, { detail }));
  const session = openSession(entry, api, storage, store, ({ author, id }) => {
    if (author === "agent") tell("message", id);
  });
  /** The code of calls comes when somebody calls, or was calling when this page was loaded anew. */
  const call = () =>
    void import(/* @vite-ignore */ `${origin}/widget/call.js`).then((loaded: typeof import("./call/main")) => loaded.call(origin, entry, store, storage, session.about));
  const actions = openActions(entry, api, call, storage, store, session, tell);

  const element = document.createElement("teplo-widget");
  const root = element.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet(); // not a <style>: a strict policy of the page does not forbid it
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  document.body.append(element);

  let due = false;
  const draw = () => {
    due = false;
    const { state } = store;
    layOut({ ...words(state.language), state, session, actions });
    const focused = root.activeElement;
    render(<Widget />, root);
    // What had the focus is gone from the screen: it goes to what took its place, not to the page's beginning.
    if (focused !== null && root.activeElement === null) root.querySelector<HTMLElement>(".launcher, .panel")?.focus();
  };
  store.subscribe(() => {
    if (!due) queueMicrotask(draw);
    due = true;
  });
  followTheme(theme, (now) => store.set({ theme: now }));
  store.set({ draft: storage.get("draft") ?? "", open: storage.get("open") !== null });
  session.resume();
  if (storage.get("call") !== null) call();

  window.Teplo = {
    open: actions.open,
    close: actions.close,
    call: actions.call,
    setLanguage: (wanted) => {
      if (isLanguage(wanted)) actions.setLanguage(wanted);
    },
  };
  tell("ready");
}

if (window.Teplo === undefined) {
  const script = document.currentScript as HTMLScriptElement | null;
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", () => mount(script));
  else mount(script);
}
