/** The desk's own state, kept beside the live store and moved by it. */

import { dropOldDrafts } from "../composer/drafts";
import { isTextField } from "@kit/keyboard";
import type { WorkItem } from "@kit/live-types";
import { createStore, useStore } from "@kit/store";
import { clearLive, dispatchLive, liveState, onLiveMessage } from "../live/store";
import { emptyDeskUi, follow, settle, type DeskUi } from "./desk-ui";

/** What a reload of this tab must not lose: the chosen contact, and results not saved yet although their time is over. */
interface Kept {
  person: string;
  selected: string | null;
  wrapUps: Record<string, WorkItem>;
}

const KEPT = "teplo.desk";

function readKept(): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

const desk = createStore<DeskUi>(emptyDeskUi);
export const useDesk = <T>(select: (ui: DeskUi) => T): T => useStore(desk, select);

let owner = "";
const others = new BroadcastChannel("teplo.settled");
others.onmessage = (event: MessageEvent<string>) => settleHere(event.data);

function put(ui: DeskUi): void {
  desk.set(ui);
  const rows = Object.values(liveState().desk?.work ?? {}).filter((row) => row.state === "wrap_up");
  const wrapUps = { ...ui.late, ...Object.fromEntries(rows.map((row) => [row.id, row])) };
  sessionStorage.setItem(KEPT, JSON.stringify({ person: owner, selected: ui.selected, wrapUps } satisfies Kept));
}

export const select = (contact: string | null) => put({ ...desk.get(), selected: contact });
export const openOffer = (contact: string) =>
  put({
    ...desk.get(),
    docked: desk.get().docked.filter((id) => id !== contact),
    seen: { ...desk.get().seen, [contact]: Date.now() },
  });

function settleHere(contact: string): void {
  const work = liveState().desk?.work ?? {};
  const moment = { now: Date.now(), occupied: false };
  put(follow(settle(desk.get(), contact), work, work, moment));
}

/** The result of the contact was saved or given up: its form may go, in every tab. */
export function settled(contact: string): void {
  settleHere(contact);
  others.postMessage(contact);
}

const occupied = () =>
  isTextField(document.activeElement) || document.querySelector('[role="dialog"],[role="menu"]') !== null;

/** Somebody signed in here: what another person left in this tab is not theirs. */
export function ownDesk(person: string): void {
  if (owner === person) return;
  if (owner) clearLive();
  owner = person;
  const kept = readKept();
  desk.set({ ...emptyDeskUi, selected: kept?.person === person ? kept.selected : null });
}

/** Forget everything of the person who signs out. */
export function clearDesk(): void {
  clearLive();
  owner = "";
  desk.set(emptyDeskUi);
  sessionStorage.removeItem(KEPT);
}

/** Follow the live work of the person for as long as they are signed in. */
export function followWork(person: string): () => void {
  ownDesk(person);
  dropOldDrafts();
  const kept = readKept();
  let before = liveState().desk?.work ?? (kept?.person === person ? kept.wrapUps : {});
  return onLiveMessage(() => {
    const after = liveState().desk?.work;
    if (!after || after === before) return;
    put(follow(desk.get(), before, after, { now: Date.now(), occupied: occupied() }));
    before = after;
    const ui = desk.get();
    dispatchLive({ type: "forget", keep: [...Object.keys(after), ...Object.keys(ui.late)] });
  });
}
