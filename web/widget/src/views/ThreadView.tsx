import { Fragment } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { dayLabel, daysAway, notice, time } from "../format";
import { Icon } from "../icons";
import type { Message } from "../types";
import { Bubble, UnsentBubble, UploadBubble } from "./Bubble";
import { useShared } from "./context";
import { Ended } from "./Ended";
import { Waiting } from "./Waiting";

const NEAR = 48;

export function ThreadView() {
  const { t, state } = useShared();
  const box = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const seen = useRef(0);
  const [below, setBelow] = useState(0);
  const { messages, info } = state.thread;
  const known = new Set(messages.map((message) => message.id));
  const outbox = state.outbox.filter((item) => !known.has(item.id));
  const mine = outbox.length + state.uploads.length;
  const last = messages.at(-1)?.seq ?? 0;

  const toBottom = () => {
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  };
  // What the subscriber sends is always shown; what comes is shown only when the bottom was before the eyes.
  useLayoutEffect(() => {
    stuck.current = true;
    toBottom();
  }, [mine > 0 ? [...outbox, ...state.uploads].at(-1)?.id : 0]);
  useLayoutEffect(() => {
    if (stuck.current) toBottom();
    else setBelow(messages.filter((message) => message.seq > seen.current && message.author !== "subscriber").length);
  }, [last, info?.state, state.typing, state.expired]);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const watch = new ResizeObserver(() => stuck.current && toBottom());
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  const onScroll = () => {
    const element = box.current;
    if (element === null) return;
    stuck.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    if (stuck.current) setBelow(0);
    else if (below === 0) seen.current = last;
  };
  const waiting = info?.state === "waiting" || info?.state === "offered" || info?.state === "deferred";
  return (
    <div class="middle">
      <div class="body thread" ref={box} onScroll={onScroll} tabIndex={0} role="region" aria-label={t.log}>
        <div class="log" role="log" aria-live="polite" aria-relevant="additions" aria-label={t.log}>
          {messages.map((message, i) => (
            <Fragment key={message.id}>
              <Day at={message.at} before={messages[i - 1]?.at} />
              <Row message={message} />
            </Fragment>
          ))}
        </div>
        <div class="log">
          {outbox.map((item) => (
            <UnsentBubble key={item.id} item={item} />
          ))}
          {state.uploads.map((item) => (
            <UploadBubble key={item.id} item={item} />
          ))}
        </div>
        {waiting && !state.expired && <Waiting />}
        {(info?.state === "ended" || state.expired) && <Ended />}
        {state.typing !== null && info?.state === "talking" && (
          <p class="typing">
            <span class="pulse" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
            {t.typing(state.typing || t.someone)}
          </p>
        )}
      </div>
      {below > 0 && (
        <button type="button" class="below" onClick={toBottom}>
          <Icon name="down" small />
          {t.newBelow(below)}
        </button>
      )}
    </div>
  );
}

function Day({ at, before }: { at: number; before: number | undefined }) {
  const { t } = useShared();
  if (before !== undefined && daysAway(at, before) === 0) return null;
  return <p class="day">{dayLabel(t, at, Date.now() / 1000)}</p>;
}

function Row({ message }: { message: Message }) {
  const { t } = useShared();
  if (message.kind !== "notice") return <Bubble message={message} />;
  const words = notice(t, message);
  return words === null ? null : (
    <p class="notice">
      {words}, <time>{time(t, message.at)}</time>
    </p>
  );
}
