import { replyAfter, time, wait } from "../format";
import { Icon } from "../icons";
import { useShared } from "./context";

const SHOWN = 3;

export function Waiting() {
  const { t, state } = useShared();
  const info = state.thread.info;
  if (info === null) return null;
  if (info.state === "deferred") {
    return (
      <div class="stand">
        <span class="dot big">
          <Icon name="check" />
        </span>
        <p class="lead">{t.deferred}</p>
        <p>{replyAfter(t, info.opens_at, info.server_time)}</p>
        <p class="sub">{t.deferredNote}</p>
      </div>
    );
  }
  const ahead = info.ahead;
  const was = state.thread.aheadAtFirst;
  return (
    <div class="stand">
      {ahead !== null && <Dots ahead={ahead} />}
      <p class="lead">{info.estimate === null ? t.waitUnknown : t.wait(wait(t, info.estimate))}</p>
      {ahead !== null && <p>{t.ahead(ahead)}</p>}
      <p class="sub">{t.keepPlace}</p>
      <p class="meta">
        {t.updated(time(t, info.estimated_at || info.server_time))} {was !== null && ahead !== null && was > ahead && t.was(was)}
      </p>
    </div>
  );
}

/** A person for everyone before you, three at most, then a number; you are the last. */
function Dots({ ahead }: { ahead: number }) {
  const { t } = useShared();
  const shown = ahead > SHOWN + 1 ? SHOWN : ahead;
  return (
    <div class="dots" aria-hidden="true">
      {ahead > shown && <span class="dot more">+{ahead - shown}</span>}
      {Array.from({ length: shown }, (_, n) => (
        <span key={n} class="dot">
          <Icon name="user" />
        </span>
      ))}
      <span class="dot me">
        <Icon name="user" />
        <small>{t.you}</small>
      </span>
    </div>
  );
}
