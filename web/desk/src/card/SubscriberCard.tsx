import type { Card, Subscriber } from "@kit/api";
import { Button } from "@kit/components/Button";
import { Icon } from "@kit/components/Icon";
import { Tag } from "@kit/components/Pill";
import { Skeleton } from "@kit/components/States";
import { LiveText } from "@kit/components/Timer";
import type { WorkItem } from "@kit/live-types";
import { useCallback, useRef } from "react";
import { CallButton } from "../calling-out/CallButton";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { useActions } from "../keyboard/keys";
import { refusalText } from "../session/useCommand";
import { numberText } from "../work/labels";
import css from "./SubscriberCard.module.css";
import { Earlier } from "./Earlier";
import { Notes } from "./Notes";
import { useCard } from "./queries";
import { hoursFrom } from "./zone";

function LocalTime({ zone }: { zone: string }) {
  const { time, t } = useSpeech();
  const text = useCallback((now: number) => time(now, zone), [time, zone]);
  const ahead = hoursFrom(zone);
  return (
    <>
      {t("card.now")} <LiveText text={text} className="strong" />{" "}
      {ahead !== 0 && (
        <span className="muted nowrap">{t("card.ahead", { hours: `${ahead > 0 ? "+" : "−"}${String(Math.abs(ahead))}` })}</span>
      )}
    </>
  );
}

function Who({ row, subscriber, fromPage = false }: { row: WorkItem; subscriber: Subscriber | null; fromPage?: boolean }) {
  const { t, languageName } = useSpeech();
  const names = useNames();
  const region = names.region(subscriber?.region ?? row.region);
  const language = subscriber?.language ?? row.language;
  return (
    <section>
      <div className="row between">
        <h2>{subscriber?.name ?? row.name ?? t("card.nameless")}</h2>
        <Tag icon="globe">{languageName(language)}</Tag>
      </div>
      <div className={css.number}>
        <p className="sm sub num">{numberText(row.number) ?? subscriber?.number_masked ?? t("card.noNumber")}</p>
        {row.channel !== "voice" || row.state === "wrap_up" ? (
          <CallButton contact={row.id} shown={subscriber?.number_masked ?? null} />
        ) : null}
      </div>
      {fromPage && <p className="sm sub">{t("card.fromPage")}</p>}
      <p className={css.place}>
        <Icon name="pin" size="s" />
        <span>
          {region || t("card.noRegion")}
          {subscriber?.zone && (
            <>
              {" · "}
              <LocalTime zone={subscriber.zone} />
            </>
          )}
        </span>
      </p>
    </section>
  );
}

function Body({ row, card }: { row: WorkItem; card: Card }) {
  const { t } = useSpeech();
  const names = useNames();
  const reason = card.reason ?? row.reason;
  return (
    <>
      <Who row={row} subscriber={card.subscriber} fromPage={card.from_page} />
      <section>
        <h3>{t("card.thisContact")}</h3>
        <dl className={css.facts}>
          <dt>{t("card.number")}</dt>
          <dd className="num">C-{card.number}</dd>
          <dt>{t("card.subject")}</dt>
          <dd>{names.reason(reason) || t("card.noSubject")}</dd>
          <dt>{t("card.queue")}</dt>
          <dd>{names.queue(card.queue)}</dd>
        </dl>
      </section>
      <section>
        <h3>{t("card.earlier")}</h3>
        <Earlier rows={card.earlier} />
      </section>
      <section>
        <h3>{t("card.notes")}</h3>
        <Notes notes={card.notes} />
      </section>
    </>
  );
}

/** What is known about the person: only what the server gives, with honest gaps. A key comes here. */
export function SubscriberCard({ row }: { row: WorkItem }) {
  const speech = useSpeech();
  const { t } = speech;
  const card = useCard(row.id);
  const aside = useRef<HTMLElement>(null);
  useActions({ card: () => (aside.current?.focus(), undefined) });
  return (
    <aside ref={aside} className={css.card} aria-label={t("card.title")} data-region tabIndex={-1}>
      {card.data ? (
        <Body row={row} card={card.data} />
      ) : card.isError ? (
        <>
          <Who row={row} subscriber={null} />
          <section>
            <p className="sm">
              <b className="strong">{t("card.failed")}</b>
            </p>
            <p className="sm sub">{refusalText(speech, card.error)}</p>
            <Button size="s" icon="retry" isPending={card.isFetching} onPress={() => void card.refetch()}>
              {t("message.retry")}
            </Button>
          </section>
        </>
      ) : (
        <>
          <Who row={row} subscriber={null} />
          <section>
            <Skeleton label={t("card.loading")} lines={5} />
          </section>
        </>
      )}
    </aside>
  );
}
