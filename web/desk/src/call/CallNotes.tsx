import field from "@kit/components/Field.module.css";
import { Panel } from "@kit/components/Panel";
import { useDraft } from "../composer/useDraft";
import { useSpeech } from "../i18n";
import { readResult, writeResult, type Result } from "../wrapup/draft";
import { ReasonPicker } from "../wrapup/ReasonPicker";
import css from "./CallStage.module.css";

/** Notes and reasons while one talks: the wrap-up finds them filled in. */
export function CallNotes({ contact }: { contact: string }) {
  const { t } = useSpeech();
  const [draft, setDraft] = useDraft(contact, "wrapup");
  const result = readResult(draft);
  const change = (part: Partial<Result>) => setDraft(writeResult({ ...result, ...part }));
  return (
    <div className={css.two}>
      <Panel title={t("call.notes")} end={<span className="xs muted">{t("call.notesHint")}</span>}>
        <textarea
          className={`${field.field} ${field.area} ${css.notes}`}
          aria-label={t("call.notes")}
          rows={6}
          maxLength={2000}
          value={result.note}
          onChange={(event) => change({ note: event.target.value })}
        />
      </Panel>
      <Panel title={t("call.reason")}>
        <p className="vh" id="call-reasons">
          {t("call.reason")}
        </p>
        <ReasonPicker value={result.reasons} onChange={(reasons) => change({ reasons })} labelId="call-reasons" />
      </Panel>
    </div>
  );
}
