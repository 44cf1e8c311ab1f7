/** The one call that this page listens to, and the way to what carries its sound, which comes when it is wanted. */

import { createStore, useStore } from "@kit/store";
import { reduceWatch, type Watch, type WatchAction } from "./monitor-state";

const watch = createStore<Watch | null>(null);
export const watchState = () => watch.get();
export const dispatchWatch = (action: WatchAction) => watch.set(reduceWatch(watch.get(), action));
export const useWatch = <T>(select: (state: Watch | null) => T): T => useStore(watch, select);

/** Fetch what carries the sound. */
export const loadMonitor = async () => (await import("./monitor-line")).monitorModule;
