import { h } from "preact";
import { Icon } from "../icons";
import { ACCEPT } from "../outbox";
import * as T from "../texts";
import { ui } from "./ui";

const LONGEST = 4000;

export function Composer({ atStart }: { atStart: boolean }) {
  const { say, state, actions } = ui();
  const { draft, expired, reason } = state;
  const now = state.thread.info?.state;
  const label = say(
    atStart
      ? reason !== null
        ? T.write
        : state.entry?.open === false
          ? T.leaveMessage
          : T.orWrite
      : expired || now === "ended" || now === "talking"
        ? T.write
        : T.details,
  );
  return (
    <div class="foot composer">
      <label class={expired ? "round off" : "round"}>
        <span class="sr">{say(T.attach)}</span>
        <Icon name="clip" />
        <input
          class="sr"
          type="file"
          multiple
          disabled={expired}
          accept={ACCEPT}
          onChange={({ currentTarget }) => {
            actions.attach(currentTarget.files ?? []);
            currentTarget.value = "";
          }}
        />
      </label>
      <textarea
        ref={fit}
        rows={1}
        value={draft}
        maxLength={LONGEST}
        placeholder={label}
        aria-label={label}
        enterkeyhint="send"
        onInput={({ currentTarget }) => {
          actions.write(currentTarget.value);
          fit(currentTarget);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          actions.send();
          event.currentTarget.style.height = "";
        }}
        onPaste={(event) => {
          const files = event.clipboardData?.files;
          if (!files?.length) return;
          event.preventDefault();
          actions.attach(files);
        }}
      />
      <button class="round pri" aria-label={say(T.send)} onClick={actions.send}>
        <Icon name="send" />
      </button>
    </div>
  );
}

/** The field grows with its text, up to the limit in the style. Through the object model, which no policy forbids. */
function fit(field: HTMLElement | null): void {
  if (field === null) return;
  field.style.height = "";
  field.style.height = `${field.scrollHeight + 2}px`;
}
