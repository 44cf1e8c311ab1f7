import { Avatar } from "@kit/components/Avatar";
import type { WorkItem } from "@kit/live-types";
import type { ReactNode } from "react";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { aboutWhat, numberText, whoIs } from "../work/labels";
import css from "./CallStage.module.css";

/** Whose contact it is and what about; `children`: how it stands, told as it changes. */
export function Who({ row, children }: { row: WorkItem; children: ReactNode }) {
  const speech = useSpeech();
  const names = useNames();
  const about = [row.name ? numberText(row.number) : null, aboutWhat(row, names)].filter(Boolean).join(" · ");
  return (
    <>
      <Avatar name={row.name} />
      <div className={css.who}>
        <h1 id="main" tabIndex={-1} className="cut">
          {whoIs(row, speech, names)}
        </h1>
        <p className="xs muted cut num">{about}</p>
        <p className={css.tags} role="status">
          {children}
        </p>
      </div>
    </>
  );
}
