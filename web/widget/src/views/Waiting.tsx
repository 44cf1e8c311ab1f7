import { h } from "preact";
import { Icon } from "../icons";
import * as T from "../texts";
import type { ThreadState } from "../types";
import { ui } from "./ui";

const SHOWN = 3;

export function Waiting({ info }: { info: ThreadState }) {
  const { say, wait, people, time, replyAfter, state } = ui();
  const { ahead } = info;
  const was = state.thread.aheadAtFirst ?? 0;
  if (info.state === "deferred") {
    return (
      <div class="stand">
        <span class="dot me">
          <Icon name="check" />
        </span>
        <p class="lead">{say(T.deferred)}</p>
        <p>{replyAfter(info.opens_at, info.server_time)}</p>
        <p class="sub">{say(T.deferredNote)}</p>
      </div>
    );
  }
  return (
    <div class="stand">
      {ahead !== null && <Dots ahead={ahead} />}
      <p class="lead" role="status">
        {info.estimate === null ? say(T.waitUnknown) : say(T.wait, wait(info.estimate))}
      </p>
      {ahead !== null && <p role="status">{ahead === 0 ? say(T.next) : say(T.ahead, people(ahead))}</p>}
      <p class="sub">{say(T.keepPlace)}</p>
      <p class="meta">
        {say(T.updated, time(info.estimated_at || info.server_time))}
        {was > (ahead ?? was) && say(T.was, people(was))}
      </p>
    </div>
  );
}

/** A person for everyone before you, three at most, then a number; you are the last. */
function Dots({ ahead }: { ahead: number }) {
  const { say } = ui();
  const shown = ahead > SHOWN + 1 ? SHOWN : ahead;
  return (
    <div class="dots" aria-hidden="true">
      {ahead > shown && <span class="dot">+{ahead - shown}</span>}
      {Array.from({ length: shown }, () => (
        <span class="dot">
          <Icon name="user" />
        </span>
      ))}
      <span class="dot me">
        <Icon name="user" />
        <small>{say(T.you)}</small>
      </span>
    </div>
  );
}
