import type { Message } from "@kit/api";
import { serverNow } from "@kit/clock";
import { Button } from "@kit/components/Button";
import { Skeleton } from "@kit/components/States";
import { Fragment, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useSpeech } from "../i18n";
import { useLive } from "../live/store";
import { MessageView, OutgoingView } from "./MessageView";
import { tellRead } from "./messages";
import css from "./Thread.module.css";
import { useTyping } from "./useTyping";

/** Within so many pixels of the end the thread is "at the bottom". */
const NEAR = 48;

interface ThreadProps {
  contact: string;
  language: string;
}

function Typing({ contact }: { contact: string }) {
  const { t } = useSpeech();
  const typing = useTyping(contact);
  return (
    <p className={css.typing}>
      {typing && (
        <>
          <span aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {t("message.subscriberTyping")}
        </>
      )}
    </p>
  );
}

/** Day names stand where the day changes; a thread of today needs none. */
function newDay(message: Message, before: Message | undefined, day: (at: number) => string, today: string): string | null {
  const own = day(message.at);
  if (before ? day(before.at) === own : own === today) return null;
  return own;
}

/**
 * The conversation. New messages stick to the bottom only if the reader was there; otherwise a button says how many.
 * Screen readers hear what the subscriber writes from `announce`, of every contact in hand; the thread itself is silent.
 */
export function Thread({ contact, language }: ThreadProps) {
  const { t, day } = useSpeech();
  const thread = useLive((state) => state.threads[contact]);
  // After a lost connection or a failed try the server still counts them: say again what is on the screen.
  const unread = useLive((state) => state.desk?.work[contact]?.unread ?? 0);
  const linked = useLive((state) => state.links.me.phase === "open");
  const everyOutgoing = useLive((state) => state.outgoing);
  const outgoing = useMemo(() => everyOutgoing.filter((item) => item.contact === contact), [everyOutgoing, contact]);
  const items = thread?.items ?? [];
  const box = useRef<HTMLDivElement>(null);
  const sticky = useRef(true);
  const [seen, setSeen] = useState(0);
  const lastSeq = items.at(-1)?.seq ?? 0;
  const fresh = items.filter((item) => item.seq > seen && item.author === "subscriber").length;

  const read = useCallback(() => {
    if (document.visibilityState !== "visible" || lastSeq === 0) return;
    setSeen(lastSeq);
    void tellRead(contact, lastSeq);
  }, [contact, lastSeq]);

  const toEnd = useCallback(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, []);

  useLayoutEffect(() => {
    if (sticky.current) toEnd();
  }, [toEnd, items.length, outgoing.length]);

  useEffect(() => {
    if (sticky.current) read();
    const onVisible = () => {
      if (sticky.current) read();
    };
    document.addEventListener("visibilitychange", onVisible);
    return () => document.removeEventListener("visibilitychange", onVisible);
  }, [read, unread, linked]);

  // Pictures grow when they arrive, the composer grows while typing: stay at the end if the reader was there.
  useEffect(() => {
    const node = box.current;
    if (!node) return;
    const observer = new ResizeObserver(() => {
      if (sticky.current) toEnd();
    });
    observer.observe(node);
    for (const child of node.children) observer.observe(child);
    return () => observer.disconnect();
  }, [toEnd, thread === undefined]); // eslint-disable-line react-hooks/exhaustive-deps

  const onScroll = () => {
    const node = box.current;
    if (!node) return;
    sticky.current = node.scrollHeight - node.scrollTop - node.clientHeight < NEAR;
    if (sticky.current && seen < lastSeq) read();
  };

  const [opened] = useState(serverNow);
  const today = day(opened);
  return (
    <div className={css.frame}>
      <div ref={box} className={css.thread} onScroll={onScroll} tabIndex={0} role="region" data-region aria-label={t("message.thread")}>
        {!thread && <Skeleton label={t("state.loading")} lines={4} />}
        <div className={css.items} role="log" aria-live="off">
          {items.map((message, index) => {
            const title = newDay(message, items[index - 1], day, today);
            return (
              <Fragment key={message.id}>
                {title && <p className={css.day}>{title}</p>}
                <MessageView message={message} receipts={thread?.receipts ?? null} language={language} />
              </Fragment>
            );
          })}
          {outgoing.map((item) => (
            <OutgoingView key={item.id} outgoing={item} />
          ))}
        </div>
        <Typing contact={contact} />
      </div>
      {fresh > 0 && seen > 0 && (
        <Button size="s" icon="down" className={css.fresh} onPress={toEnd}>
          {t("message.new", { n: fresh })}
        </Button>
      )}
    </div>
  );
}
