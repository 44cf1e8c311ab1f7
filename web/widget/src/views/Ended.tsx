import { h } from "preact";
import * as T from "../texts";
import { ui } from "./ui";

/** After the end: what may be done now. */
export function Ended() {
  const { say, state, session, actions } = ui();
  const { expired } = state;
  const info = state.thread.info;
  return (
    <div class="stand">
      {expired && <p>{say(T.expired)}</p>}
      {expired ? (
        <button class="btn pri" onClick={session.anew}>
          {say(T.startAnew)}
        </button>
      ) : (
        info?.can_grade &&
        info.grade === null && (
          <button class="btn pri" onClick={() => actions.set({ grading: "form" })}>
            {say(T.rateIt)}
          </button>
        )
      )}
      <button class="btn" onClick={actions.transcript}>
        {say(T.transcript)}
      </button>
      {!expired && <p class="sub">{say(T.again)}</p>}
    </div>
  );
}
