/** Carries the agent's end of a call: joins while the offer rings, keeps the sound alive, takes it back after a loss. */

import { MicrophoneError } from "@kit/microphone";
import { onLiveReturn } from "../live/store";
import { headset, onHeadset, presentHeadset } from "./devices";
import { isForThisTab, Leg } from "./leg";
import type { CallSignal } from "./line-state";
import { dispatchLine, lineState } from "./line-store";

/** A window in the background lets the one in front have the sound. */
const POLITE_MS = 500;

const others = new BroadcastChannel("teplo.call");

const leg = new Leg({
  contact: () => lineState().contact,
  open: presentHeadset,
  muted: () => lineState().muted,
  told: (state) => {
    if (state === "connecting") dispatchLine({ type: "blocked", blocked: false });
    dispatchLine({ type: "leg", leg: state });
  },
  microphone: (microphone) => dispatchLine({ type: "microphone", microphone }),
  blocked: () => dispatchLine({ type: "blocked", blocked: true }),
  asked: () => others.postMessage(lineState().contact),
});

/** Carry this call from now on; null: none. */
function follow(contact: string | null): void {
  if (lineState().contact === contact) return;
  leg.drop();
  dispatchLine({ type: "follow", contact });
  if (contact !== null) leg.claim(document.hidden ? POLITE_MS : 0);
}

/** The person wants the call in this window. */
const claim = () => leg.claim();

others.onmessage = (event: MessageEvent<string>) => {
  const { contact, leg: standing } = lineState();
  if (event.data === contact && standing === "none") {
    leg.wait();
    dispatchLine({ type: "leg", leg: "moved" });
  }
};

onLiveReturn((topic) => {
  const standing = lineState().leg;
  if (topic === "me" && (standing === "joining" || standing === "lost" || standing === "connecting" || standing === "phone")) leg.join();
});

/** Take in what the worker says. */
function hear(contact: string, tab: string | null, signal: CallSignal): void {
  if (contact !== lineState().contact || !isForThisTab(tab)) return;
  if (signal.type === "offer") {
    void leg.answer(signal);
    return;
  }
  if (signal.type === "ready") {
    // The page asked before anybody carried the call.
    if (lineState().leg === "joining" || lineState().leg === "lost") claim();
    return;
  }
  dispatchLine({ type: "told", signal });
  if (signal.type === "moved" || signal.type === "phone") leg.drop();
  if (signal.type === "failed") leg.retry();
}

function setMuted(muted: boolean): void {
  if (leg.call) leg.call.muted = muted;
  dispatchLine({ type: "muted", muted });
}

/** From a click: the browser may play now. */
async function resume(): Promise<void> {
  await leg.call?.resume();
  dispatchLine({ type: "blocked", blocked: false });
}

/** Another microphone, or the same one again: in the running call where there is one, else by asking for the sound anew. */
async function retryMicrophone(): Promise<void> {
  if (lineState().contact === null) return;
  if (!leg.call) {
    claim();
    return;
  }
  try {
    await leg.call.useMicrophone((await presentHeadset()).microphone);
    dispatchLine({ type: "microphone", microphone: "ok" });
  } catch (error) {
    if (!(error instanceof MicrophoneError)) throw error;
    dispatchLine({ type: "microphone", microphone: error.fault });
  }
}

/** Levels of both sides, 0 to 1; null while there is no sound. */
const levels = () => (lineState().leg === "connected" ? (leg.call?.levels() ?? null) : null);

let known = headset();
onHeadset(() => {
  const { microphone, speaker } = headset();
  if (speaker !== known.speaker) void leg.call?.useSpeaker(speaker);
  if (microphone !== known.microphone) void retryMicrophone();
  known = headset();
});
// Off HTTPS and localhost the browser hides the devices altogether.
(navigator.mediaDevices as MediaDevices | undefined)?.addEventListener("devicechange", () => {
  if (lineState().microphone !== "ok") void retryMicrophone();
});
void navigator.permissions
  .query({ name: "microphone" })
  .then((permission) => {
    permission.onchange = () => {
      if (permission.state === "granted" && lineState().microphone === "denied") void retryMicrophone();
    };
  })
  .catch(() => undefined); // a browser without this question: the button is there

/** For the end of the page's use: give the leg back so that the subscriber hears music at once, not after a timeout. */
addEventListener("pagehide", () => leg.leave());

export const lineModule = { follow, hear, claim, setMuted, resume, retryMicrophone, levels };
export type LineModule = typeof lineModule;
