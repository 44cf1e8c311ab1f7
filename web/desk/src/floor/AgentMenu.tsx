import { api } from "@kit/client";
import { IconButton } from "@kit/components/Button";
import { Icon, StateGlyph } from "@kit/components/Icon";
import { Kbd } from "@kit/components/Kbd";
import menuCss from "@kit/components/Menu.module.css";
import type { FloorAgent } from "@kit/live-types";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { useSpeech } from "../i18n";
import { useCommand } from "../session/useCommand";
import { callOf } from "./monitor-state";
import type { Away } from "./SendAwayDialog";
import type { Monitor } from "./useMonitor";

interface AgentMenuProps {
  agent: FloorAgent;
  name: string;
  /** May this person steer agents? */
  steers: boolean;
  monitor: Monitor;
  onSend: (agent: string, presence: Away) => void;
}

/** What a supervisor may do with an agent who is at work. */
export function AgentMenu({ agent, name, steers, monitor, onSend }: AgentMenuProps) {
  const { t } = useSpeech();
  const { run } = useCommand();
  const talk = monitor.listens ? callOf(agent) : undefined;
  const act = (key: string) => {
    if (key === "listen" || key === "whisper" || key === "barge") {
      if (talk) monitor.start(talk.id, agent.id, key);
    } else if (key === "takeOver") {
      if (talk) monitor.takeOver(talk.id);
    } else if (key === "come") void run(() => api.put(`/floor/agents/${agent.id}/hand`, { raised: false }));
    else onSend(agent.id, key as Away);
  };
  return (
    <MenuTrigger>
      <IconButton icon="more" label={t("agentMenu.label", { name })} />
      <Popover className={menuCss.popover ?? ""} placement="bottom end">
        <Menu
          className={menuCss.menu ?? ""}
          aria-label={t("agentMenu.label", { name })}
          autoFocus="first"
          onAction={(key) => act(String(key))}
        >
          {talk && (
            <MenuItem id="listen" className={menuCss.item ?? ""} textValue={t("monitor.listen")}>
              <Icon name="headset" size="s" />
              <span className="grow">{t("monitor.listen")}</span>
              <Kbd chord="KeyL" small />
            </MenuItem>
          )}
          {talk && monitor.joins && (
            <MenuItem id="whisper" className={menuCss.item ?? ""} textValue={t("monitor.whisper")}>
              <Icon name="mic" size="s" />
              <span className="grow">{t("monitor.whisper")}</span>
              <Kbd chord="KeyW" small />
            </MenuItem>
          )}
          {talk && monitor.joins && (
            <MenuItem id="barge" className={menuCss.item ?? ""} textValue={t("monitor.barge")}>
              <Icon name="phone" size="s" />
              <span className="grow">{t("monitor.barge")}</span>
              <Kbd chord="KeyB" small />
            </MenuItem>
          )}
          {talk && monitor.takes && (
            <MenuItem id="takeOver" className={menuCss.item ?? ""}>
              <Icon name="transfer" size="s" />
              {t("monitor.takeOver")}
            </MenuItem>
          )}
          {steers && agent.hand !== null && (
            <MenuItem id="come" className={menuCss.item ?? ""} textValue={t("attention.come")}>
              <Icon name="hand" size="s" />
              <span className="grow">{t("attention.come")}</span>
              <small>{t("attention.comeHint")}</small>
            </MenuItem>
          )}
          {steers && agent.presence !== "break" && (
            <MenuItem id="break" className={menuCss.item ?? ""}>
              <StateGlyph state="break" />
              {t("agentMenu.break")}
            </MenuItem>
          )}
          {steers && (
            <MenuItem id="offline" className={menuCss.item ?? ""}>
              <StateGlyph state="offline" />
              {t("agentMenu.offline")}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
