/** The one line of this page, and the actions that the screens may ask of it. The part that carries sound comes later. */

import { createStore, useStore } from "@kit/store";
import type { LineModule } from "./line";
import { noLine, reduceLine, type LineAction, type LineState } from "./line-state";

const line = createStore<LineState>(noLine);
export const lineState = () => line.get();
export const dispatchLine = (action: LineAction) => line.set(reduceLine(line.get(), action));
export const useLine = <T>(select: (state: LineState) => T): T => useStore(line, select);

const loaded = createStore<LineModule | null>(null);
/** The module that carries the sound, once it is here. */
export const useLineModule = () => useStore(loaded, (is) => is);

/** Fetch what carries sound; it is asked for as soon as a call may come, so that ringing needs no waiting. */
export async function loadLine(): Promise<LineModule> {
  const { lineModule } = await import("./line");
  loaded.set(lineModule);
  return lineModule;
}
