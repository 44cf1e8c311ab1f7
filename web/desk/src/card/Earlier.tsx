import type { ContactRow } from "@kit/api";
import { Icon } from "@kit/components/Icon";
import { Tag } from "@kit/components/Pill";
import { Link } from "wouter";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import css from "./SubscriberCard.module.css";

/** How it ended, in one tag: the grade if there is one, else the outcome. */
export function ResultTag({ row }: { row: ContactRow }) {
  const { t, find } = useSpeech();
  if (row.state !== "ended" && row.state !== "wrap_up") return <Tag tone="info">{t(`contactState.${row.state}`)}</Tag>;
  const outcome = row.outcome ? (find(`outcome.${row.outcome}`) ?? row.outcome) : null;
  const grade = row.grade === null ? null : t("card.grade", { n: row.grade });
  const text = [outcome, grade].filter(Boolean).join(", ");
  if (!text) return <Tag>{row.answered_at === null ? t("card.unanswered") : t("card.noResult")}</Tag>;
  const bad = row.outcome === "unresolved" || (row.grade !== null && row.grade <= 2);
  return <Tag tone={bad ? "warn" : row.outcome === "resolved" || row.grade === 5 ? "ok" : "plain"}>{text}</Tag>;
}

/** Earlier contacts, newest first, on one line of time. */
export function Earlier({ rows }: { rows: ContactRow[] }) {
  const { t, date } = useSpeech();
  const names = useNames();
  if (rows.length === 0) return <p className="sm sub">{t("card.first")}</p>;
  return (
    <ol className={css.timeline}>
      {rows.map((row) => (
        <li key={row.id}>
          <time className="num">{date(row.arrived_at)}</time>
          <Icon name="chat" size="s" />
          <div>
            <Link href={`/contacts/${row.id}`}>
              {names.reason(row.reasons[0] ?? row.reason) || names.queue(row.queue)}
            </Link>
            <small>{names.person(row.agent)}</small>
          </div>
          <ResultTag row={row} />
        </li>
      ))}
    </ol>
  );
}
