/** Notifications, sound and the badge in the title: an offer rings always, the rest only while the page is hidden. */

import { ring, tick } from "@kit/sound";
import { createStore, useStore } from "@kit/store";

export type NotifyState = "default" | "granted" | "denied" | "none";

const state = createStore<NotifyState>("Notification" in window ? Notification.permission : "none");
export const useNotifyState = () => useStore(state, (is) => is);

/** Ask for the right to notify; browsers want this to follow a click. */
export async function askToNotify(): Promise<void> {
  if ("Notification" in window) state.set(await Notification.requestPermission());
}

interface Notice {
  title: string;
  body: string;
  /** A later notice with the same tag replaces this one. */
  tag: string;
  sound: "ring" | "tick";
}

export function notify({ title, body, tag, sound }: Notice): void {
  if (sound === "ring") ring();
  if (!document.hidden) return;
  if (sound === "tick") tick();
  if (state.get() !== "granted") return;
  const shown = new Notification(title, { body, tag, icon: "/icon.svg", silent: true });
  shown.onclick = () => {
    window.focus();
    shown.close();
  };
}

/** Title of the page with the number of things that wait for the agent. */
export function showBadge(title: string, waiting: number): void {
  document.title = waiting > 0 ? `(${String(waiting)}) ${title}` : title;
}
