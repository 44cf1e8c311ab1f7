import { Button } from "@kit/components/Button";
import { Modal } from "@kit/components/Modal";
import { useSpeech } from "../i18n";
import { toast } from "../i18n/toast";
import css from "./HelpDialog.module.css";
import { KeyChoice } from "./KeyChoice";
import { KeyList } from "./KeyList";
import list from "./KeyList.module.css";
import { KEYMAP } from "./keymap";
import { resetKeys, useKeys, writeKeys } from "./keys";
import { useCan } from "../session/session";
import { closeHelp, useHelpOpen } from "./open";

function AllKeys() {
  const { t } = useSpeech();
  const listens = useCan()("call.listen");
  const own = writeKeys(useKeys()) !== null;
  return (
    <Modal title={t("help.all")} closeLabel={t("state.close")} onClose={closeHelp} wide>
      <div className={css.groups}>
        <div className={css.columns}>
          {KEYMAP.filter((group) => group.title !== "keys.floor" || listens).map((group) => (
            <section key={group.title} aria-label={t(group.title)}>
              <h3>{t(group.title)}</h3>
              <dl className={list.keys}>
                {group.keys.map((line) => "action" in line && <KeyChoice key={line.action} line={line} />)}
              </dl>
              <KeyList keys={group.keys.filter((line) => "chord" in line)} />
            </section>
          ))}
        </div>
      </div>
      <footer className={css.foot}>
        <p className="xs muted grow">{t("keys.hint")}</p>
        {own && (
          <Button
            size="s"
            icon="undo"
            onPress={() => {
              resetKeys();
              toast(({ t }) => t("keys.restored"));
            }}
          >
            {t("keys.reset")}
          </Button>
        )}
      </footer>
    </Modal>
  );
}

/** All keys; those with a frame can be changed here. */
export function HelpDialog() {
  return useHelpOpen() ? <AllKeys /> : null;
}
