import { NoteBox, Pill, Tag } from "@kit/components/Pill";
import { Timer } from "@kit/components/Timer";
import { api } from "@kit/client";
import type { WorkItem } from "@kit/live-types";
import { useState } from "react";
import { TransferDialog } from "../conversation/TransferDialog";
import { useSpeech } from "../i18n";
import { useActions, useKeys } from "../keyboard/keys";
import { useTakenFocus } from "../keyboard/useTakenFocus";
import { RecordingPanel } from "../recording/RecordingPanel";
import { useCommand } from "../session/useCommand";
import { CallControl } from "./CallControl";
import { CallNotes } from "./CallNotes";
import css from "./CallStage.module.css";
import { voicemailText, whyNotCalled } from "./voicemail";
import { Who } from "./Who";

/** A message in hand: hear it, call who left it, write what comes of it. Nobody is on the line. */
export default function VoicemailStage({ row }: { row: WorkItem }) {
  const speech = useSpeech();
  const { t } = speech;
  const keys = useKeys();
  const { run, busy } = useCommand();
  const [handing, setHanding] = useState(false);
  const refused = whyNotCalled(row);
  useTakenFocus();
  const call = () => {
    if (!busy && !refused) void run(() => api.post(`/contacts/${row.id}/call/back`, {}));
  };
  const end = () => {
    if (!busy) void run(() => api.post(`/contacts/${row.id}/end`, {}));
  };
  useActions({
    callBack: () => (refused ? false : (call(), undefined)),
    transfer: () => (setHanding(true), undefined),
    end: () => (end(), undefined),
  });
  return (
    <div className={css.page}>
      <section className={css.stage} aria-labelledby="main">
        <header className={css.header}>
          <Who row={row}>
            <Pill state="talking">{t("voicemail.title")}</Pill>
            <Tag tone="plain" icon="clock">
              {voicemailText(row, speech)}
            </Tag>
          </Who>
          <div className={css.time}>
            <Timer since={row.since} className={css.timer} />
          </div>
        </header>
        <div className={css.controls} role="group" aria-label={t("call.controls")}>
          <CallControl icon="phone" label={t("voicemail.call")} chord={keys.callBack} isDisabled={refused !== null} isPending={busy} onPress={call} />
          <CallControl icon="transfer" label={t("call.transfer")} chord={keys.transfer} onPress={() => setHanding(true)} />
          <CallControl icon="check" label={t("chat.end")} chord={keys.end} isEnd isPending={busy} onPress={end} />
        </div>
      </section>
      {refused && (
        <NoteBox tone="warn" icon="alert">
          {t(`voicemail.${refused}`)}
        </NoteBox>
      )}
      <RecordingPanel contact={row.id} part="voicemail" />
      <CallNotes key={row.id} contact={row.id} />
      {handing && <TransferDialog row={row} onClose={() => setHanding(false)} />}
    </div>
  );
}
