import { createStore, useStore } from "@kit/store";

const open = createStore(false);

export const openHelp = () => open.set(true);
export const closeHelp = () => open.set(false);
export const useHelpOpen = () => useStore(open, (is) => is);
