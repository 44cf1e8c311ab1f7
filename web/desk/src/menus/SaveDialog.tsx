import { Button } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { Modal } from "@kit/components/Modal";
import { useState } from "react";
import { changesBetween } from "./changes";
import css from "./Editor.module.css";
import { Labelled } from "./Fields";
import type { MenuBody } from "./data";
import { useTexts } from "./texts";
import { Changes } from "./Versions";

interface SaveDialogProps {
  before: MenuBody;
  after: MenuBody;
  busy: boolean;
  onSave: (comment: string) => void;
  onClose: () => void;
}

/** What will change for the next caller, and why. */
export function SaveDialog({ before, after, busy, onSave, onClose }: SaveDialogProps) {
  const { t } = useTexts();
  const [comment, setComment] = useState("");
  const changes = changesBetween(before.menu, after.menu);
  return (
    <Modal wide title={t("menus.saving")} closeLabel={t("state.close")} onClose={onClose}>
      <form
        className={css.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          onSave(comment);
        }}
      >
        <Labelled label={t("menus.comment")} hint={t("menus.commentHint")}>
          {(control) => (
            <input
              {...control}
              autoFocus
              className={field.field}
              maxLength={300}
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
          )}
        </Labelled>
        <div>
          <h3 className={field.label}>{t("menus.willChange")}</h3>
          {changes.length > 0 ? <Changes changes={changes} /> : <p className="sm sub">{t("menus.onlyName")}</p>}
        </div>
        <div className="row">
          <Button type="submit" look="primary" isPending={busy}>
            {t("menus.saveVersion")}
          </Button>
          <Button onPress={onClose}>{t("menus.goOn")}</Button>
        </div>
      </form>
    </Modal>
  );
}
