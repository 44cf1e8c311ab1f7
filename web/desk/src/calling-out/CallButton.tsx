import { Button } from "@kit/components/Button";
import { useSpeech } from "../i18n";
import { useLive } from "../live/store";
import { useCan } from "../session/session";
import { makesCalls, openCallOut } from "./calling";

/** Call the subscriber of a contact; not there for people without calls, nor where no number is known. */
export function CallButton({ contact, shown }: { contact: string; shown: string | null }) {
  const { t } = useSpeech();
  const can = useCan();
  const makes = useLive((state) => makesCalls(state.desk));
  if (shown === null || !makes || !can("contact.handle")) return null;
  return (
    <Button size="s" icon="phone" onPress={() => openCallOut({ contact, shown })}>
      {t("callOut.open")}
    </Button>
  );
}
