import { h } from "preact";
import { Icon, Logo } from "../icons";
import * as T from "../texts";
import { ui } from "./ui";

export function Header() {
  const { say, state, actions } = ui();
  const { menu, thread } = state;
  const now = state.expired ? "ended" : thread.info?.state;
  const begun = state.began && now !== undefined && now !== "none";
  const other = state.language === "ru" ? "en" : "ru";
  return (
    <header
      class="head"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || menu === "") return;
        event.stopPropagation();
        event.preventDefault();
        actions.set({ menu: "" });
      }}
    >
      <Logo />
      <div class="who">
        <b>{say(T.title)}</b>
        <small>
          {!begun
            ? say(state.entry?.open === false ? T.headClosed : T.headOpen)
            : now === "talking"
              ? say(T.joined, thread.info?.agent?.name ?? say(T.someone))
              : say(now === "ended" ? T.ended : now === "deferred" ? T.deferred : T.waitUnknown)}
        </small>
      </div>
      <button class="icon lang" lang={other} aria-label={`${other.toUpperCase()} ${say(T.otherLanguage)}`} onClick={() => actions.setLanguage(other)}>
        {other.toUpperCase()}
      </button>
      {begun && state.entry?.calls && (
        <button class="icon" aria-label={say(T.call)} onClick={actions.call}>
          <Icon name="phone" />
        </button>
      )}
      {begun && (
        <button class="icon" aria-label={say(T.menu)} aria-expanded={menu !== ""} onClick={() => actions.set({ menu: menu === "" ? "open" : "" })}>
          <Icon name="more" />
        </button>
      )}
      <button class="icon" aria-label={say(T.close)} onClick={actions.close}>
        <Icon name="down" />
      </button>
      {menu !== "" && (
        <div class="menu" role="group" aria-label={say(T.menu)}>
          {menu === "ask" ? <b>{say(T.end)}?</b> : <button onClick={actions.transcript}>{say(T.transcript)}</button>}
          {menu === "ask" ? (
            <button class="pri" onClick={actions.end}>
              {say(T.endYes)}
            </button>
          ) : (
            now !== "ended" && <button onClick={() => actions.set({ menu: "ask" })}>{say(T.end)}</button>
          )}
          {menu === "ask" && <button onClick={() => actions.set({ menu: "" })}>{say(T.endNo)}</button>}
        </div>
      )}
    </header>
  );
}
