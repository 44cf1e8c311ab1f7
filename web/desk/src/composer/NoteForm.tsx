import type { Note } from "@kit/api";
import { api } from "@kit/client";
import { Button } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { newId } from "@kit/ids";
import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { cardKey } from "../card/queries";
import { useSpeech } from "../i18n";
import { toast } from "../i18n/toast";
import { useActions, useKey } from "../keyboard/keys";
import { useCommand } from "../session/useCommand";
import css from "./Composer.module.css";
import { useDraft } from "./useDraft";

/** A note for colleagues: the subscriber never sees it. */
export function NoteForm({ contact }: { contact: string }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const { run, busy } = useCommand();
  const key = useKey("save");
  const [text, setText] = useDraft(contact, "note");
  // One id for one text: a retry after a lost answer does not make a second note, a changed text is a new one.
  const id = useRef(newId());

  const save = async () => {
    if (!text.trim() || busy) return;
    const done = await run(() => api.post<Note>(`/contacts/${contact}/notes`, { id: id.current, text: text.trim() }));
    if (!done) return;
    id.current = newId();
    setText("");
    toast(({ t }) => t("note.saved"));
    await client.invalidateQueries({ queryKey: cardKey(contact) });
  };

  useActions({ save: () => (void save(), undefined) });

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        className={`${field.field} ${field.area}`}
        aria-label={t("composer.note")}
        rows={3}
        maxLength={4000}
        autoFocus
        value={text}
        onChange={(event) => {
          id.current = newId();
          setText(event.target.value);
        }}
      />
      <div className={css.actions}>
        <span className="grow" />
        <Button type="submit" look="primary" icon="note" chord={key} isPending={busy} isDisabled={!text.trim()}>
          {t("note.save")}
        </Button>
      </div>
    </form>
  );
}
