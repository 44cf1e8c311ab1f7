import type { Why } from "@kit/api";
import { Icon } from "@kit/components/Icon";
import { clockText } from "@kit/durations";
import { useState } from "react";
import { Button } from "react-aria-components";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { useSession } from "../session/session";
import { whyLines } from "./why";
import css from "./WhyRouted.module.css";

/** Those who were considered, best first, with the parts of their score. */
export function CandidateTable({ why }: { why: Why }) {
  const { t, number } = useSpeech();
  const names = useNames();
  const { person } = useSession();
  const who = (id: string) => (id === person.id ? t("why.you") : names.person(id) || t("why.colleague"));
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">{t("why.candidate")}</th>
          <th scope="col">{t("why.idle")}</th>
          <th scope="col">{t("why.extra")}</th>
          <th scope="col">{t("why.score")}</th>
        </tr>
      </thead>
      <tbody>
        {why.candidates.map((candidate) => (
          <tr key={candidate.agent} className={candidate.chosen ? css.chosen : undefined}>
            <th scope="row">
              {who(candidate.agent)}
              {candidate.chosen && <Icon name="check" size="s" />}
            </th>
            <td className="num">{clockText(candidate.parts.idle)}</td>
            <td className="num">
              {number(candidate.parts.language + candidate.parts.region)}
            </td>
            <td className="num">{number(candidate.score)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Why this agent: each reason on a line, the candidates on demand. */
export function WhyRouted({ why }: { why: Why }) {
  const speech = useSpeech();
  const { t } = speech;
  const names = useNames();
  const [open, setOpen] = useState(false);
  return (
    <>
      <ul className={css.why}>
        {whyLines(why, speech, names).map((line, index) => (
          <li key={index}>
            <Icon name={line.code === "pool" || line.code === "requirement" ? "route" : "check"} />
            <span>
              {line.title}
              {line.detail && <small>{line.detail}</small>}
            </span>
          </li>
        ))}
      </ul>
      {why.candidates.length > 0 && (
        <Button className={css.more ?? ""} aria-expanded={open} onPress={() => setOpen(!open)}>
          <Icon name={open ? "up" : "down"} size="s" />
          {open ? t("why.less") : t("why.more", { n: why.candidates.length })}
        </Button>
      )}
      {open && <CandidateTable why={why} />}
    </>
  );
}
