import type { Outcome } from "@kit/api";
import { ApiError, api } from "@kit/client";
import { announce } from "@kit/components/Announcer";
import { Button } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { Icon } from "@kit/components/Icon";
import { Kbd } from "@kit/components/Kbd";
import { NoteBox } from "@kit/components/Pill";
import { Ring } from "@kit/components/Ring";
import { isTextField, useShortcuts } from "@kit/keyboard";
import type { IconName } from "@kit/icon-names";
import type { WorkItem } from "@kit/live-types";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { RadioButton, RadioField, RadioGroup } from "react-aria-components";
import { dropDrafts } from "../composer/drafts";
import { useDraft } from "../composer/useDraft";
import { useConfig, useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { toast } from "../i18n/toast";
import { useActions, useKey } from "../keyboard/keys";
import { useSpokenCountdown } from "../notify/useSpokenCountdown";
import { FIGURES_KEY } from "../presence/DayFigures";
import { RecordingPanel } from "../recording/RecordingPanel";
import { useSession } from "../session/session";
import { useCommand } from "../session/useCommand";
import { settled } from "../work/desk";
import { aboutWhat, whoIs } from "../work/labels";
import { OUTCOMES, readResult, writeResult, type Result } from "./draft";
import { ReasonPicker } from "./ReasonPicker";
import { Talk } from "./Talk";
import css from "./WrapUp.module.css";

const OUTCOME_ICONS: Record<Outcome, IconName> = {
  resolved: "check",
  promise: "flag",
  passed: "transfer",
  unresolved: "alert",
};

interface WrapUpProps {
  row: WorkItem;
  /** The time for it is over; the form is kept until saved or given up. */
  late: boolean;
}

/** Reasons, outcome and a note; kept through a reload and after the time is over. */
export function WrapUp({ row, late }: WrapUpProps) {
  const speech = useSpeech();
  const { t } = speech;
  const names = useNames();
  const { person } = useSession();
  const client = useQueryClient();
  const { run, busy } = useCommand();
  const [draft, setDraft] = useDraft(row.id, "wrapup");
  const saveKey = useKey("save");
  const [asked, setAsked] = useState(false);
  const queue = useConfig("queue").data?.find((item) => item.id === row.queue)?.body;
  const result = readResult(draft);
  const change = (part: Partial<Result>) => setDraft(writeResult({ ...result, ...part }));
  const complete = result.reasons.length > 0 && result.outcome !== null;

  const ended = row.end_reason === null ? null : speech.find(`ended.${row.end_reason}`);

  useSpokenCountdown(late ? null : row.deadline);

  const leave = () => {
    setDraft("");
    dropDrafts(person.id, row.id);
    settled(row.id);
  };
  const save = async (thenBreak: boolean) => {
    setAsked(true);
    if (!complete || busy) return;
    const note = result.note.trim();
    const body = { reasons: result.reasons, outcome: result.outcome, ...(note ? { note } : {}) };
    const done = await run(async () => {
      // The break is asked for first: otherwise the freed place could be filled in between.
      if (thenBreak) await api.put("/me/presence", { presence: "break" });
      await api.post(`/contacts/${row.id}/dispose`, body).catch((error: unknown) => {
        // Saved in another window meanwhile: there is nothing left to do here.
        if (!(error instanceof ApiError && error.code === "contact.disposed")) throw error;
      });
    });
    if (!done) return;
    leave();
    toast(({ t }) => t("wrap.saved"));
    await client.invalidateQueries({ queryKey: FIGURES_KEY });
  };
  const pick = (place: number) => () => {
    const outcome = OUTCOMES[place];
    if (isTextField(document.activeElement) || !outcome) return false;
    change({ outcome });
    announce(t(`outcome.${outcome}`));
    return true;
  };
  useShortcuts({
    Digit1: pick(0),
    Digit2: pick(1),
    Digit3: pick(2),
    Digit4: pick(3),
  });
  useActions({ save: () => (void save(false), undefined) });

  return (
    <div className={css.grid}>
      <div className={css.stack}>
        <section className={css.panel}>
          <h1 id="main" tabIndex={-1}>
            {t("wrap.title")}
          </h1>
          <p className="sm sub">
            {whoIs(row, speech, names)}, {aboutWhat(row, names)}
          </p>
        </section>
        {ended && (
          <NoteBox tone="warn" icon="phone" alert>
            {ended}
          </NoteBox>
        )}
        {late && (
          <NoteBox tone="warn" icon="clock" alert>
            <div className="row">
              <span className="grow">{t("wrap.over")}</span>
              <Button size="s" onPress={leave}>
                {t("wrap.giveUp")}
              </Button>
            </div>
          </NoteBox>
        )}
        <section className={css.panel}>
          <p className={field.label} id="wrap-reasons">
            {t("wrap.reasons")}
          </p>
          <ReasonPicker value={result.reasons} onChange={(reasons) => change({ reasons })} labelId="wrap-reasons" />
          {asked && result.reasons.length === 0 && (
            <p className={css.missing} role="alert">
              {t("wrap.needReason")}
            </p>
          )}
          <RadioGroup
            className={css.outcome ?? ""}
            aria-labelledby="wrap-outcome"
            value={result.outcome}
            onChange={(outcome) => change({ outcome: outcome as Outcome })}
          >
            <p className={field.label} id="wrap-outcome">
              {t("wrap.outcome")}
            </p>
            <div className={css.outs}>
              {OUTCOMES.map((outcome, index) => (
                <RadioField key={outcome} value={outcome}>
                  <RadioButton className={css.out ?? ""}>
                    <b>
                      <Icon name={OUTCOME_ICONS[outcome]} size="s" />
                      {t(`outcome.${outcome}`)}
                    </b>
                    <small>{t(`outcome.${outcome}.detail`)}</small>
                    <span className={css.key}>
                      <Kbd chord={`Digit${String(index + 1)}`} small />
                    </span>
                  </RadioButton>
                </RadioField>
              ))}
            </div>
          </RadioGroup>
          {asked && !result.outcome && (
            <p className={css.missing} role="alert">
              {t("wrap.needOutcome")}
            </p>
          )}
        </section>
        <section className={css.panel}>
          <label className={field.label} htmlFor="wrap-note">
            {t("wrap.note")}
          </label>
          <textarea
            id="wrap-note"
            className={`${field.field} ${field.area}`}
            rows={3}
            maxLength={2000}
            value={result.note}
            onChange={(event) => change({ note: event.target.value })}
          />
          <p className="xs muted hint">{t("wrap.noteHint")}</p>
        </section>
        <div className="row wrap">
          <Button look="primary" size="l" chord={saveKey} isPending={busy} onPress={() => void save(false)}>
            {t("wrap.save")}
          </Button>
          {!late && (
            <Button size="l" isPending={busy} onPress={() => void save(true)}>
              {t("wrap.saveAndBreak")}
            </Button>
          )}
        </div>
        {row.voicemail && <RecordingPanel contact={row.id} part="voicemail" />}
        {row.channel !== "voice" && <Talk contact={row.id} language={row.language} />}
      </div>
      {!late && row.deadline !== null && (
        <aside className={css.calm}>
          <Ring
            until={row.deadline}
            total={Math.max(queue?.wrap_up_seconds ?? 60, row.deadline - row.since)}
            tone="wrap"
            caption={t("wrap.left")}
          />
          <p className="sm sub">{t(row.channel === "voice" ? "wrap.thenCall" : "wrap.then")}</p>
          {row.extensions_left > 0 ? (
            <Button size="s" icon="plus" isPending={busy} onPress={() => void run(() => api.post(`/contacts/${row.id}/extend`, {}))}>
              {t("wrap.more", { n: queue?.wrap_up_extension_seconds ?? 30 })}
            </Button>
          ) : (
            <p className="xs muted">{t("wrap.noMore")}</p>
          )}
        </aside>
      )}
    </div>
  );
}
