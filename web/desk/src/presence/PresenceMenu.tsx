import type { Presence } from "@kit/api";
import { api } from "@kit/client";
import { Icon, StateGlyph } from "@kit/components/Icon";
import { Kbd } from "@kit/components/Kbd";
import menuCss from "@kit/components/Menu.module.css";
import tones from "@kit/components/StateTone.module.css";
import { Timer } from "@kit/components/Timer";
import { tellKeys } from "@kit/keyboard";
import type { MeState } from "@kit/live-types";
import { useState } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import { useHelping } from "../call/helping";
import { useConfig, useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { useActions, useKey } from "../keyboard/keys";
import { useLive } from "../live/store";
import { useCommand } from "../session/useCommand";
import css from "./PresenceMenu.module.css";
import { stateKey, stateOf } from "./states";

/** Menu key of a presence with its reason: "break:lunch". */
function split(key: string): { presence: Presence; reason?: string } {
  const [presence, reason] = key.split(":") as [Presence, string | undefined];
  return reason ? { presence, reason } : { presence };
}

/** Marks the state that was declared. */
function Now() {
  const { t } = useSpeech();
  return (
    <>
      <Icon name="check" size="s" />
      <span className="vh">{t("presence.now")}</span>
    </>
  );
}

/** Own state with its timer; F2 opens the choice. */
export function PresenceMenu({ me, talks }: { me: MeState; talks: number }) {
  const { t, name } = useSpeech();
  const names = useNames();
  const key = useKey("presence");
  const breaks = useConfig("break_reason").data ?? [];
  const [open, setOpen] = useState(false);
  const { run } = useCommand();
  useActions({ presence: () => (setOpen(true), undefined) });

  const helping = useHelping();
  // Who is only asked does nothing yet.
  const state = helping && !helping.joined && me.activity === "talking" && talks === 0 ? "offered" : stateOf({ ...me, helping: helping?.joined });
  // Several contacts may be in hand; a call among those that make the state gives it its name.
  const spoken = useLive((live) =>
    Object.values(live.desk?.work ?? {}).some((row) => row.channel === "voice" && row.state === me.activity),
  );
  const word =
    helping?.joined
      ? t("activity.helping")
      : helping && talks === 0
      ? t("activity.asked")
      : spoken && me.activity === "wrap_up"
      ? t("activity.afterCall")
      : me.activity === "talking" && !spoken
      ? t("presence.talking", { n: talks })
      : me.activity === "idle" && me.presence === "break" && me.reason
        ? names.breakReason(me.reason)
        : t(stateKey(me));

  return (
    <MenuTrigger isOpen={open} onOpenChange={setOpen}>
      <Button className={`${css.presence} ${tones[state]}`} ref={tellKeys(key)}>
        <StateGlyph state={state} />
        <span className="vh">{t("presence.label")}</span>
        <b>{word}</b>
        {me.pending && <span className="xs">{t("presence.then", { name: t(`presence.${me.presence}`) })}</span>}
        <Timer since={me.since} className={css.timer} />
        <Icon name="down" size="s" />
      </Button>
      <Popover className={menuCss.popover ?? ""} placement="bottom start">
        <Menu
          className={menuCss.menu ?? ""}
          aria-label={t("presence.label")}
          autoFocus="first"
          onAction={(key) => void run(() => api.put("/me/presence", split(String(key))))}
        >
          <MenuItem id="available" className={menuCss.item ?? ""} textValue={t("presence.available")}>
            <StateGlyph state="available" />
            <span className="grow">{t("presence.available")}</span>
            {me.presence === "available" && <Now />}
          </MenuItem>
          <Separator className={menuCss.separator ?? ""} />
          {breaks.map(({ id, body }) => (
            <MenuItem key={id} id={`break:${id}`} className={menuCss.item ?? ""} textValue={name(body.name)}>
              <StateGlyph state="break" />
              <span className="grow">{name(body.name)}</span>
              {body.minutes != null && <small>{t("presence.minutes", { n: body.minutes })}</small>}
              {me.presence === "break" && me.reason === id && <Now />}
            </MenuItem>
          ))}
          {breaks.length === 0 && (
            <MenuItem id="break" className={menuCss.item ?? ""} textValue={t("presence.break")}>
              <StateGlyph state="break" />
              <span className="grow">{t("presence.break")}</span>
              {me.presence === "break" && <Now />}
            </MenuItem>
          )}
          <Separator className={menuCss.separator ?? ""} />
          <MenuItem id="training" className={menuCss.item ?? ""} textValue={t("presence.training")}>
            <StateGlyph state="break" />
            <span className="grow">{t("presence.training")}</span>
            {me.presence === "training" && <Now />}
          </MenuItem>
          <MenuItem id="busy" className={menuCss.item ?? ""} textValue={t("presence.busy")}>
            <StateGlyph state="hold" />
            <span className="grow">{t("presence.busy")}</span>
            {me.presence === "busy" && <Now />}
          </MenuItem>
          <MenuItem id="offline" className={menuCss.item ?? ""} textValue={t("presence.offline")}>
            <StateGlyph state="offline" />
            <span className="grow">{t("presence.offline")}</span>
            {me.presence === "offline" && <Now />}
          </MenuItem>
        </Menu>
        {talks > 0 && <p className={menuCss.foot}>{t("presence.talksStay", { n: talks })}</p>}
        <p className={menuCss.foot}>
          <Kbd chord={key} /> {t("presence.key")}
        </p>
      </Popover>
    </MenuTrigger>
  );
}
