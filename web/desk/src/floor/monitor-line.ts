/** Carries a supervisor's end of somebody's call: joins, listens in silence, speaks when asked to, joins again. */

import { Call } from "@kit/call";
import { api } from "@kit/client";
import { serverNow } from "@kit/clock";
import { newId } from "@kit/ids";
import { MicrophoneError, openMicrophone } from "@kit/microphone";
import { headset } from "../call/devices";
import { rejoinAfter, type CallSignal } from "../call/line-state";
import { onLiveMessage, onLiveReturn, sendLive } from "../live/store";
import type { MonitorMode } from "./monitor-state";
import { dispatchWatch, watchState } from "./monitor-store";

const TAB = newId();
const ANSWER_MS = 5_000;
/** A lost connection often comes back by itself. */
const RECOVER_MS = 3_000;

let call: Call | null = null;
let leg: string | null = null;
let attempt = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let silence: AudioContext | null = null;

const post = (contact: string, mode: MonitorMode | "take_over" | "off") =>
  api.post(`/contacts/${contact}/call/monitor`, { mode });

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
  void silence?.close();
  silence = null;
}

const told = (to: "connecting" | "on" | "lost") => dispatchWatch({ type: "leg", leg: to, at: serverNow() });

/** A track without sound: who only listens is not asked for a microphone. */
function silentTrack(): MediaStreamTrack {
  silence ??= new AudioContext();
  const track = silence.createMediaStreamDestination().stream.getAudioTracks()[0];
  if (!track) throw new Error("a stream without a track");
  return track;
}

function join(): void {
  const watch = watchState();
  if (watch === null || watch.leg === "ended") return;
  drop();
  attempt += 1;
  told(attempt === 1 ? "connecting" : "lost");
  sendLive({ type: "call", contact: watch.contact, tab: TAB, signal: { type: "join" } });
  later(join, Math.max(ANSWER_MS, rejoinAfter(attempt)));
}

/** The microphone for a mode in which one speaks; without one the call is heard all the same. */
async function track(mode: MonitorMode): Promise<MediaStreamTrack> {
  if (mode === "listen") return silentTrack();
  try {
    const opened = await openMicrophone(headset().microphone || undefined);
    dispatchWatch({ type: "microphone", microphone: "ok" });
    return opened;
  } catch (error) {
    if (!(error instanceof MicrophoneError)) throw error;
    dispatchWatch({ type: "microphone", microphone: error.fault });
    return silentTrack();
  }
}

async function answer(contact: string, signal: Extract<CallSignal, { type: "offer" }>): Promise<void> {
  const watch = watchState();
  if (watch === null) return;
  drop();
  leg = signal.leg;
  const microphone = await track(watch.mode);
  if (leg !== signal.leg) {
    microphone.stop();
    return;
  }
  const made: Call = new Call({
    microphone,
    onState: (state) => {
      if (call !== made) return;
      if (state === "connected") {
        attempt = 0;
        clearTimeout(timer);
        told("on");
      } else if (state === "lost" || state === "failed") {
        told("lost");
        later(join, state === "failed" ? rejoinAfter(attempt + 1) : RECOVER_MS);
      }
    },
    onMicrophoneLost: () => call === made && dispatchWatch({ type: "microphone", microphone: "lost" }),
    onPlaybackBlocked: () => call === made && dispatchWatch({ type: "blocked", blocked: true }),
  });
  call = made;
  try {
    const sdp = await made.answer(signal.sdp);
    if (call !== made) return;
    sendLive({ type: "call", contact, tab: TAB, signal: { type: "answer", leg: signal.leg, sdp } });
    later(join, ANSWER_MS + rejoinAfter(attempt));
    // Better the system's loudspeaker than none.
    if (headset().speaker) await made.useSpeaker(headset().speaker).catch(() => undefined);
  } catch {
    if (call !== made) return;
    call = null;
    told("lost");
    later(join, rejoinAfter(attempt));
  }
}

onLiveMessage((message) => {
  const watch = watchState();
  if (message.type !== "call" || watch === null || watch.leg === "ended" || message.contact !== watch.contact) return;
  if (message.tab !== null && message.tab !== TAB) return;
  if (message.signal.type === "offer") void answer(message.contact, message.signal);
  else if (message.signal.type === "ready" && watch.leg !== "on") join();
  else if (message.signal.type === "failed") later(join, rejoinAfter(attempt + 1));
  else if (message.signal.type === "moved") void leave(); // another window of this person listens now
});

onLiveReturn((topic) => {
  if (topic === "me" && watchState()?.leg !== "on") join();
});

/** Begin to listen to the call of an agent; another one is left first. Throws ApiError. */
async function start(contact: string, agent: string, mode: MonitorMode): Promise<void> {
  const before = watchState();
  if (before?.contact !== contact || before.leg === "ended") {
    if (before) await leave();
    await post(contact, "listen");
    attempt = 0;
    dispatchWatch({ type: "start", contact, agent });
    join();
  }
  if (mode !== "listen") await setMode(mode);
}

/** Speak to others than before. Nothing is said to anybody while the server changes who hears. Throws ApiError. */
async function setMode(mode: MonitorMode): Promise<void> {
  const watch = watchState();
  if (watch === null || watch.leg === "ended" || watch.mode === mode) return;
  if (call) call.muted = true;
  try {
    await post(watch.contact, mode);
  } catch (error) {
    if (call) call.muted = false;
    throw error;
  }
  if (watchState()?.contact !== watch.contact) return;
  dispatchWatch({ type: "mode", mode });
  // Whether there is a microphone is settled with the leg: it is opened for speaking and given back for listening.
  if ((watch.mode === "listen") !== (mode === "listen")) {
    attempt = 0;
    join();
  } else if (call) call.muted = false;
}

/** Leave the call. It is not asked whether the server heard it in time: the worker sees the leg go. */
async function leave(): Promise<void> {
  const watch = watchState();
  if (watch === null) return;
  if (leg !== null) sendLive({ type: "call", contact: watch.contact, tab: TAB, signal: { type: "leave", leg } });
  drop();
  dispatchWatch({ type: "close" });
  if (watch.leg !== "ended") await post(watch.contact, "off").catch(() => undefined);
}

/** The call has ended by itself: the sound goes, the bar may still say so. */
function ended(): void {
  drop();
  dispatchWatch({ type: "end" });
}

/** Make the call one's own: the desk carries its sound from now on. Throws ApiError. */
async function takeOver(contact: string): Promise<void> {
  await post(contact, "take_over");
  if (watchState()?.contact !== contact) return;
  drop();
  dispatchWatch({ type: "close" });
}

/** From a click: play after all. */
async function resume(): Promise<void> {
  await call?.resume();
  dispatchWatch({ type: "blocked", blocked: false });
}

addEventListener("pagehide", () => void leave());

export const monitorModule = { start, setMode, leave, ended, takeOver, resume, retry: join };
