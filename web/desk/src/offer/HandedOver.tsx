import type { Why } from "@kit/api";
import { Icon } from "@kit/components/Icon";
import { useCard } from "../card/queries";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import css from "./OfferDialog.module.css";

/** Who handed the contact over, or null. */
export function handedBy(why: Why | null): string | null {
  const agent = why?.facts.find((fact) => fact.code === "handed_over")?.agent;
  return typeof agent === "string" ? agent : null;
}

/** A colleague passed the contact on: who, and the note for whoever takes it. */
export function HandedOver({ contact, by }: { contact: string; by: string }) {
  const { t } = useSpeech();
  const names = useNames();
  const notes = useCard(contact, true).data?.notes.filter((note) => note.agent === by) ?? [];
  const note = notes.reduce((last, one) => (last && last.at > one.at ? last : one), notes[0]);
  return (
    <div className={css.handed}>
      <Icon name="transfer" />
      <div>
        <p className="strong">{t("offer.handed", { name: names.person(by) || t("why.colleague") })}</p>
        {note && <blockquote>{note.text}</blockquote>}
      </div>
    </div>
  );
}
