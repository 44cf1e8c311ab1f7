import { api } from "@kit/client";
import { Button } from "@kit/components/Button";
import { Timer } from "@kit/components/Timer";
import { useSpeech } from "../i18n";
import { useActions, useKey } from "../keyboard/keys";
import { useCommand } from "../session/useCommand";
import css from "./HandButton.module.css";

/** Ask a supervisor for help, maybe about the contact on the screen; F8 toggles. */
export function HandButton({ since, contact }: { since: number | null; contact: string | null }) {
  const { t } = useSpeech();
  const { run } = useCommand();
  const key = useKey("hand");
  const raised = since !== null;
  const toggle = () => {
    void run(() => api.put("/me/hand", raised ? { raised: false } : { raised: true, ...(contact ? { contact } : {}) }));
  };
  useActions({ hand: () => (toggle(), undefined) });
  return (
    <Button look="ghost" icon="hand" chord={key} className={css.hand} aria-pressed={raised} onPress={toggle}>
      <span className={css.word}>{raised ? t("hand.raised") : t("hand.raise")}</span>
      {raised && <Timer since={since} />}
    </Button>
  );
}
