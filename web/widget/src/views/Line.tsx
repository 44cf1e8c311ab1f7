import { h } from "preact";
import { Icon } from "../icons";
import * as T from "../texts";
import { ui } from "./ui";

/** The line above the composer: what is wrong now, and when it will be tried again. */
export function LineStatus() {
  const { say, error, state } = ui();
  const { problem, pause, troubled } = state;
  let words = "";
  if (pause > 0) words = say(T.willSendIn, pause);
  else if (problem !== null) words = problem.seconds !== null ? say(T.tooFast, problem.seconds) : error(problem.code);
  else if (troubled) words = say(navigator.onLine ? T.reconnecting : T.offline);
  return (
    <div class="line" role={pause > 0 ? "timer" : "status"}>
      {words !== "" && (
        <p class={problem !== null ? "bad" : ""}>
          <Icon name={problem !== null ? "alert" : "clock"} />
          {words}
        </p>
      )}
    </div>
  );
}

/** The final shape in grey; the style shows it only when the answer takes longer than 300 ms. */
export function Loading() {
  const { say, state } = ui();
  return (
    <div class="body" aria-busy="true">
      {state.failed ? <p class="sub">{say(T.loadFailed)}</p> : <p class="bones">{say(T.loading)}</p>}
    </div>
  );
}
