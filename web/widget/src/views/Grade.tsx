import { Fragment, h } from "preact";
import { Icon } from "../icons";
import * as T from "../texts";
import { ui } from "./ui";

/** A radio group of the browser itself: arrows, screen readers and forms work as everywhere. */
export function Grade() {
  const { say, state, actions } = ui();
  const { grade, words } = state;
  const name = state.thread.info?.agent?.name;
  return (
    <form
      class="middle"
      onSubmit={(event) => {
        event.preventDefault();
        actions.sendGrade();
      }}
    >
      <div class="body">
        <h2 ref={focus} tabIndex={-1}>
          {say(T.how)}
        </h2>
        {name && <p class="sub">{say(T.howWith, name)}</p>}
        <fieldset>
          <legend class="sr">{say(T.scale)}</legend>
          {T.grades.map((text, i) => (
            <label key={i} class={grade === 5 - i ? "on" : ""}>
              <input type="radio" name="grade" checked={grade === 5 - i} onChange={() => actions.set({ grade: 5 - i })} />
              <b>{5 - i}</b>
              {say(text)}
              {grade === 5 - i && <Icon name="check" />}
            </label>
          ))}
        </fieldset>
        <label class="sub">
          {say(T.words)}
          <textarea rows={2} maxLength={1000} value={words} onInput={(event) => actions.set({ words: event.currentTarget.value })} />
        </label>
      </div>
      <div class="foot">
        <button class="btn pri" disabled={grade === 0}>
          {say(T.send)}
        </button>
        <button type="button" class="btn" onClick={actions.leaveGrading}>
          {say(T.skip)}
        </button>
      </div>
    </form>
  );
}

export function Thanks() {
  const { say, actions } = ui();
  return (
    <>
      <div class="body">
        <div class="stand">
          <span class="dot thanks">
            <Icon name="heart" />
          </span>
          <h2 ref={focus} tabIndex={-1}>
            {say(T.thanks)}
          </h2>
          <p class="sub">{say(T.thanksNote)}</p>
          <button class="btn" onClick={actions.transcript}>
            {say(T.transcript)}
          </button>
        </div>
      </div>
      <div class="foot">
        <button class="btn pri" onClick={actions.leaveGrading}>
          {say(T.back)}
        </button>
      </div>
    </>
  );
}

/** A new screen takes the focus, so that the change is heard. */
function focus(title: HTMLElement | null): void {
  title?.focus();
}
