import { ApiError, api } from "@kit/client";
import { Button } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { Modal } from "@kit/components/Modal";
import { NoteBox } from "@kit/components/Pill";
import { useEffect, useMemo, useState } from "react";
import { refusalText } from "../session/useCommand";
import { soundPath, useForget, withComment, type PromptRow } from "./data";
import { Choice, Labelled, TextField } from "./Fields";
import fields from "./Fields.module.css";
import css from "./Menus.module.css";
import { PromptVersions } from "./PromptVersions";
import { toast, useTexts } from "./texts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,57}$/;
const TYPES = ".wav,.ogg,.oga,.opus,.mp3,.flac,audio/*";

interface Stored {
  body: { sound: string; seconds: number; file: string };
}

/** A file in place of a prompt, or for a new one; its words beside it. */
export function UploadDialog({ row, onClose }: { row: PromptRow | null; onClose: () => void }) {
  const speech = useTexts();
  const { t, find, languageName } = speech;
  const forget = useForget();
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState(row?.name ?? "");
  const [language, setLanguage] = useState<string>(row?.language ?? "ru");
  const [text, setText] = useState(row?.text ?? "");
  const [comment, setComment] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const own = useMemo(() => (file ? URL.createObjectURL(file) : null), [file]);
  useEffect(() => () => (own ? URL.revokeObjectURL(own) : undefined), [own]);
  const isSpoken = language !== "any";
  const isNamed = NAME.test(name);
  const textOnly = !file && row !== null && row.version !== null && text.trim() !== row.text;
  const isReady = isNamed && (!isSpoken || text.trim() !== "") && (file !== null || textOnly);

  const send = async () => {
    setBusy(true);
    setProblem(null);
    try {
      if (file) {
        const form = new FormData();
        form.set("file", file);
        form.set("text", text.trim());
        const path = `/prompts/${language}/${name}/sound`;
        await api.put(withComment(path, comment), form, row?.version ?? null);
      } else {
        const path = `/config/prompt/${language}.${name}`;
        const { body } = await api.get<Stored>(path);
        await api.put(withComment(path, comment), { ...body, text: text.trim() }, row?.version ?? null);
      }
      await forget("prompt");
      toast(({ t }) => t("prompts.stored", { name }));
      onClose();
    } catch (error) {
      const told = error instanceof ApiError ? find(`refused.${error.code}`) : null;
      setProblem(told ?? refusalText(speech, error));
      setBusy(false);
    }
  };
  return (
    <Modal
      wide
      title={row ? t("prompts.replaceTitle", { name: row.name }) : t("prompts.add")}
      closeLabel={t("state.close")}
      onClose={onClose}
    >
      <form
        className={css.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void send();
        }}
      >
        {row === null && (
          <div className={fields.pair}>
            <TextField
              autoFocus
              label={t("prompts.name")}
              hint={t(name && !isNamed ? "prompts.nameWrong" : "prompts.nameHint")}
              value={name}
              onChange={setName}
            />
            <Choice
              label={t("record.language")}
              value={language}
              options={["ru", "en"].map((code) => ({ id: code, label: languageName(code) }))}
              onChange={setLanguage}
            />
          </div>
        )}
        {row !== null && (
          <div className={css.file}>
            <span>{t("prompts.playsNow")}</span>
            <audio controls preload="none" src={soundPath(row.language, row.name)} aria-label={t("prompts.playsNow")} />
          </div>
        )}
        <Labelled label={t("prompts.file")} hint={t("prompts.fileHint")}>
          {(control) => (
            <input
              {...control}
              type="file"
              accept={TYPES}
              className={field.field}
              onChange={(event) => {
                setFile(event.target.files?.[0] ?? null);
                setProblem(null);
              }}
            />
          )}
        </Labelled>
        {row?.version != null && <PromptVersions row={row} onDone={onClose} />}
        {own && (
          <div className={css.file}>
            <span>{t("prompts.yourFile")}</span>
            <audio controls src={own} aria-label={t("prompts.yourFile")} />
          </div>
        )}
        {isSpoken && (
          <Labelled label={t("prompts.words")} hint={t("prompts.wordsHint")}>
            {(control) => (
              <textarea
                {...control}
                className={`${field.field} ${field.area}`}
                rows={3}
                maxLength={2000}
                lang={language}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Labelled>
        )}
        <TextField label={t("menus.comment")} value={comment} onChange={setComment} />
        {problem && (
          <NoteBox tone="bad" icon="alert" alert>
            {problem}
          </NoteBox>
        )}
        <div className="row">
          <Button type="submit" look="primary" isPending={busy} isDisabled={!isReady}>
            {t(textOnly ? "prompts.saveWords" : "prompts.store")}
          </Button>
          <Button onPress={onClose}>{t("steer.keep")}</Button>
        </div>
      </form>
    </Modal>
  );
}
