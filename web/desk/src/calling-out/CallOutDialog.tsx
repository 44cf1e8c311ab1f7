import { ApiError, api } from "@kit/client";
import { Button } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { Modal } from "@kit/components/Modal";
import { newId } from "@kit/ids";
import { useState } from "react";
import { useLocation } from "wouter";
import { useSpeech } from "../i18n";
import { refusalText } from "../session/useCommand";
import { closeCallOut, useCallee, type Callee } from "./calling";
import css from "./CallOutDialog.module.css";

function CallOut({ whom }: { whom: Callee }) {
  const speech = useSpeech();
  const { t } = speech;
  const [, navigate] = useLocation();
  const [number, setNumber] = useState("number" in whom ? whom.number : "");
  // Pressed again after a lost answer it is the same call.
  const [id, setId] = useState(newId);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const typed = "number" in whom;
  const late = refused instanceof ApiError && refused.code === "dial.hours" ? String(refused.details.local) : null;

  const call = async (anyway: boolean) => {
    if (busy || (typed && number.trim().length < 2)) return;
    setBusy(true);
    try {
      await api.post("/calls/out", { id, to: typed ? { number: number.trim() } : { contact: whom.contact }, anyway });
      closeCallOut();
      navigate("/");
    } catch (error) {
      setRefused(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal title={t("callOut.title")} closeLabel={t("state.close")} onClose={closeCallOut}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void call(late !== null);
        }}
      >
        {typed ? (
          <div>
            <label className={field.label} htmlFor="call-out-number">
              {t("callOut.number")}
            </label>
            <input
              id="call-out-number"
              className={`${field.field} num`}
              type="tel"
              autoComplete="off"
              autoFocus
              maxLength={40}
              value={number}
              aria-invalid={refused !== null && late === null}
              aria-describedby="call-out-told"
              onChange={(event) => {
                setNumber(event.target.value);
                setRefused(null);
                setId(newId());
              }}
            />
          </div>
        ) : (
          <p>{t("callOut.subscriber", { number: whom.shown })}</p>
        )}
        <div id="call-out-told" role="alert">
          {refused !== null && (
            <p className={late === null ? "sm t-bad" : css.warning}>
              {late === null ? refusalText(speech, refused) : t("callOut.hours", { time: late })}
            </p>
          )}
        </div>
        <div className="row">
          <Button
            type="submit"
            look="primary"
            icon="phone"
            autoFocus={!typed}
            isPending={busy}
            isDisabled={typed && number.trim().length < 2}
          >
            {t(late === null ? "callOut.call" : "callOut.anyway")}
          </Button>
          <Button onPress={closeCallOut}>{t("callOut.cancel")}</Button>
        </div>
        <p className="xs muted">{t("callOut.hint")}</p>
      </form>
    </Modal>
  );
}

/** Call a subscriber who waits in no queue; opened from the command bar, a card, a contact. */
export function CallOutDialog() {
  const whom = useCallee();
  return whom ? <CallOut whom={whom} /> : null;
}
