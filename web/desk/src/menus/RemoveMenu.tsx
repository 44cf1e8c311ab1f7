import { api } from "@kit/client";
import { Button } from "@kit/components/Button";
import { Modal } from "@kit/components/Modal";
import { useState } from "react";
import { useLocation } from "wouter";
import { useCommand } from "../session/useCommand";
import { useForget, type MenuItem } from "./data";
import { dropDraft } from "./drafts";
import css from "./Editor.module.css";
import { toast, useTexts } from "./texts";

/** Take a menu out of force; refused while a number leads to it. */
export function RemoveMenu({ item }: { item: MenuItem }) {
  const { t, name } = useTexts();
  const [, navigate] = useLocation();
  const forget = useForget();
  const { run, busy } = useCommand();
  const [asked, setAsked] = useState(false);
  const close = () => setAsked(false);
  const remove = async () => {
    const done = await run(() => api.remove(`/config/menu/${item.id}`, item.version));
    close();
    if (!done) return;
    dropDraft(item.id);
    toast(({ t }) => t("menus.itemRemoved"));
    navigate("/menus");
    await forget("menu");
  };
  return (
    <div>
      <Button icon="trash" onPress={() => setAsked(true)}>
        {t("menus.removeMenu")}
      </Button>
      {asked && (
        <Modal title={t("menus.removeAsks", { name: name(item.body.name) })} closeLabel={t("state.close")} onClose={close}>
          <div className={css.dialog}>
            <p>{t("menus.removeHint")}</p>
            <div className="row">
              <Button look="danger" isPending={busy} onPress={() => void remove()}>
                {t("menus.removeMenu")}
              </Button>
              <Button onPress={close}>{t("steer.keep")}</Button>
            </div>
          </div>
        </Modal>
      )}
    </div>
  );
}
