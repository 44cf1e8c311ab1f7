import { createStore, useStore } from "@kit/store";

const open = createStore(false);

export const openCommandBar = () => open.set(true);
export const closeCommandBar = () => open.set(false);
export const useCommandBarOpen = () => useStore(open, (is) => is);
