import { size, time } from "../format";
import { Icon } from "../icons";
import { linkify } from "../linkify";
import type { Waiting } from "../store";
import type { Message } from "../types";
import type { Upload } from "../uploads";
import { useShared } from "./context";
import { Picture } from "./Picture";

export function Bubble({ message }: { message: Message }) {
  const { t, state, controller } = useShared();
  const mine = message.author === "subscriber";
  const file = message.file;
  const picture = file !== null && file.media_type.startsWith("image/");
  return (
    <article class={`bubble${mine ? " mine" : ""}${picture ? " image" : ""}`}>
      <p class="sr">{mine ? t.mine : (state.thread.info?.agent?.name ?? t.someone)}:</p>
      {message.text !== null && message.text !== "" && <Words text={message.text} />}
      {file !== null &&
        (picture ? (
          <Picture file={file} />
        ) : (
          <button type="button" class="file" aria-label={t.openFile(file.name)} onClick={() => controller.openFile(file)}>
            <Icon name="file" />
            <span>
              {file.name}
              <small>{size(t, file.size)}</small>
            </span>
          </button>
        ))}
      <footer>
        <time>{time(t, message.at)}</time>
        {mine && <Ticks seq={message.seq} />}
      </footer>
    </article>
  );
}

function Words({ text }: { text: string }) {
  return (
    <p class="words" dir="auto">
      {linkify(text).map((part, i) =>
        part.href === null ? (
          part.text
        ) : (
          <a key={i} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
            {part.text}
          </a>
        ),
      )}
    </p>
  );
}

function Ticks({ seq }: { seq: number }) {
  const { t, state } = useShared();
  const receipts = state.thread.info?.receipts;
  const read = (receipts?.agent_read ?? 0) >= seq;
  const delivered = read || (receipts?.agent_delivered ?? 0) >= seq;
  return (
    <span class={read ? "tick read" : "tick"}>
      <Icon name={delivered ? "checks" : "check"} small />
      <span class="sr">{read ? t.read : delivered ? t.delivered : t.sent}</span>
    </span>
  );
}

export function UnsentBubble({ item }: { item: Waiting }) {
  const { t, controller } = useShared();
  const failed = item.sending === "failed";
  const { outbox } = controller.session;
  return (
    <article class={`bubble mine unsent${failed ? " failed" : ""}`}>
      <p class="sr">{t.mine}:</p>
      <Words text={item.text} />
      <footer>
        <time>{time(t, item.at)}</time>
        <Icon name={failed ? "alert" : "clock"} small />
        <span class={item.sending === "sending" ? "sr" : ""}>{failed ? t.notSent : item.sending === "waiting" ? t.willSend : t.sending}</span>
      </footer>
      {failed && <Choices again={() => outbox.again(item)} discard={() => outbox.remove(item)} />}
    </article>
  );
}

export function UploadBubble({ item }: { item: Upload }) {
  const { t, controller } = useShared();
  const { uploads } = controller.session;
  const percent = Math.round(item.progress * 100);
  return (
    <article class={`bubble mine unsent${item.error !== null ? " failed" : ""}`}>
      <p class="file">
        <Icon name="file" />
        <span>
          {item.file.name}
          <small>{item.error === null ? t.uploading(percent) : `${t.notSent}. ${t.errors[item.error] ?? ""}`}</small>
        </span>
      </p>
      {item.error === null ? (
        <progress max={100} value={percent} aria-label={item.file.name} />
      ) : (
        <Choices again={() => uploads.again(item.id)} discard={() => uploads.remove(item.id)} />
      )}
    </article>
  );
}

function Choices({ again, discard }: { again: () => void; discard: () => void }) {
  const { t } = useShared();
  return (
    <div class="choices">
      <button type="button" onClick={again}>
        {t.retry}
      </button>
      <button type="button" onClick={discard}>
        {t.discard}
      </button>
    </div>
  );
}
