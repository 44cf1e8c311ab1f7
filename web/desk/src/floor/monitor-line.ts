/** Carries a supervisor's end of somebody's call: joins, listens in silence, speaks when asked to, joins again. */

import { api } from "@kit/client";
import { serverNow } from "@kit/clock";
import { MicrophoneError, openMicrophone, type MicrophoneFault } from "@kit/microphone";
import { presentHeadset } from "../call/devices";
import { isForThisTab, Leg } from "../call/leg";
import { onLiveMessage, onLiveReturn } from "../live/store";
import type { MonitorMode } from "./monitor-state";
import { dispatchWatch, watchState } from "./monitor-store";

let silence: AudioContext | null = null;
/** Why there is no microphone for speaking: the call is heard all the same. */
let fault: MicrophoneFault | null = null;

const post = (contact: string, mode: MonitorMode | "take_over" | "off") =>
  api.post(`/contacts/${contact}/call/monitor`, { mode });

/** A track without sound: who only listens is not asked for a microphone. */
function silentTrack(): MediaStreamTrack {
  silence ??= new AudioContext();
  const track = silence.createMediaStreamDestination().stream.getAudioTracks()[0];
  if (!track) throw new Error("a stream without a track");
  return track;
}

/** The microphone for a mode in which one speaks; without one the call is heard all the same. */
async function track(mode: MonitorMode | undefined, device: string | undefined): Promise<MediaStreamTrack> {
  fault = null;
  if (mode === undefined || mode === "listen") return silentTrack();
  try {
    return await openMicrophone(device);
  } catch (error) {
    if (!(error instanceof MicrophoneError)) throw error;
    fault = error.fault;
    return silentTrack();
  }
}

const leg = new Leg({
  contact: () => {
    const watch = watchState();
    return watch === null || watch.leg === "ended" ? null : watch.contact;
  },
  open: async () => {
    const { microphone, speaker } = await presentHeadset();
    return { microphone: await track(watchState()?.mode, microphone), speaker };
  },
  muted: () => false,
  told: (state) => {
    if (state === "connecting") return; // what was lost is lost until it is heard again
    const known = { joining: "connecting", connected: "on", lost: "lost" } as const;
    dispatchWatch({ type: "leg", leg: known[state], at: serverNow() });
  },
  microphone: (state) => dispatchWatch({ type: "microphone", microphone: state === "ok" ? (fault ?? "ok") : state }),
  blocked: () => dispatchWatch({ type: "blocked", blocked: true }),
  dropped: () => {
    void silence?.close();
    silence = null;
  },
});

onLiveMessage((message) => {
  const watch = watchState();
  if (message.type !== "call" || watch === null || watch.leg === "ended" || message.contact !== watch.contact) return;
  if (!isForThisTab(message.tab)) return;
  if (message.signal.type === "offer") void leg.answer(message.signal);
  else if (message.signal.type === "ready" && watch.leg !== "on") leg.join();
  else if (message.signal.type === "failed") leg.retry();
  else if (message.signal.type === "moved") void leave(); // another window of this person listens now
});

onLiveReturn((topic) => {
  if (topic === "me" && watchState()?.leg !== "on") leg.join();
});

/** Begin to listen to the call of an agent; another one is left first. Throws ApiError. */
async function start(contact: string, agent: string, mode: MonitorMode): Promise<void> {
  const before = watchState();
  if (before?.contact !== contact || before.leg === "ended") {
    if (before) await leave();
    await post(contact, "listen");
    dispatchWatch({ type: "start", contact, agent });
    leg.claim();
  }
  if (mode !== "listen") await setMode(mode);
}

/** Speak to others than before. Nothing is said to anybody while the server changes who hears. Throws ApiError. */
async function setMode(mode: MonitorMode): Promise<void> {
  const watch = watchState();
  if (watch === null || watch.leg === "ended" || watch.mode === mode) return;
  if (leg.call) leg.call.muted = true;
  try {
    await post(watch.contact, mode);
  } catch (error) {
    if (leg.call) leg.call.muted = false;
    throw error;
  }
  if (watchState()?.contact !== watch.contact) return;
  dispatchWatch({ type: "mode", mode });
  // Whether there is a microphone is settled with the leg: it is opened for speaking and given back for listening.
  if ((watch.mode === "listen") !== (mode === "listen")) {
    leg.claim();
  } else if (leg.call) leg.call.muted = false;
}

/** Leave the call. It is not asked whether the server heard it in time: the worker sees the leg go. */
async function leave(): Promise<void> {
  const watch = watchState();
  if (watch === null) return;
  leg.leave();
  leg.drop();
  dispatchWatch({ type: "close" });
  if (watch.leg !== "ended") await post(watch.contact, "off").catch(() => undefined);
}

/** The call has ended by itself: the sound goes, the bar may still say so. */
function ended(): void {
  leg.drop();
  dispatchWatch({ type: "end" });
}

/** Make the call one's own: the desk carries its sound from now on. Throws ApiError. */
async function takeOver(contact: string): Promise<void> {
  await post(contact, "take_over");
  if (watchState()?.contact !== contact) return;
  leg.drop();
  dispatchWatch({ type: "close" });
}

/** From a click: play after all. */
async function resume(): Promise<void> {
  await leg.call?.resume();
  dispatchWatch({ type: "blocked", blocked: false });
}

addEventListener("pagehide", () => void leave());

export const monitorModule = { start, setMode, leave, ended, takeOver, resume, retry: leg.join };
