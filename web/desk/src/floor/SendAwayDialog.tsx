import { api } from "@kit/client";
import { Button } from "@kit/components/Button";
import { Modal } from "@kit/components/Modal";
import type { FloorAgent } from "@kit/live-types";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { useCommand } from "../session/useCommand";
import css from "./Floor.module.css";

export type Away = "break" | "offline";

/** Before somebody else's state is changed: what becomes of the talks in hand. */
export function SendAwayDialog({ agent, presence, onClose }: { agent: FloorAgent; presence: Away; onClose: () => void }) {
  const { t } = useSpeech();
  const names = useNames();
  const { run, busy } = useCommand();
  const talks = agent.contacts.filter((contact) => contact.state === "talking").length;
  const send = async () => {
    if (await run(() => api.put(`/floor/agents/${agent.id}/presence`, { presence }))) onClose();
  };
  return (
    <Modal
      title={t(`sendAway.${presence}`, { name: names.person(agent.id) || t("why.colleague") })}
      closeLabel={t("state.close")}
      onClose={onClose}
    >
      <div className={css.form}>
        <p>{t(presence === "offline" ? "sendAway.offlineTalks" : "sendAway.breakTalks", { n: talks })}</p>
        <p className="sm sub">{t("sendAway.told")}</p>
        <div className="row">
          <Button
            look={presence === "offline" ? "danger" : "primary"}
            autoFocus={presence === "break"}
            isPending={busy}
            onPress={() => void send()}
          >
            {t(presence === "offline" ? "agentMenu.offline" : "sendAway.doBreak")}
          </Button>
          <Button autoFocus={presence === "offline"} onPress={onClose}>{t("steer.keep")}</Button>
        </div>
      </div>
    </Modal>
  );
}
