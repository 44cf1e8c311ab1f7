/** The desk's own state, kept beside the live store and moved by it. */

import { isTextField } from "@kit/keyboard";
import { createStore, useStore } from "@kit/store";
import { dispatchLive, liveState, onLiveMessage } from "../live/store";
import { emptyDeskUi, follow, settle, type DeskUi } from "./desk-ui";

const SELECTED = "teplo.selected";

const desk = createStore<DeskUi>({ ...emptyDeskUi, selected: sessionStorage.getItem(SELECTED) });
export const useDesk = <T>(select: (ui: DeskUi) => T): T => useStore(desk, select);

function put(ui: DeskUi): void {
  desk.set(ui);
  if (ui.selected) sessionStorage.setItem(SELECTED, ui.selected);
  else sessionStorage.removeItem(SELECTED);
}

export const select = (contact: string | null) => put({ ...desk.get(), selected: contact });
export const openOffer = (contact: string) =>
  put({
    ...desk.get(),
    docked: desk.get().docked.filter((id) => id !== contact),
    seen: { ...desk.get().seen, [contact]: Date.now() },
  });

/** The result of the contact was saved or given up: its form may go. */
export function settled(contact: string): void {
  const work = liveState().desk?.work ?? {};
  const moment = { now: Date.now(), occupied: false };
  put(follow(settle(desk.get(), contact), work, work, moment));
}

const occupied = () =>
  isTextField(document.activeElement) || document.querySelector('[role="dialog"],[role="menu"]') !== null;

/** Follow the live work for as long as somebody is signed in. */
export function followWork(): () => void {
  let before = liveState().desk?.work ?? {};
  return onLiveMessage(() => {
    const after = liveState().desk?.work ?? {};
    if (after === before) return;
    put(follow(desk.get(), before, after, { now: Date.now(), occupied: occupied() }));
    before = after;
    const ui = desk.get();
    dispatchLive({ type: "forget", keep: [...Object.keys(after), ...Object.keys(ui.late)] });
  });
}
