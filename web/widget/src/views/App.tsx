import { useEffect, useRef, useState } from "preact/hooks";
import type { Controller } from "../controller";
import { texts } from "../format";
import { Icon } from "../icons";
import type { Storage } from "../storage";
import { unread } from "../thread";
import { SharedContext } from "./context";
import { Panel } from "./Panel";

export function App({ controller, storage }: { controller: Controller; storage: Storage }) {
  const [state, setState] = useState(controller.store.state);
  useEffect(() => {
    setState(controller.store.state);
    return controller.store.subscribe(() => setState(controller.store.state));
  }, [controller]);

  const t = texts(state.language);
  const launcher = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && !state.open) launcher.current?.focus();
    wasOpen.current = state.open;
  }, [state.open]);

  const news = unread(state.thread);
  return (
    <SharedContext.Provider value={{ t, state, controller, storage }}>
      <div class="root" data-theme={state.theme} lang={state.language}>
        <button
          ref={launcher}
          type="button"
          class="launcher"
          hidden={state.open}
          aria-haspopup="dialog"
          aria-label={news > 0 ? `${t.launcher}, ${t.unread(news)}` : t.launcher}
          onClick={() => controller.open()}
        >
          <Icon name="chat" />
          {news > 0 && <span class="badge">{news > 99 ? "99+" : news}</span>}
        </button>
        {state.open && <Panel />}
      </div>
    </SharedContext.Provider>
  );
}
