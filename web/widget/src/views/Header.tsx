import { useState } from "preact/hooks";
import { Icon, Logo } from "../icons";
import type { State } from "../store";
import type { Texts } from "../format";
import { useShared } from "./context";

export function Header() {
  const { t, state, controller } = useShared();
  const [menu, setMenu] = useState<"closed" | "open" | "ask">("closed");
  const info = state.thread.info;
  const begun = state.began && info !== null && info.state !== "none";
  const ongoing = begun && info.state !== "ended" && !state.expired;
  const leave = (action: () => void) => () => {
    setMenu("closed");
    action();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || menu === "closed") return;
    event.stopPropagation();
    setMenu("closed");
  };
  return (
    <header class="head" onKeyDown={onKeyDown}>
      <Logo />
      <div class="who">
        <b>{t.title}</b>
        <small>{subtitle(t, state)}</small>
      </div>
      <button
        type="button"
        class="icon lang"
        lang={state.language === "ru" ? "en" : "ru"}
        aria-label={t.otherLanguage}
        onClick={() => controller.setLanguage(state.language === "ru" ? "en" : "ru")}
      >
        {state.language === "ru" ? "EN" : "RU"}
      </button>
      {begun && (
        <button type="button" class="icon" aria-label={t.menu} aria-expanded={menu !== "closed"} onClick={() => setMenu(menu === "closed" ? "open" : "closed")}>
          <Icon name="more" />
        </button>
      )}
      <button type="button" class="icon" aria-label={t.close} onClick={() => controller.close()}>
        <Icon name="down" />
      </button>
      {menu === "open" && (
        <div class="menu">
          <button type="button" onClick={leave(() => controller.transcript())}>
            <Icon name="download" />
            {t.transcript}
          </button>
          {ongoing && (
            <button type="button" onClick={() => setMenu("ask")}>
              <Icon name="check" />
              {t.end}
            </button>
          )}
        </div>
      )}
      {menu === "ask" && (
        <div class="menu ask" role="group" aria-label={t.endAsk}>
          <p>{t.endAsk}</p>
          <button type="button" class="pri" onClick={leave(() => controller.end())}>
            {t.endYes}
          </button>
          <button type="button" onClick={leave(() => undefined)}>
            {t.endNo}
          </button>
        </div>
      )}
    </header>
  );
}

function subtitle(t: Texts, state: State): string {
  const info = state.thread.info;
  if (state.expired) return t.headEnded;
  switch (info?.state) {
    case "talking":
      return t.headTalking(info.agent?.name ?? t.someone);
    case "ended":
      return t.headEnded;
    case "deferred":
      return t.headDeferred;
    case "waiting":
    case "offered":
      return t.headWaiting;
    default:
      return state.entry?.open === false ? t.headClosed : t.headOpen;
  }
}
