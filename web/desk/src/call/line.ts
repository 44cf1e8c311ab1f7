/** Carries the agent's end of a call: joins while the offer rings, keeps the sound alive, takes it back after a loss. */

import { Call, type CallState } from "@kit/call";
import { newId } from "@kit/ids";
import { audioDevices, MicrophoneError } from "@kit/microphone";
import { onLiveReturn, sendLive } from "../live/store";
import { headset, onHeadset } from "./devices";
import type { CallSignal, LegState } from "./line-state";
import { rejoinAfter } from "./line-state";
import { dispatchLine, lineState } from "./line-store";

/** A page has an id of its own: one that is loaded anew is another one to the worker. */
const TAB = newId();
/** A window in the background lets the one in front have the sound. */
const POLITE_MS = 500;
/** A lost connection often comes back by itself. */
const RECOVER_MS = 3_000;
const ANSWER_MS = 5_000;

const LEGS: Partial<Record<CallState, LegState>> = { connecting: "connecting", connected: "connected", lost: "lost", failed: "lost" };

let call: Call | null = null;
let leg: string | null = null;
let attempt = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
const others = new BroadcastChannel("teplo.call");

function later(act: () => void, ms: number): void {
  clearTimeout(timer);
  timer = setTimeout(act, ms);
}

function drop(): void {
  clearTimeout(timer);
  const old = call;
  call = null;
  leg = null;
  old?.close();
}

/** Ask for the sound of this call, again after a loss. */
function join(): void {
  const { contact } = lineState();
  if (contact === null) return;
  drop();
  attempt += 1;
  dispatchLine({ type: "leg", leg: attempt === 1 ? "joining" : "lost" });
  sendLive({ type: "call", contact, tab: TAB, signal: { type: "join" } });
  others.postMessage(contact);
  // While the server is away nothing is sent; coming back asks at once.
  later(join, Math.max(ANSWER_MS, rejoinAfter(attempt)));
}

/** Carry this call from now on; null: none. */
function follow(contact: string | null): void {
  if (lineState().contact === contact) return;
  drop();
  attempt = 0;
  dispatchLine({ type: "follow", contact });
  if (contact === null) return;
  if (document.hidden) later(join, POLITE_MS);
  else join();
}

/** The person wants the call in this window. */
function claim(): void {
  attempt = 0;
  join();
}

/** The chosen headset, without what is not plugged in today: better any microphone than none. */
async function present(): Promise<{ microphone: string | undefined; speaker: string | undefined }> {
  const { microphone, speaker } = headset();
  if (!microphone && !speaker) return { microphone: undefined, speaker: undefined };
  const { microphones, speakers } = await audioDevices();
  const known = (id: string, devices: { id: string }[]) => (devices.some((device) => device.id === id) ? id : undefined);
  return { microphone: known(microphone, microphones), speaker: known(speaker, speakers) };
}

others.onmessage = (event: MessageEvent<string>) => {
  const { contact, leg: standing } = lineState();
  if (event.data === contact && standing === "none") {
    clearTimeout(timer);
    dispatchLine({ type: "leg", leg: "moved" });
  }
};

onLiveReturn((topic) => {
  const standing = lineState().leg;
  if (topic === "me" && (standing === "joining" || standing === "lost" || standing === "connecting" || standing === "phone")) join();
});

async function answer(signal: Extract<CallSignal, { type: "offer" }>): Promise<void> {
  const { contact, muted } = lineState();
  if (contact === null) return;
  drop();
  leg = signal.leg;
  const devices = await present();
  if (leg !== signal.leg) return;
  const made: Call = new Call({
    ...devices,
    onState: (state) => call === made && changed(state),
    onMicrophoneLost: () => call === made && dispatchLine({ type: "microphone", microphone: "lost" }),
    onPlaybackBlocked: () => call === made && dispatchLine({ type: "blocked", blocked: true }),
  });
  made.muted = muted;
  call = made;
  dispatchLine({ type: "blocked", blocked: false });
  dispatchLine({ type: "leg", leg: "connecting" });
  try {
    const sdp = await made.answer(signal.sdp);
    if (call !== made) return;
    dispatchLine({ type: "microphone", microphone: "ok" });
    sendLive({ type: "call", contact, tab: TAB, signal: { type: "answer", leg: signal.leg, sdp } });
    later(join, ANSWER_MS + rejoinAfter(attempt));
  } catch (error) {
    if (call !== made) return;
    call = null;
    if (error instanceof MicrophoneError) {
      dispatchLine({ type: "microphone", microphone: error.fault });
      dispatchLine({ type: "leg", leg: "lost" });
    } else {
      dispatchLine({ type: "leg", leg: "lost" });
      later(join, rejoinAfter(attempt));
    }
  }
}

function changed(state: CallState): void {
  const next = LEGS[state];
  if (!next) return;
  dispatchLine({ type: "leg", leg: next });
  if (next === "connected") {
    attempt = 0;
    clearTimeout(timer);
  } else if (next === "lost") {
    later(join, state === "failed" ? rejoinAfter(attempt + 1) : RECOVER_MS);
  }
}

/** Take in what the worker says. */
function hear(contact: string, tab: string | null, signal: CallSignal): void {
  if (contact !== lineState().contact || (tab !== null && tab !== TAB)) return;
  if (signal.type === "offer") {
    void answer(signal);
    return;
  }
  if (signal.type === "ready") {
    // The page asked before anybody carried the call.
    if (lineState().leg === "joining" || lineState().leg === "lost") claim();
    return;
  }
  dispatchLine({ type: "told", signal });
  if (signal.type === "moved" || signal.type === "phone") drop();
  if (signal.type === "failed") later(join, rejoinAfter(attempt + 1));
}

function setMuted(muted: boolean): void {
  if (call) call.muted = muted;
  dispatchLine({ type: "muted", muted });
}

/** From a click: the browser may play now. */
async function resume(): Promise<void> {
  await call?.resume();
  dispatchLine({ type: "blocked", blocked: false });
}

/** Another microphone, or the same one again: in the running call where there is one, else by asking for the sound anew. */
async function retryMicrophone(): Promise<void> {
  if (lineState().contact === null) return;
  if (!call) {
    claim();
    return;
  }
  try {
    await call.useMicrophone((await present()).microphone);
    dispatchLine({ type: "microphone", microphone: "ok" });
  } catch (error) {
    if (!(error instanceof MicrophoneError)) throw error;
    dispatchLine({ type: "microphone", microphone: error.fault });
  }
}

/** Levels of both sides, 0 to 1; null while there is no sound. */
const levels = () => (lineState().leg === "connected" ? (call?.levels() ?? null) : null);

let known = headset();
onHeadset(() => {
  const { microphone, speaker } = headset();
  if (speaker !== known.speaker) void call?.useSpeaker(speaker);
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
addEventListener("pagehide", () => {
  const { contact } = lineState();
  if (contact !== null && leg !== null) sendLive({ type: "call", contact, tab: TAB, signal: { type: "leave", leg } });
});

export const lineModule = { follow, hear, claim, setMuted, resume, retryMicrophone, levels };
export type LineModule = typeof lineModule;
