import type { Note } from "@kit/api";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { useSession } from "../session/session";
import css from "./SubscriberCard.module.css";

/** Notes of colleagues; the subscriber never sees them. */
export function Notes({ notes }: { notes: Note[] }) {
  const { t, date, time } = useSpeech();
  const names = useNames();
  const { person } = useSession();
  if (notes.length === 0) return <p className="sm sub">{t("card.noNotes")}</p>;
  return (
    <ul className={css.notes}>
      {notes.map((note) => (
        <li key={note.id}>
          <p>{note.text}</p>
          <small className="num">
            {note.agent === person.id ? t("why.you") : names.person(note.agent)} · {date(note.at)}, {time(note.at)}
          </small>
        </li>
      ))}
    </ul>
  );
}
