/** What the agent sees of the work: order of the list, the chosen contact, docked offers. Pure. */

import type { WorkItem } from "@kit/live-types";

type Work = Record<string, WorkItem>;

export interface DeskUi {
  selected: string | null;
  /** Contacts as they came; the list never reorders itself. */
  order: string[];
  /** When each current offer was first on the screen, ms. */
  seen: Record<string, number>;
  /** Offers that wait in the list because they came while the agent was typing or another was open. */
  docked: string[];
  /** Contacts whose wrap-up time ended before the result was saved: the form is kept. */
  late: Work;
  /** Contacts whose result was saved here. */
  saved: string[];
}

export const emptyDeskUi: DeskUi = { selected: null, order: [], seen: {}, docked: [], late: {}, saved: [] };

interface Moment {
  now: number;
  /** The agent types, or a dialog is open: an offer must not take the focus. */
  occupied: boolean;
}

const without = (record: Work, keys: Set<string>): Work =>
  Object.fromEntries(Object.entries(record).filter(([id]) => !keys.has(id)));

function withOffers(ui: DeskUi, after: Work, { now, occupied }: Moment): Pick<DeskUi, "seen" | "docked"> {
  const offers = Object.values(after).filter((row) => row.state === "offered");
  const seen: Record<string, number> = {};
  const docked: string[] = [];
  let dialog = offers.some((row) => ui.seen[row.id] !== undefined && !ui.docked.includes(row.id));
  for (const { id } of offers) {
    const known = ui.seen[id];
    seen[id] = known ?? now;
    if (known === undefined ? occupied || dialog : ui.docked.includes(id)) docked.push(id);
    else dialog = true;
  }
  return { seen, docked };
}

/** The work changed from `before` to `after`. */
export function follow(ui: DeskUi, before: Work, after: Work, moment: Moment): DeskUi {
  const saved = new Set(ui.saved);
  const ended = Object.values(before).filter((row) => row.state === "wrap_up" && !after[row.id] && !saved.has(row.id));
  const late = {
    ...without(ui.late, new Set(Object.keys(after))),
    ...Object.fromEntries(ended.map((row) => [row.id, row])),
  };
  const isHere = (id: string) => id in after || id in late;
  const fresh = Object.values(after)
    .filter((row) => !ui.order.includes(row.id))
    .sort((a, b) => a.waiting_since - b.waiting_since)
    .map((row) => row.id);
  const order = [...ui.order.filter(isHere), ...fresh];
  const accepted = Object.values(after).find(
    (row) => (row.state === "talking" || row.state === "dialling") &&
      (before[row.id]?.state === "offered" || (row.outgoing && row.state === "dialling" && !before[row.id])),
  );
  const chosen = accepted?.id ?? ui.selected;
  const selected =
    chosen && isHere(chosen) && after[chosen]?.state !== "offered"
      ? chosen
      : (order.find((id) => after[id]?.state === "talking") ?? order.find((id) => after[id]?.state === "wrap_up") ?? null);
  return {
    selected,
    order,
    late,
    saved: ui.saved.filter((id) => id in after),
    ...withOffers(ui, after, moment),
  };
}

/**
 * Offers that are there no more: the subscriber left, a colleague was quicker, somebody took them back. Not those that were
 * accepted, and not those whose time was over: the own state tells that.
 */
export const goneOffers = (offers: WorkItem[], work: Work, now: number): WorkItem[] =>
  offers.filter((row) => !work[row.id] && (row.deadline === null || now < row.deadline));

/** The result of a contact was saved, or given up. */
export function settle(ui: DeskUi, contact: string): DeskUi {
  return { ...ui, late: without(ui.late, new Set([contact])), saved: [...ui.saved, contact] };
}
