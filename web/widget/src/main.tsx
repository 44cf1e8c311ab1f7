/** Puts the widget on the operator's page: one custom element, a shadow root, nothing else touched. */
import { render } from "preact";
import { Api } from "./api";
import { isLanguage, readConfig } from "./config";
import { Controller } from "./controller";
import { Session } from "./session";
import { Storage } from "./storage";
import { Store } from "./store";
import css from "./styles.css?inline";
import { followTheme } from "./theme";
import { App } from "./views/App";

declare global {
  interface Window {
    Teplo?: { open(): void; close(): void; setLanguage(language: "ru" | "en"): void };
  }
}

function mount(script: HTMLScriptElement | null): void {
  const config = readConfig(script, document);
  const storage = new Storage(config.entry);
  const remembered = storage.get("language");
  const store = new Store(isLanguage(remembered) ? remembered : config.language, "light");
  const api = new Api(config.origin, () => storage.get("token"));

  const element = document.createElement("teplo-widget");
  const tell = (event: string, detail: unknown = null) => document.dispatchEvent(new CustomEvent(`teplo:${event}`, { detail }));
  const controller = new Controller(store, config, api, storage, tell);
  controller.session = new Session(config.entry, api, storage, store, (message) => controller.news(message));

  const root = element.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet(); // not a <style>: a strict policy of the page does not forbid it
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  document.body.append(element);
  followTheme(config.theme, (theme) => store.set({ theme }));
  render(<App controller={controller} storage={storage} />, root);
  controller.session.resume();

  window.Teplo = {
    open: () => controller.open(),
    close: () => controller.close(),
    setLanguage: (language) => {
      if (isLanguage(language)) controller.setLanguage(language);
    },
  };
  tell("ready");
}

if (window.Teplo === undefined) {
  const script = document.currentScript as HTMLScriptElement | null;
  if (document.body as HTMLElement | null) mount(script);
  else addEventListener("DOMContentLoaded", () => mount(script));
}
