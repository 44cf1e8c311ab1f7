import { Kbd } from "@kit/components/Kbd";
import { Modal } from "@kit/components/Modal";
import { useSpeech } from "../i18n";
import css from "./HelpDialog.module.css";
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
            <dl>
              {group.keys.map(([chord, key]) => (
                <div key={chord}>
                  <dt>
                    <Kbd chord={chord} />
                  </dt>
                  <dd>{t(key)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
