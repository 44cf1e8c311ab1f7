import { h } from "preact";
import { Icon } from "../icons";
import { linkify } from "../linkify";
import type { Outgoing } from "../outbox";
import * as T from "../texts";
import type { Message } from "../types";
import { Picture } from "./Picture";
import { ui } from "./ui";

export function Bubble({ message }: { message: Message }) {
  const { say, size, time, state, actions } = ui();
  const { author, file, seq } = message;
  const mine = author === "subscriber";
  const receipts = state.thread.info?.receipts;
  const picture = file?.media_type.startsWith("image/");
  const read = (receipts?.agent_read ?? 0) >= seq;
  const delivered = read || (receipts?.agent_delivered ?? 0) >= seq;
  return (
    <article class={`bubble ${mine ? "mine" : ""} ${picture ? "image" : ""}`}>
      <span class="sr">{mine ? say(T.you) : (state.thread.info?.agent?.name ?? say(T.someone))}: </span>
      {message.text !== null && <Text text={message.text} />}
      {file !== null &&
        (picture ? (
          <Picture file={file} />
        ) : (
          <button class="file" aria-label={say(T.open, file.name)} onClick={() => actions.openFile(file)}>
            <Icon name="file" />
            <span>
              {file.name}
              <small>{size(file.size)}</small>
            </span>
          </button>
        ))}
      <footer>
        {time(message.at)}
        {mine && (
          <span class={read ? "read" : ""}>
            <Icon name={delivered ? "checks" : "check"} />
            <span class="sr">{say(read ? T.read : delivered ? T.delivered : T.sent)}</span>
          </span>
        )}
      </footer>
    </article>
  );
}

export function UnsentBubble({ item }: { item: Outgoing }) {
  const { say, error, time, state, session } = ui();
  const { id, file, sending, code } = item;
  const failed = sending === "failed";
  const waiting = sending === "waiting" && state.pause === 0;
  return (
    <article class={`bubble mine ${failed ? "failed" : ""}`}>
      {file === undefined ? (
        <Text text={item.text} />
      ) : (
        <p class="file">
          <Icon name="file" />
          {file.name}
        </p>
      )}
      {file !== undefined && sending === "sending" && <progress value={item.progress} aria-label={file.name} />}
      <footer>
        <span class={failed || waiting ? "" : "sr"}>
          {say(failed ? T.notSent : waiting ? T.willSend : T.sending)}
          {failed && `. ${error(code)}`}
        </span>
        {time(item.at)}
        <Icon name={failed ? "alert" : "clock"} />
      </footer>
      {failed && (
        <div class="choices">
          <button onClick={() => session.outbox.again(id)}>{say(T.retry)}</button>
          <button onClick={() => session.outbox.remove(id)}>{say(T.discard)}</button>
        </div>
      )}
    </article>
  );
}

function Text({ text }: { text: string }) {
  return (
    <p class="text" dir="auto">
      {linkify(text).map(({ text: part, link }) =>
        link ? (
          <a href={part} target="_blank" rel="noopener noreferrer nofollow">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </p>
  );
}
