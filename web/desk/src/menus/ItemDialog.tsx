import type { Named } from "@kit/api";
import { ApiError, api } from "@kit/client";
import { Button } from "@kit/components/Button";
import { Modal } from "@kit/components/Modal";
import { NoteBox } from "@kit/components/Pill";
import { useState, type ReactNode } from "react";
import { refusalText } from "../session/useCommand";
import { useForget } from "./data";
import { TextField } from "./Fields";
import fields from "./Fields.module.css";
import css from "./Menus.module.css";
import { slug } from "./slug";
import { toast, useTexts } from "./texts";

interface ItemDialogProps {
  kind: "line" | "incident";
  item: { id: string; version: number } | null;
  title: string;
  named: Named;
  ready: boolean;
  body: unknown;
  onName: (named: Named) => void;
  onClose: () => void;
  children: ReactNode;
}

/** A small item of the configuration: its names, its fields, saving and removing. */
export function ItemDialog({ kind, item, title, named, ready, body, onName, onClose, children }: ItemDialogProps) {
  const speech = useTexts();
  const { t } = speech;
  const forget = useForget();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const isReady = ready && named.ru.trim() !== "" && named.en.trim() !== "";

  const send = async (work: () => Promise<unknown>, done: "menus.itemSaved" | "menus.itemRemoved") => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
      await forget(kind);
      toast(({ t }) => t(done));
      onClose();
    } catch (error) {
      const errors = error instanceof ApiError ? (error.details.errors as { at: string; error: string }[] | undefined) : undefined;
      setProblem([refusalText(speech, error), ...(errors ?? []).map((one) => `${one.at}: ${one.error}`)].join(" "));
      setBusy(false);
    }
  };
  const path = `/config/${kind}/${item?.id ?? slug(named.en, kind)}`;
  return (
    <Modal wide title={title} closeLabel={t("state.close")} onClose={onClose}>
      <form
        className={css.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void send(() => api.put(path, body, item?.version ?? null), "menus.itemSaved");
        }}
      >
        <div className={fields.pair}>
          <TextField autoFocus label={t("menus.nameRu")} lang="ru" value={named.ru} onChange={(ru) => onName({ ...named, ru })} />
          <TextField label={t("menus.nameEn")} lang="en" value={named.en} onChange={(en) => onName({ ...named, en })} />
        </div>
        {children}
        {problem && (
          <NoteBox tone="bad" icon="alert" alert>
            {problem}
          </NoteBox>
        )}
        <div className="row">
          <Button type="submit" look="primary" isPending={busy} isDisabled={!isReady}>
            {t("menus.saveItem")}
          </Button>
          <Button onPress={onClose}>{t("steer.keep")}</Button>
          {item && (
            <span className="end">
              <Button
                icon="trash"
                isDisabled={busy}
                onPress={() => void send(() => api.remove(path, item.version), "menus.itemRemoved")}
              >
                {t("menus.removeIt")}
              </Button>
            </span>
          )}
        </div>
      </form>
    </Modal>
  );
}
