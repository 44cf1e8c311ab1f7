import type { ContactRecord } from "@kit/api";
import { ApiError, api } from "@kit/client";
import { Button } from "@kit/components/Button";
import { Panel } from "@kit/components/Panel";
import { Tag } from "@kit/components/Pill";
import { Empty, Skeleton } from "@kit/components/States";
import { Timer } from "@kit/components/Timer";
import { clockText } from "@kit/durations";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { ResultTag } from "../card/Earlier";
import { Notes } from "../card/Notes";
import { CallButton } from "../calling-out/CallButton";
import { useNames } from "../config/config";
import { MessageView } from "../conversation/MessageView";
import { Frame } from "../frame/Frame";
import { useSpeech, type DeskSpeech } from "../i18n";
import { RecordingPanel } from "../recording/RecordingPanel";
import { refusalText } from "../session/useCommand";
import css from "./Contact.module.css";
import { DecisionPanel } from "./Decision";
import { EventTimeline } from "./EventTimeline";

const happened = (record: ContactRecord, kind: string) => record.events.some((event) => event.kind === kind);
const isMessage = (record: ContactRecord) => happened(record, "voicemail.left");

function heading(record: ContactRecord, t: DeskSpeech["t"]): string {
  if (isMessage(record)) return t("voicemail.title");
  return record.direction === "out" ? t("record.callOut") : t(`channel.${record.channel}` as "channel.chat");
}

function Facts({ record }: { record: ContactRecord }) {
  const { t, find, day, time } = useSpeech();
  const names = useNames();
  const over = record.state === "ended";
  const region = names.region(record.subscriber.region);
  const until = record.ended_at === null ? t("record.goesOn") : time(record.ended_at);
  return (
    <section className={css.panel}>
      <div className="row between wrap">
        <div>
          <h1 id="main" tabIndex={-1}>
            {[heading(record, t), record.subscriber.name, region].filter(Boolean).join(", ")}
          </h1>
          <p className={`${css.when} sm sub num`}>
            {day(record.arrived_at)}, {time(record.arrived_at)}–{until} · C-{record.number ?? "…"} · {names.queue(record.queue)}
            {record.agent && ` · ${names.person(record.agent)}`}
          </p>
        </div>
        <div className="row wrap">
          {record.reasons.map((reason) => (
            <Tag key={reason}>{names.reason(reason)}</Tag>
          ))}
          {record.state !== "ended" && <ResultTag row={record} />}
        </div>
      </div>
      <dl className={`${css.facts} num`}>
        <div>
          <dt>{t("record.wait")}</dt>
          <dd>{clockText(record.wait)}</dd>
        </div>
        <div>
          <dt>{t("record.talk")}</dt>
          <dd>
            {record.answered_at === null ? (
              t("record.notAnswered")
            ) : record.state === "talking" ? (
              <Timer since={record.answered_at} />
            ) : (
              clockText(record.talk)
            )}
          </dd>
        </div>
        {(record.channel === "voice" || record.hold > 0) && (
          <div>
            <dt>{t("record.hold")}</dt>
            <dd>{clockText(record.hold)}</dd>
          </div>
        )}
        <div>
          <dt>{t(record.channel === "voice" ? "record.afterCall" : "record.wrapUp")}</dt>
          <dd>{clockText(record.wrap_up)}</dd>
        </div>
        <div>
          <dt>{t("record.transfers")}</dt>
          <dd>{record.transfers}</dd>
        </div>
        <div>
          <dt>{t("record.result")}</dt>
          <dd>{record.outcome ? (find(`outcome.${record.outcome}`) ?? record.outcome) : t(over ? "card.noResult" : "record.notYet")}</dd>
        </div>
      </dl>
    </section>
  );
}

function Record({ record }: { record: ContactRecord }) {
  const { t, date, languageName } = useSpeech();
  const names = useNames();
  const { subscriber } = record;
  const talked = isMessage(record) ? happened(record, "callback.reached") : record.answered_at !== null;
  return (
    <div className={css.record}>
      <div className={css.stack}>
        <Facts record={record} />
        {isMessage(record) && <RecordingPanel contact={record.id} part="voicemail" />}
        {record.channel === "voice" && talked && <RecordingPanel contact={record.id} />}
        <EventTimeline events={record.events} />
        <Panel title={t("record.messages", { n: record.messages.length })}>
          {record.messages.length === 0 ? (
            <p className="sm sub">
              {record.cleared_at === null ? t("record.noMessages") : t("record.cleared", { date: date(record.cleared_at) })}
            </p>
          ) : (
            <div className={css.thread}>
              {record.messages.map((message) => (
                <MessageView key={message.id} message={message} receipts={null} language={subscriber.language} />
              ))}
            </div>
          )}
        </Panel>
      </div>
      <div className={css.stack}>
        <Panel title={t("record.grade")}>
          {record.grade === null ? (
            <p className="sm sub">{t("record.noGrade")}</p>
          ) : (
            <div className={css.grade}>
              <b className="num">
                {record.grade}
                <span>{t("record.ofFive")}</span>
              </b>
              {record.words && <blockquote lang={subscriber.language}><q>{record.words}</q></blockquote>}
            </div>
          )}
        </Panel>
        <DecisionPanel events={record.events} />
        <Panel title={t("card.title")}>
          <dl className={css.list}>
            <dt>{t("record.name")}</dt>
            <dd>{subscriber.name ?? t("card.nameless")}</dd>
            <dt>{t("record.phone")}</dt>
            <dd className="num">{subscriber.number_masked ?? t("card.noNumber")}</dd>
            <dt>{t("record.region")}</dt>
            <dd>{names.region(subscriber.region) || t("card.noRegion")}</dd>
            <dt>{t("record.language")}</dt>
            <dd>{languageName(subscriber.language)}</dd>
          </dl>
          <CallButton contact={record.id} shown={subscriber.number_masked} />
          {subscriber.id && (
            <p className={css.more}>
              <Link href={`/contacts?subscriber=${subscriber.id}`}>{t("record.allOf")}</Link>
            </p>
          )}
        </Panel>
        <Panel title={t("card.notes")}>
          <Notes notes={record.notes} />
        </Panel>
      </div>
    </div>
  );
}

/** Everything that happened to one contact. */
export default function ContactPage({ id }: { id: string }) {
  const speech = useSpeech();
  const { t } = speech;
  const record = useQuery({
    queryKey: ["contact", id],
    queryFn: () => api.get<ContactRecord>(`/contacts/${id}`),
    staleTime: 5000,
    refetchInterval: (query) => (query.state.data?.state === "ended" ? false : 5000),
  });
  const unknown = record.error instanceof ApiError && (record.error.status === 404 || record.error.status === 422);
  return (
    <Frame>
      <main className={css.page} data-region tabIndex={-1}>
        {record.data ? (
          <Record record={record.data} />
        ) : record.isError ? (
          <Empty icon={unknown ? "search" : "alert"} title={unknown ? t("record.unknown") : t("record.failed")}>
            <p className="sm sub">{unknown ? t("record.unknownHint") : refusalText(speech, record.error)}</p>
            {unknown ? (
              <Link href="/contacts">{t("record.toList")}</Link>
            ) : (
              <Button icon="retry" onPress={() => void record.refetch()}>
                {t("message.retry")}
              </Button>
            )}
          </Empty>
        ) : (
          <Skeleton label={t("state.loading")} lines={8} />
        )}
      </main>
    </Frame>
  );
}
