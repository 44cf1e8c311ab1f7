import { Modal } from "@kit/components/Modal";
import { useSpeech } from "../i18n";
import css from "./HelpDialog.module.css";
import { KeyList } from "./KeyList";
import { KEYMAP } from "./keymap";
import { closeHelp, useHelpOpen } from "./open";

export function HelpDialog() {
  const { t } = useSpeech();
  const open = useHelpOpen();
  if (!open) return null;
  return (
    <Modal title={t("help.all")} closeLabel={t("state.close")} onClose={closeHelp} wide>
      <div className={css.groups}>
        {KEYMAP.map((group) => (
          <section key={group.title}>
            <h3>{t(group.title)}</h3>
            <KeyList keys={group.keys} />
          </section>
        ))}
      </div>
    </Modal>
  );
}
