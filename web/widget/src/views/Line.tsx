import { Icon } from "../icons";
import { useClock, useShared } from "./context";

/** One reserved line above the composer: what is wrong now, and when it will be tried again. */
export function LineStatus() {
  const { t, state } = useShared();
  const now = useClock(state.pausedUntil > 0);
  const left = Math.ceil((state.pausedUntil - now) / 1000);
  const problem = state.problem;
  const words =
    state.outbox.length > 0 && left > 0
      ? t.willSendIn(left)
      : problem !== null
        ? problem.seconds !== null
          ? t.tooFast(problem.seconds)
          : (t.errors[problem.code] ?? t.errors["unknown"])
        : state.troubled
          ? navigator.onLine
            ? t.reconnecting
            : t.offline
          : null;
  return (
    <div class="line" role="status">
      {words !== null && (
        <p class={problem !== null ? "bad" : "warn"}>
          <Icon name={problem !== null ? "alert" : "clock"} small />
          {words}
        </p>
      )}
    </div>
  );
}

/** The final shape in grey, shown only when the answer takes longer than 300 ms (the style delays it). */
export function Loading() {
  const { t, state } = useShared();
  return (
    <div class="body loading" aria-busy="true">
      <p class="sr">{t.loading}</p>
      {state.failed ? <p class="sub">{t.loadFailed}</p> : [1, 2, 3, 4].map((n) => <i key={n} class="bone" />)}
    </div>
  );
}
