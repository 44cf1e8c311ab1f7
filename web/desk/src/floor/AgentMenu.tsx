import { api } from "@kit/client";
import { IconButton } from "@kit/components/Button";
import { Icon, StateGlyph } from "@kit/components/Icon";
import menuCss from "@kit/components/Menu.module.css";
import type { FloorAgent } from "@kit/live-types";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { useSpeech } from "../i18n";
import { useCommand } from "../session/useCommand";
import type { Away } from "./SendAwayDialog";

interface AgentMenuProps {
  agent: FloorAgent;
  name: string;
  onSend: (agent: string, presence: Away) => void;
}

/** What a supervisor may do with an agent who is at work. */
export function AgentMenu({ agent, name, onSend }: AgentMenuProps) {
  const { t } = useSpeech();
  const { run } = useCommand();
  const act = (key: string) => {
    if (key === "come") void run(() => api.put(`/floor/agents/${agent.id}/hand`, { raised: false }));
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
          {agent.hand !== null && (
            <MenuItem id="come" className={menuCss.item ?? ""} textValue={t("attention.come")}>
              <Icon name="hand" size="s" />
              <span className="grow">{t("attention.come")}</span>
              <small>{t("attention.comeHint")}</small>
            </MenuItem>
          )}
          {agent.presence !== "break" && (
            <MenuItem id="break" className={menuCss.item ?? ""}>
              <StateGlyph state="break" />
              {t("agentMenu.break")}
            </MenuItem>
          )}
          <MenuItem id="offline" className={menuCss.item ?? ""}>
            <StateGlyph state="offline" />
            {t("agentMenu.offline")}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
