import { Button, IconButton } from "@kit/components/Button";
import { Kbd } from "@kit/components/Kbd";
import { Segmented } from "@kit/components/Segmented";
import type { WorkItem } from "@kit/live-types";
import { useRef, useState, type ClipboardEvent, type DragEvent, type KeyboardEvent } from "react";
import { sendFile, sendText } from "../conversation/messages";
import { useSpeech } from "../i18n";
import { toast } from "../i18n/toast";
import { useTakenFocus } from "../keyboard/useTakenFocus";
import { CannedList } from "./CannedList";
import { asksForReplies, fillVariables, markVariables, unresolved, type CannedReply } from "./canned";
import css from "./Composer.module.css";
import { NoteForm } from "./NoteForm";
import { useComposerInsert } from "./insert";
import { useDraft } from "./useDraft";
import { useReplies, useVariables } from "./useReplies";
import { useTypingSignal } from "./useTypingSignal";

export const FILE_TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"];
const FILE_LIMIT = 10 * 1024 * 1024;

/** Where the answer is written: Enter sends, "/" finds a ready reply, files come by button, paste or drop. */
export function Composer({ row }: { row: WorkItem }) {
  const { t } = useSpeech();
  const [tab, setTab] = useState<"reply" | "note">("reply");
  return (
    <div className={css.composer} data-region>
      <div className={css.tabs}>
        <Segmented
          label={t("composer.kind")}
          value={tab}
          options={[
            { id: "reply", label: t("composer.reply") },
            { id: "note", label: t("composer.note") },
          ]}
          onChange={setTab}
        />
        {tab === "note" && <span className="xs muted">{t("composer.noteHint")}</span>}
      </div>
      {tab === "reply" ? <Reply row={row} /> : <NoteForm contact={row.id} />}
    </div>
  );
}

function Reply({ row }: { row: WorkItem }) {
  const { t } = useSpeech();
  const field = useRef<HTMLTextAreaElement>(null);
  const marks = useRef<HTMLDivElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useDraft(row.id, "reply");
  const [closed, setClosed] = useState(false);
  const replies = useReplies(row);
  const variables = useVariables(row);
  const typing = useTypingSignal(row.id);
  const open = [...unresolved(text)];
  const listing = asksForReplies(text) && !closed;

  // A chat that comes to the centre is there to be answered.
  useTakenFocus(field);

  const change = (next: string) => {
    setText(next);
    setClosed(false);
    if (next) typing.signal();
  };
  const put = (next: string) => {
    change(next);
    const node = field.current;
    if (!node) return;
    node.focus();
    const first = /\{\w+\}/.exec(next);
    // After React wrote the new text: put the cursor on the first variable that is still open, else at the end.
    requestAnimationFrame(() =>
      first ? node.setSelectionRange(first.index, first.index + first[0].length) : node.setSelectionRange(next.length, next.length),
    );
  };
  const insert = (reply: CannedReply) => put(fillVariables(reply.text, variables));
  useComposerInsert((reply) => insert(reply));

  const attach = (files: Iterable<File>) => {
    for (const file of files) {
      if (!FILE_TYPES.includes(file.type)) toast(({ t }) => t("file.wrongType", { name: file.name }), "alert");
      else if (file.size > FILE_LIMIT) toast(({ t }) => t("file.tooLarge", { name: file.name }), "alert");
      else sendFile(row.id, file);
    }
  };
  const send = () => {
    const words = text.trim();
    if (!words || listing || open.length > 0) return;
    sendText(row.id, words);
    setText("");
    typing.again();
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && listing) {
      event.stopPropagation();
      setClosed(true);
    }
    if (event.key !== "Enter" || event.shiftKey || event.altKey || event.ctrlKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    attach(event.clipboardData.files);
  };
  const onDrop = (event: DragEvent) => {
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    attach(event.dataTransfer.files);
  };

  return (
    <>
      <CannedList
        open={listing}
        typed={text}
        replies={replies}
        onChoose={insert}
        onClose={() => setClosed(true)}
        field={({ fieldProps, onListKey }) => (
          <div className={css.field} onDrop={onDrop} onDragOver={(event) => event.preventDefault()}>
            <div ref={marks} className={css.marks} aria-hidden="true">
              {markVariables(text).map((part, index) =>
                part.variable ? <mark key={index}>{part.text}</mark> : <span key={index}>{part.text}</span>,
              )}
              {"\n"}
            </div>
            <textarea
              ref={field}
              className={css.text}
              aria-label={t("composer.label")}
              aria-describedby={open.length > 0 ? "composer-open" : undefined}
              maxLength={4000}
              rows={3}
              value={text}
              onChange={(event) => change(event.target.value)}
              onKeyDown={(event) => {
                if (!onListKey(event)) onKeyDown(event);
              }}
              onPaste={onPaste}
              onScroll={(event) => marks.current?.scrollTo({ top: event.currentTarget.scrollTop })}
              {...fieldProps}
            />
          </div>
        )}
      />
      <div className={css.actions}>
        <input
          ref={picker}
          type="file"
          hidden
          multiple
          accept={FILE_TYPES.join(",")}
          onChange={(event) => {
            attach(event.target.files ?? []);
            event.target.value = "";
          }}
        />
        <IconButton icon="clip" label={t("composer.attach")} onPress={() => picker.current?.click()} />
        <IconButton icon="bolt" label={t("composer.canned")} onPress={() => put("/")} />
        {open.length > 0 && (
          <span id="composer-open" className="xs t-warn" role="status">
            {t("composer.unresolved", { names: open.join(", ") })}
          </span>
        )}
        <span className="grow" />
        <span className={css.hint}>
          <Kbd chord="Shift+Enter" /> {t("composer.newLine")}
        </span>
        <Button
          look="primary"
          icon="send"
          chord="Enter"
          isDisabled={!text.trim() || listing || open.length > 0}
          onPress={send}
        >
          {t("composer.send")}
        </Button>
      </div>
    </>
  );
}
