/** The headset that this person chose on this computer. */

import { audioDevices } from "@kit/microphone";
import { createStore, useStore } from "@kit/store";

export interface Headset {
  microphone: string;
  speaker: string;
}

const KEY = "teplo.headset";

/** The stored choice; anything unreadable is the system's own. */
export function readHeadset(stored: string | null): Headset {
  try {
    const { microphone, speaker } = JSON.parse(stored ?? "{}") as Partial<Headset>;
    return {
      microphone: typeof microphone === "string" ? microphone : "",
      speaker: typeof speaker === "string" ? speaker : "",
    };
  } catch {
    return { microphone: "", speaker: "" };
  }
}

const chosen = createStore<Headset>(readHeadset("localStorage" in globalThis ? localStorage.getItem(KEY) : null));
export const headset = () => chosen.get();
export const useHeadset = () => useStore(chosen, (is) => is);
export const onHeadset = chosen.subscribe;

export function chooseHeadset(part: Partial<Headset>): void {
  chosen.set({ ...chosen.get(), ...part });
  localStorage.setItem(KEY, JSON.stringify(chosen.get()));
}

/** The chosen headset, without what is not plugged in today: better any microphone than none. */
export async function presentHeadset(): Promise<{ microphone: string | undefined; speaker: string | undefined }> {
  const { microphone, speaker } = headset();
  if (!microphone && !speaker) return { microphone: undefined, speaker: undefined };
  const { microphones, speakers } = await audioDevices();
  const known = (id: string, devices: { id: string }[]) => (devices.some((device) => device.id === id) ? id : undefined);
  return { microphone: known(microphone, microphones), speaker: known(speaker, speakers) };
}
