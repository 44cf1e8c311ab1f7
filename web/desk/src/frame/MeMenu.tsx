import { api } from "@kit/client";
import { Avatar } from "@kit/components/Avatar";
import { Icon } from "@kit/components/Icon";
import menuCss from "@kit/components/Menu.module.css";
import { setDensity, useAppearance } from "@kit/theme";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Menu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import { useLocation } from "wouter";
import { dropDrafts } from "../composer/drafts";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { openHelp } from "../keyboard/open";
import { askToNotify, useNotifyState } from "../notify/notify";
import { useSession } from "../session/session";
import { useCommand } from "../session/useCommand";
import { clearDesk } from "../work/desk";
import { useSections } from "./Frame";
import css from "./MeMenu.module.css";

/** Who I am here, and what belongs to me on this computer. */
export function MeMenu() {
  const { t } = useSpeech();
  const { person } = useSession();
  const names = useNames();
  const sections = useSections();
  const { density } = useAppearance();
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const notify = useNotifyState();
  const { run } = useCommand();

  const signOut = () =>
    run(async () => {
      await api.remove("/session");
      dropDrafts(person.id);
      clearDesk();
      client.clear();
      navigate("/");
      location.reload();
    });

  const act = (key: string) => {
    if (key.startsWith("/")) navigate(key);
    if (key === "density") setDensity(density === "compact" ? "comfortable" : "compact");
    if (key === "notify") void askToNotify();
    if (key === "help") openHelp();
    if (key === "out") void signOut();
  };

  return (
    <MenuTrigger>
      <Button className={css.me ?? ""}>
        <Avatar name={person.name} />
        <span className={css.text}>
          <b>{person.name}</b>
          <small>{person.team ? names.team(person.team) : t(`role.${person.role}`)}</small>
        </span>
      </Button>
      <Popover className={menuCss.popover ?? ""} placement="bottom end">
        <Menu className={menuCss.menu ?? ""} aria-label={t("me.label")} onAction={(key) => act(String(key))}>
          {sections.map((section) => (
            <MenuItem key={section.path} id={section.path} className={menuCss.item ?? ""}>
              {t(section.key)}
            </MenuItem>
          ))}
          <Separator className={menuCss.separator ?? ""} />
          <MenuItem id="density" className={menuCss.item ?? ""}>
            <Icon name="list" size="s" />
            {density === "compact" ? t("me.comfortable") : t("me.compact")}
          </MenuItem>
          <MenuItem id="notify" className={menuCss.item ?? ""} isDisabled={notify !== "default"}>
            <Icon name="bell" size="s" />
            {t(`notify.${notify}`)}
          </MenuItem>
          <MenuItem id="help" className={menuCss.item ?? ""}>
            <Icon name="keys" size="s" />
            {t("help.all")}
          </MenuItem>
          <Separator className={menuCss.separator ?? ""} />
          <MenuItem id="out" className={menuCss.item ?? ""}>
            <Icon name="out" size="s" />
            {t("me.out")}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
