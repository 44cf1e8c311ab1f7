import { api } from "@kit/client";
import { Avatar } from "@kit/components/Avatar";
import { Button } from "@kit/components/Button";
import { NoteBox } from "@kit/components/Pill";
import { Timer } from "@kit/components/Timer";
import { clockText } from "@kit/durations";
import type { WorkItem } from "@kit/live-types";
import { useCallback, useEffect, useState } from "react";
import { Composer } from "../composer/Composer";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { useActions, useKeys } from "../keyboard/keys";
import { refusalText, useCommand } from "../session/useCommand";
import { aboutWhat, whoIs } from "../work/labels";
import css from "./Conversation.module.css";
import { loadMessages, useMessages } from "./messages";
import { Thread } from "./Thread";
import { TransferDialog } from "./TransferDialog";
import { closeTransfer, openTransfer, useTransferring } from "./transferring";

/** One chat: who and about what, the thread, the composer. */
export function Conversation({ row }: { row: WorkItem }) {
  const speech = useSpeech();
  const { t } = speech;
  const names = useNames();
  const { run, busy } = useCommand();
  const keys = useKeys();
  const transferring = useTransferring(row.id);
  useEffect(() => closeTransfer, []);
  const [problem, setProblem] = useState<string | null>(null);
  const onError = useCallback((error: unknown) => setProblem(refusalText(speech, error)), [speech]);
  useMessages(row.id, onError);

  const end = () => {
    if (!busy) void run(() => api.post(`/contacts/${row.id}/end`, {}));
  };
  useActions({
    end: () => (end(), undefined),
    transfer: () => (openTransfer(row.id), undefined),
  });

  return (
    <section className={css.chat} aria-labelledby="main">
      <header className={css.header}>
        <Avatar name={row.name} />
        <div className="grow">
          <h1 id="main" tabIndex={-1} className="cut">
            {whoIs(row, speech, names)}
          </h1>
          <p className="xs muted cut">
            {t("chat.talks")} <Timer since={row.since} /> · {t("chat.waited", { wait: clockText(row.wait) })} ·{" "}
            {aboutWhat(row, names)}
          </p>
        </div>
        <Button size="s" icon="transfer" chord={keys.transfer} onPress={() => openTransfer(row.id)}>
          {t("chat.transfer")}
        </Button>
        <Button size="s" icon="check" chord={keys.end} isPending={busy} onPress={end}>
          {t("chat.end")}
        </Button>
      </header>
      {problem && (
        <div className={css.problem}>
          <NoteBox tone="bad" icon="alert" alert>
            <div className="row">
              <span className="grow">{t("chat.notLoaded", { problem })}</span>
              <Button
                size="s"
                onPress={() => {
                  setProblem(null);
                  loadMessages(row.id).catch(onError);
                }}
              >
                {t("message.retry")}
              </Button>
            </div>
          </NoteBox>
        </div>
      )}
      <Thread key={row.id} contact={row.id} language={row.language} />
      <Composer key={`composer-${row.id}`} row={row} />
      {transferring && <TransferDialog row={row} onClose={closeTransfer} />}
    </section>
  );
}
