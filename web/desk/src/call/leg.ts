/** One end of a call that this page carries: asks for it, answers the worker, keeps asking after a loss. No state of screens. */

import { Call, type CallOptions, type CallState } from "@kit/call";
import { newId } from "@kit/ids";
import { canCall, MicrophoneError, type MicrophoneFault } from "@kit/microphone";
import { sendLive } from "../live/store";
import { rejoinAfter, type CallSignal } from "./line-state";

/** A page has an id of its own: one that is loaded anew is another one to the worker. */
const TAB = newId();
/** A lost connection often comes back by itself. */
const RECOVER_MS = 3_000;
const ANSWER_MS = 5_000;

type Told = "joining" | "connecting" | "connected" | "lost";
const TOLD: Partial<Record<CallState, Told>> = { connecting: "connecting", connected: "connected", lost: "lost", failed: "lost" };

/** Is a word of the worker for this page? */
export const isForThisTab = (tab: string | null) => tab === null || tab === TAB;

export interface LegOwner {
  /** The call to be carried now; null: none. */
  contact: () => string | null;
  /** What the call is made with, for each offer anew; an open track is stopped with the call. */
  open: () => Promise<Pick<CallOptions, "microphone" | "speaker">>;
  muted: () => boolean;
  told: (state: Told) => void;
  microphone: (state: "ok" | "lost" | MicrophoneFault) => void;
  /** The browser plays nothing before a click. */
  blocked: () => void;
  /** The sound is asked for. */
  asked?: () => void;
  /** What the call was made with is needed no more. */
  dropped?: () => void;
}

export class Leg {
  call: Call | null = null;
  private id: string | null = null;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly owner: LegOwner;

  constructor(owner: LegOwner) {
    this.owner = owner;
  }

  private later(act: () => void, ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, ms);
  }

  /** Stop asking; a call that stands goes on. */
  wait(): void {
    clearTimeout(this.timer);
  }

  drop(): void {
    this.wait();
    const old = this.call;
    this.call = null;
    this.id = null;
    old?.close();
    this.owner.dropped?.();
  }

  /** Ask for the sound of the call as if for the first time, maybe after a moment. */
  claim(afterMs = 0): void {
    this.attempt = 0;
    if (afterMs) this.later(this.join, afterMs);
    else this.join();
  }

  /** Ask for the sound, again after a loss. */
  join = (): void => {
    const contact = this.owner.contact();
    if (contact === null) return;
    this.drop();
    this.attempt += 1;
    this.owner.told(this.attempt === 1 ? "joining" : "lost");
    sendLive({ type: "call", contact, tab: TAB, signal: { type: "join" } });
    this.owner.asked?.();
    // While the server is away nothing is sent; coming back asks at once.
    this.later(this.join, Math.max(ANSWER_MS, rejoinAfter(this.attempt)));
  };

  /** Ask again after a pause that grows. */
  retry(): void {
    this.later(this.join, rejoinAfter(this.attempt + 1));
  }

  /** Give the leg back, so that the far end hears it at once and not after a timeout. */
  leave(): void {
    const contact = this.owner.contact();
    if (contact !== null && this.id !== null) {
      sendLive({ type: "call", contact, tab: TAB, signal: { type: "leave", leg: this.id } });
    }
  }

  async answer(signal: Extract<CallSignal, { type: "offer" }>): Promise<void> {
    const { owner } = this;
    const contact = owner.contact();
    if (contact === null) return;
    this.drop();
    this.id = signal.leg;
    if (!canCall()) {
      owner.told("lost");
      owner.microphone("unable");
      return;
    }
    const devices = await owner.open();
    if (this.id !== signal.leg) {
      if (typeof devices.microphone === "object") devices.microphone.stop();
      return;
    }
    const made: Call = new Call({
      ...devices,
      onState: (state) => this.call === made && this.changed(state),
      onMicrophoneLost: () => this.call === made && owner.microphone("lost"),
      onPlaybackBlocked: () => this.call === made && owner.blocked(),
    });
    made.muted = owner.muted();
    this.call = made;
    owner.told("connecting");
    try {
      const sdp = await made.answer(signal.sdp);
      if (this.call !== made) return;
      owner.microphone("ok");
      sendLive({ type: "call", contact, tab: TAB, signal: { type: "answer", leg: signal.leg, sdp } });
      this.later(this.join, ANSWER_MS + rejoinAfter(this.attempt));
    } catch (error) {
      if (this.call !== made) return;
      this.call = null;
      owner.told("lost");
      if (error instanceof MicrophoneError) owner.microphone(error.fault);
      else this.later(this.join, rejoinAfter(this.attempt));
    }
  }

  private changed(state: CallState): void {
    const told = TOLD[state];
    if (!told) return;
    this.owner.told(told);
    if (told === "connected") {
      this.attempt = 0;
      this.wait();
    } else if (told === "lost") {
      this.later(this.join, state === "failed" ? rejoinAfter(this.attempt + 1) : RECOVER_MS);
    }
  }
}
