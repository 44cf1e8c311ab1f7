import { createStore, useStore } from "@kit/store";

/** The contact whose transfer is being chosen. */
const contact = createStore<string | null>(null);

export const openTransfer = (id: string) => contact.set(id);
export const closeTransfer = () => contact.set(null);
export const useTransferring = (id: string) => useStore(contact, (open) => open === id);
