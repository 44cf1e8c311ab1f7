import { announce } from "@kit/components/Announcer";
import { Icon, StateGlyph } from "@kit/components/Icon";
import { Kbd } from "@kit/components/Kbd";
import { tellKeys, type Chord } from "@kit/keyboard";
import { useEffect, useEffectEvent, useRef } from "react";
import { Button } from "react-aria-components";
import { openCommandBar } from "../command/open";
import { useSpeech } from "../i18n";
import { useKey } from "../keyboard/keys";
import { openHelp } from "../keyboard/open";
import { useLive } from "../live/store";
import css from "./BottomBar.module.css";
import { useLost } from "./LinkBanner";

export interface Hint {
  chord: Chord;
  text: string;
}

function NetStatus() {
  const { t } = useSpeech();
  const topic = useLive((state) =>
    state.links.me.phase === "ended" || (!state.desk && state.floor) ? "floor" : "me",
  );
  const link = useLive((state) => state.links[topic]);
  const lost = useLost(topic) !== null;
  const told = useRef(false);
  const tell = useEffectEvent(() => {
    // At the desk a message says what became of the drafts, too.
    if (lost || (told.current && topic === "floor")) announce(t(lost ? "net.lost" : "net.open"));
    told.current = lost;
  });
  useEffect(() => tell(), [lost]);
  if (link.phase === "connecting" && link.attempt === 0) return <p className={css.net} />;
  const open = link.phase === "open";
  return (
    <p className={css.net}>
      <StateGlyph state={open ? "available" : "offered"} />
      <span>{open ? t("net.open") : t("net.lost")}</span>
      {open && link.latency !== null && <span className="num">{t("net.latency", { n: link.latency })}</span>}
    </p>
  );
}

/** Where every action can be found by name, and the keys that matter now. */
export function BottomBar({ hints }: { hints: Hint[] }) {
  const { t } = useSpeech();
  const key = useKey("command");
  return (
    <footer className={css.bar} data-region>
      <Button className={css.find ?? ""} onPress={openCommandBar} ref={tellKeys(key)}>
        <Icon name="search" size="s" />
        <span>{t("command.find")}</span>
        <Kbd chord={key} />
      </Button>
      <ul>
        {hints.map((hint) => (
          <li key={hint.chord}>
            <Kbd chord={hint.chord} spoken />
            <span>{hint.text}</span>
          </li>
        ))}
      </ul>
      <Button className={css.help ?? ""} onPress={openHelp} ref={tellKeys("?")}>
        <Kbd chord="?" />
        <span>{t("help.all")}</span>
      </Button>
      <NetStatus />
    </footer>
  );
}
