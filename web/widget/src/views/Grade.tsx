import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../icons";
import { useShared } from "./context";

const GRADES = [5, 4, 3, 2, 1];

/** A radio group of the browser itself: arrows, screen readers and forms work as everywhere. */
export function Grade() {
  const { t, state, controller } = useShared();
  const [grade, setGrade] = useState(0);
  const [words, setWords] = useState("");
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const name = state.thread.info?.agent?.name;
  return (
    <form
      class="grading"
      onSubmit={(event) => {
        event.preventDefault();
        if (grade > 0) controller.grade(grade, words);
      }}
    >
      <div class="body">
        <h2 ref={title} tabIndex={-1}>
          {t.how}
        </h2>
        {name !== undefined && <p class="sub">{t.howWith(name)}</p>}
        <fieldset>
          <legend class="sr">{t.scale}</legend>
          {GRADES.map((n) => (
            <label key={n} class={n === grade ? "on" : ""}>
              <input type="radio" name="grade" value={n} checked={n === grade} onChange={() => setGrade(n)} />
              <b>{n}</b>
              {t.grades[n]}
              {n === grade && <Icon name="check" />}
            </label>
          ))}
        </fieldset>
        <label class="words-label">
          <span>{t.words}</span>
          <textarea rows={2} maxLength={1000} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
        </label>
      </div>
      <div class="foot">
        <button type="submit" class="btn pri grow" disabled={grade === 0}>
          {t.sendGrade}
        </button>
        <button type="button" class="btn ghost" onClick={() => controller.leaveGrading()}>
          {t.skip}
        </button>
      </div>
    </form>
  );
}

export function Thanks() {
  const { t, controller } = useShared();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <>
      <div class="body thanks">
        <span class="dot big">
          <Icon name="heart" />
        </span>
        <h2 ref={title} tabIndex={-1}>
          {t.thanks}
        </h2>
        <p class="sub">{t.thanksNote}</p>
        <button type="button" class="btn" onClick={() => controller.transcript()}>
          <Icon name="download" small />
          {t.transcript}
        </button>
      </div>
      <div class="foot">
        <button type="button" class="btn grow" onClick={() => controller.leaveGrading()}>
          {t.backToThread}
        </button>
      </div>
    </>
  );
}
