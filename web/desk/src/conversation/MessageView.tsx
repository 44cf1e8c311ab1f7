import type { FileInfo, Message, Receipts } from "@kit/api";
import { fileUrl } from "@kit/client";
import { Button } from "@kit/components/Button";
import { Icon } from "@kit/components/Icon";
import type { Outgoing } from "@kit/live-state";
import { useState } from "react";
import { useSpeech } from "../i18n";
import { dispatchLive } from "../live/store";
import { FileDialog } from "./FileDialog";
import { fileSize, noticeText } from "./texts";
import { linkify } from "./linkify";
import { resend } from "./messages";
import css from "./Thread.module.css";

export function Words({ text, lang }: { text: string; lang?: string }) {
  return (
    <p className={css.text} lang={lang}>
      {linkify(text).map((part, index) =>
        part.href ? (
          <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
            {part.text}
          </a>
        ) : (
          part.text
        ),
      )}
    </p>
  );
}

function Attachment({ file }: { file: FileInfo }) {
  const { t, locale } = useSpeech();
  const [open, setOpen] = useState(false);
  if (file.media_type.startsWith("image/")) {
    return (
      <>
        <button type="button" className={css.picture} onClick={() => setOpen(true)} aria-label={t("file.open", { name: file.name })}>
          <img
            src={fileUrl(file.id)}
            alt={file.name}
            loading="lazy"
            {...(file.width && file.height ? { width: file.width, height: file.height } : {})}
          />
        </button>
        {open && <FileDialog file={file} onClose={() => setOpen(false)} />}
      </>
    );
  }
  return (
    <a className={css.attachment} href={fileUrl(file.id)} target="_blank" rel="noopener">
      <Icon name="file" />
      <span>
        <b>{file.name}</b>
        <small>{fileSize(file.size, locale)}</small>
      </span>
    </a>
  );
}

type TickState = "sent" | "delivered" | "read";

function Tick({ state }: { state: TickState }) {
  const { t } = useSpeech();
  return (
    <span className={state === "read" ? css.read : undefined} title={t(`tick.${state}`)}>
      <Icon name={state === "sent" ? "check" : "checks"} size="s" />
      <span className="vh">{t(`tick.${state}`)}</span>
    </span>
  );
}

function tickOf(message: Message, receipts: Receipts): TickState {
  if (message.seq <= receipts.subscriber_read) return "read";
  return message.seq <= receipts.subscriber_delivered ? "delivered" : "sent";
}

interface MessageViewProps {
  message: Message;
  /** How far it got; null in a record, where nobody waits for it. */
  receipts: Receipts | null;
  /** Language of the subscriber: their words are not the page's. */
  language?: string;
}

export function MessageView({ message, receipts, language }: MessageViewProps) {
  const speech = useSpeech();
  if (message.kind === "notice" || message.author === "system") {
    return (
      <p className={css.notice}>
        <span className="num">{speech.time(message.at)}</span> {noticeText(message.text, speech)}
      </p>
    );
  }
  const mine = message.author === "agent";
  return (
    <article className={`${css.message} ${mine ? css.mine : ""}`}>
      <span className="vh">{speech.t(mine ? "message.fromAgent" : "message.fromSubscriber")}</span>
      {message.file && <Attachment file={message.file} />}
      {message.text && <Words text={message.text} {...(mine || !language ? {} : { lang: language })} />}
      <footer>
        <time dateTime={new Date(message.at * 1000).toISOString()}>{speech.time(message.at)}</time>
        {mine && receipts && <Tick state={tickOf(message, receipts)} />}
      </footer>
    </article>
  );
}

/** A message of ours on its way, or one that did not get through and may be tried again. */
export function OutgoingView({ outgoing }: { outgoing: Outgoing }) {
  const { t, find, time } = useSpeech();
  const failed = outgoing.error !== null;
  return (
    <article className={`${css.message} ${css.mine} ${failed ? css.failed : css.sending}`}>
      {outgoing.file ? <p className={css.text}>{outgoing.file.name}</p> : <p className={css.text}>{outgoing.text}</p>}
      {failed ? (
        <div className={css.retry} role="alert">
          <Icon name="alert" size="s" />
          <span className="grow">{outgoing.error === "network"
              ? t("message.willSend")
              : (find(`error.${outgoing.error ?? ""}`) ?? t("message.failed"))}</span>
          <Button size="s" icon="retry" onPress={() => resend(outgoing)}>
            {t("message.retry")}
          </Button>
          <Button size="s" look="ghost" onPress={() => dispatchLive({ type: "discard", id: outgoing.id })}>
            {t("message.discard")}
          </Button>
        </div>
      ) : (
        <footer>
          <time>{time(outgoing.at)}</time>
          <Icon name="clock" size="s" />
          <span className="vh">{t("message.sending")}</span>
        </footer>
      )}
    </article>
  );
}
