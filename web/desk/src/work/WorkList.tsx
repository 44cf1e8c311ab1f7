import type { DeskState, WorkItem } from "@kit/live-types";
import type { KeyboardEvent } from "react";
import { LinkBanner } from "../frame/LinkBanner";
import { useSpeech } from "../i18n";
import { useActions } from "../keyboard/keys";
import { DockedOffer } from "../offer/DockedOffer";
import { select, useDesk } from "./desk";
import css from "./WorkList.module.css";
import { FreeCall, FreeSlot, WorkRow } from "./WorkRow";

/** ↑ and ↓ move between the contacts of the list. */
function roam(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("li button")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[at + step]?.focus();
  event.preventDefault();
}

/** Contacts in hand, offers that were docked, and the places still free. */
export function WorkList({ desk }: { desk: DeskState }) {
  const { t } = useSpeech();
  const order = useDesk((ui) => ui.order);
  const late = useDesk((ui) => ui.late);
  const docked = useDesk((ui) => ui.docked);
  const selected = useDesk((ui) => ui.selected);
  const rows = order
    .map((id): WorkItem | undefined => desk.work[id] ?? late[id])
    .filter((row): row is WorkItem => row !== undefined && row.state !== "offered");
  const offers = docked.map((id) => desk.work[id]).filter((row) => row !== undefined);
  const slots = desk.me.slots.chat ?? { used: 0, max: 0 };
  const voice = desk.me.slots.voice ?? { used: 0, max: 0 };

  const go = (place: number) => () => {
    const row = rows[place];
    if (row) select(row.id);
    return row !== undefined;
  };
  useActions({ work1: go(0), work2: go(1), work3: go(2), work4: go(3) });

  return (
    <nav className={css.list} aria-label={t("work.title")} data-region tabIndex={-1}>
      <div className={css.header}>
        <h2>{t("work.title")}</h2>
        <span className={css.cap}>
          {voice.max > 0 && `${t("work.voiceSlots", { used: voice.used, max: voice.max })} · `}
          {t("work.slots", { used: slots.used, max: slots.max })}
        </span>
      </div>
      <ol onKeyDown={roam}>
        {rows.map((row, index) => (
          <li key={row.id}>
            <WorkRow
              row={row}
              place={index + 1}
              active={row.id === selected}
              late={!desk.work[row.id]}
              onSelect={() => select(row.id)}
            />
          </li>
        ))}
      </ol>
      {offers.map((row, index) => (
        <DockedOffer key={row.id} row={row} first={index === 0} />
      ))}
      {voice.used < voice.max && <FreeCall />}
      <FreeSlot free={Math.max(0, slots.max - slots.used)} max={slots.max} />
      <LinkBanner topic="me" />
    </nav>
  );
}
