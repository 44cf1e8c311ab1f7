import { useEffect, useState } from "preact/hooks";
import { opening, wait } from "../format";
import { Icon, isIcon } from "../icons";
import { useShared } from "./context";
import { Loading } from "./Line";

export function Start() {
  const { t, state, controller } = useShared();
  const [name, setName] = useState("");
  const [number, setNumber] = useState("");
  useEffect(() => controller.watchEntry(), [controller, state.language]);

  const introduce = (patch: { name?: string; number?: string }) => {
    const about = { name, number, ...patch };
    setName(about.name);
    setNumber(about.number);
    controller.session.about = Object.fromEntries(Object.entries(about).filter(([, value]) => value.trim() !== ""));
  };

  const entry = state.entry;
  if (entry === null) return <Loading />;
  return (
    <div class="body start">
      <h2>{entry.greeting}</h2>
      {entry.open ? (
        <p class="sub">{entry.estimate === null ? t.answers : t.answersIn(wait(t, entry.estimate))}</p>
      ) : (
        <div class="note">
          <Icon name="clock" />
          <div>
            <b>{entry.opens_at === null ? t.headClosed : t.openAt(opening(t, entry.opens_at, Date.now() / 1000))}</b>
            <p>{entry.closed_message ?? t.leave}</p>
          </div>
        </div>
      )}
      <div class="topics" role="group" aria-label={t.topics}>
        {entry.options.map((option) => (
          <button
            key={option.reason}
            type="button"
            class="topic"
            aria-pressed={entry.open ? undefined : state.reason === option.reason}
            onClick={() => controller.choose(option.reason)}
          >
            <Icon name={isIcon(option.icon) ? option.icon : "chat"} />
            <span>{option.name}</span>
            <Icon name={!entry.open && state.reason === option.reason ? "check" : "chevron"} small />
          </button>
        ))}
      </div>
      <details class="about">
        <summary>
          <Icon name="user" small />
          {t.introduce}
        </summary>
        <label>
          <span>{t.name}</span>
          <input value={name} maxLength={80} autocomplete="given-name" onInput={(event) => introduce({ name: event.currentTarget.value })} />
        </label>
        <label>
          <span>{t.number}</span>
          <input
            type="tel"
            inputMode="tel"
            value={number}
            maxLength={24}
            autocomplete="tel"
            onInput={(event) => introduce({ number: event.currentTarget.value })}
          />
        </label>
      </details>
    </div>
  );
}
