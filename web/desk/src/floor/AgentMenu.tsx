import { api } from "@kit/client";
import { IconButton } from "@kit/components/Button";
import { Icon, StateGlyph } from "@kit/components/Icon";
import { Kbd } from "@kit/components/Kbd";
import menuCss from "@kit/components/Menu.module.css";
import type { IconName } from "@kit/icon-names";
import type { FloorAgent } from "@kit/live-types";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { useSpeech } from "../i18n";
import { useCommand } from "../session/useCommand";
import { callOf, type MonitorMode } from "./monitor-state";
import type { Away } from "./SendAwayDialog";
import type { Monitor } from "./useMonitor";

/** Ways to take part in a call; those after the first speak in it. */
const MODES: { mode: MonitorMode; icon: IconName; chord: string }[] = [
  { mode: "listen", icon: "headset", chord: "KeyL" },
  { mode: "whisper", icon: "mic", chord: "KeyW" },
  { mode: "barge", icon: "phone", chord: "KeyB" },
];

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
          {talk &&
            MODES.filter(({ mode }) => mode === "listen" || monitor.joins).map(({ mode, icon, chord }) => (
              <MenuItem key={mode} id={mode} className={menuCss.item ?? ""} textValue={t(`monitor.${mode}`)}>
                <Icon name={icon} size="s" />
                <span className="grow">{t(`monitor.${mode}`)}</span>
                <Kbd chord={chord} small />
              </MenuItem>
            ))}
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
