import { h } from "preact";
import { Icon } from "../icons";
import * as T from "../texts";
import { Loading } from "./Line";
import { ui } from "./ui";

export function Start() {
  const { say, wait, moment, state, actions } = ui();
  const { entry, reason } = state;
  if (entry === null) return <Loading />;
  return (
    <div class="body">
      <h2>{entry.greeting}</h2>
      {entry.open ? (
        <p class="sub">{entry.estimate === null ? say(T.answers) : say(T.answersIn, wait(entry.estimate))}</p>
      ) : (
        <div class="note">
          <Icon name="clock" />
          <p>
            <b>{entry.opens_at === null ? say(T.headClosed) : say(T.openAt, moment(entry.opens_at, Date.now() / 1000))}</b>
            {entry.closed_message || say(T.leaveMessage)}
          </p>
        </div>
      )}
      <div class="topics">
        {entry.options.map((option) => {
          const chosen = reason === option.reason;
          return (
            <button
              key={option.reason}
              class="topic"
              aria-pressed={chosen}
              onClick={({ currentTarget }) => {
                actions.choose(option.reason);
                currentTarget.closest("dialog")?.querySelector<HTMLElement>(".composer textarea")?.focus();
              }}
            >
              <Icon name={option.icon} />
              <span>{option.name}</span>
              <Icon name={chosen ? "check" : "chevron"} />
            </button>
          );
        })}
      </div>
      {entry.calls && (
        <button class="topic" onClick={actions.call}>
          <Icon name="phone" />
          <span>{say(T.call)}</span>
        </button>
      )}
      <details class="about">
        <summary>
          <Icon name="user" />
          {say(T.introduce)}
        </summary>
        <Field label={T.name} field="name" kind="given-name" />
        <Field label={T.number} field="number" kind="tel" />
      </details>
    </div>
  );
}

/** `kind` is the browser's name for what is asked, so that it can fill it in. */
function Field({ label, field, kind }: { label: T.Text; field: "name" | "number"; kind: "given-name" | "tel" }) {
  const { say, session } = ui();
  return (
    <label>
      {say(label)}
      <input
        inputMode={kind === "tel" ? "tel" : "text"}
        value={session.about[field]}
        maxLength={kind === "tel" ? 32 : 80}
        autocomplete={kind}
        onInput={(event) => (session.about[field] = event.currentTarget.value)}
      />
    </label>
  );
}
