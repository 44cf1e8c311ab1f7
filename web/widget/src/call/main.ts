/** The call beside the chat: loaded when somebody calls, in a shadow root of its own. */
import { newToken } from "../ids";
import type { Storage } from "../storage";
import type { Store } from "../store";
import css from "../styles.css?inline";
import own from "./call.css?inline";
import { IDLE, Line } from "./line";
import { View } from "./view";

let view: View | null = null;

/** Called by the widget. `about` is what the visitor said of themselves there. */
export function call(origin: string, entry: string, store: Store, storage: Storage, about: { number: string }): void {
  if (view !== null) {
    view.show();
    return;
  }
  const host = document.createElement("teplo-call");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css + own);
  root.adoptedStyleSheets = [sheet];
  document.body.append(host);

  let line: Line | null = null;
  const draw = () => {
    const standing = line?.standing ?? IDLE;
    if (standing.phase === "ended") storage.set("call", null);
    else if (line !== null) storage.set("call", `${line.token} ${standing.answered} ${Number(standing.muted)}`);
    made.draw(standing, store.state);
  };
  const begin = (known: string | null) => {
    const [token = "", answered, muted] = known?.split(" ") ?? [newToken()];
    line = new Line(
      {
        url: `${origin.replace("http", "ws")}/api/v1/chat/call`,
        entry,
        language: store.state.language,
        token,
        number: about.number.trim() || null,
        chat: storage.get("begun") === null ? null : storage.get("token"),
      },
      draw,
    );
    void line.start(known !== null, { answered: Number(answered) || 0, muted: muted === "1" });
  };
  const made: View = (view = new View(root, about, {
    begin: () => begin(null),
    press: (key) => line?.press(key),
    mute: () => line?.mute(),
    unblock: () => line?.unblock(),
    hangUp: () => line?.hangUp(),
    leave: (chat) => {
      view = null;
      host.remove();
      if (chat) window.Teplo?.open();
    },
  }));
  store.subscribe(draw);
  const known = storage.get("call");
  if (known !== null) begin(known);
  draw();
  made.show();
}
