/**
 * The browser's end of a call: takes the worker's offer, gives back an answer, carries sound both ways. No screen here.
 * A call is used once; when the page wants it back (reload, another network) the worker sends a new offer for a new one.
 */
import { Meter, openMicrophone } from "./microphone";

/** `lost`: nothing comes through at the moment, it may recover; `failed` and `closed` are the end. */
export type CallState = "new" | "connecting" | "connected" | "lost" | "failed" | "closed";

export interface CallStats {
  /** Share of packets that did not come since the last asking, 0 to 1. */
  loss: number;
  /** Milliseconds. */
  jitter: number;
  /** Milliseconds there and back; null until it was measured. */
  rtt: number | null;
}

export interface CallOptions {
  /** A device by its id, or a track that is open already; the call stops it at its end. Absent: the default one. */
  microphone?: string | MediaStreamTrack | undefined;
  speaker?: string | undefined;
  /** Where the other side is played; without it an element of our own that is not in the page. */
  audio?: HTMLAudioElement;
  iceServers?: RTCIceServer[];
  onState?: (state: CallState) => void;
  /** The device was pulled out or the permission taken back. The call goes on: `useMicrophone` gives it another one. */
  onMicrophoneLost?: () => void;
  /** The browser plays no sound before the person has clicked; call `resume` from a click. */
  onPlaybackBlocked?: () => void;
}

/** What the worker offers, in its order; telephone-event carries the keypad (RFC 4733). */
function spoken(offer: string): (codec: RTCRtpCodec) => number {
  const names = Array.from(offer.matchAll(/rtpmap:\d+ (\S+?\/\d+)/g), (found) => `audio/${found[1]}`.toLowerCase());
  return (codec) => names.indexOf(`${codec.mimeType}/${codec.clockRate}`.toLowerCase());
}

const STATES: Record<RTCPeerConnectionState, CallState> = {
  new: "new",
  connecting: "connecting",
  connected: "connected",
  disconnected: "lost",
  failed: "failed",
  closed: "closed",
};

export class Call {
  private readonly options: CallOptions;
  private readonly peer: RTCPeerConnection;
  private readonly audio: HTMLAudioElement;
  private microphone: MediaStreamTrack | null = null;
  private sender: RTCRtpSender | null = null;
  private context: AudioContext | null = null;
  private meters: { here?: Meter; there?: Meter } = {};
  private silent = false;
  private ended = false;
  private told: CallState = "new";
  private counted = { received: 0, lost: 0 };

  constructor(options: CallOptions = {}) {
    this.options = options;
    this.audio = options.audio ?? new Audio();
    this.peer = new RTCPeerConnection({ iceServers: options.iceServers ?? [], bundlePolicy: "max-bundle" });
    this.peer.onconnectionstatechange = () => this.tell(STATES[this.peer.connectionState]);
    this.peer.ontrack = ({ track }) => void this.hear(track);
  }

  get state(): CallState {
    return this.told;
  }

  get muted(): boolean {
    return this.silent;
  }

  /** Muted, the browser sends silence; the microphone stays open so that speaking again needs no waiting. */
  set muted(muted: boolean) {
    this.silent = muted;
    if (this.microphone) this.microphone.enabled = !muted;
  }

  /**
   * Open the microphone and answer the worker's offer; send the returned SDP back at once. Candidates need not be
   * waited for: the worker only answers checks. Throws MicrophoneError; the call is closed then.
   */
  async answer(offer: string): Promise<string> {
    const wanted = this.options.microphone;
    try {
      const [track] = await Promise.all([
        typeof wanted === "object" ? wanted : openMicrophone(wanted),
        this.peer.setRemoteDescription({ type: "offer", sdp: offer }),
      ]);
      if (this.ended) {
        track.stop();
        throw new Error("the call was closed");
      }
      const transceiver = this.peer.getTransceivers()[0];
      if (!transceiver) throw new Error("the offer has no audio");
      this.own(track);
      this.sender = transceiver.sender;
      const rank = spoken(offer);
      const known = RTCRtpReceiver.getCapabilities("audio")?.codecs.filter((codec) => rank(codec) >= 0) ?? [];
      transceiver.setCodecPreferences(known.sort((a, b) => rank(a) - rank(b)));
      transceiver.direction = "sendrecv";
      await transceiver.sender.replaceTrack(track);
      if (this.options.speaker) await this.useSpeaker(this.options.speaker);
      await this.peer.setLocalDescription();
      return this.peer.localDescription?.sdp ?? "";
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Speak into another microphone from now on (without an id: the default one). On MicrophoneError nothing has changed. */
  async useMicrophone(id?: string): Promise<void> {
    const track = await openMicrophone(id);
    if (this.ended) {
      track.stop();
      return;
    }
    const old = this.microphone;
    this.own(track);
    await this.sender?.replaceTrack(track);
    old?.stop();
  }

  /** Play to another loudspeaker; browsers that cannot choose go on with the default one. */
  async useSpeaker(id: string): Promise<void> {
    if ("setSinkId" in this.audio) await this.audio.setSinkId(id);
  }

  /** Play after all: to be called from a click. */
  async resume(): Promise<void> {
    await this.audio.play();
    await this.context?.resume();
  }

  /** Send keys as telephone events (RFC 4733): 0-9, *, #, A-D. False where the connection carries none (yet). */
  press(keys: string): boolean {
    const dtmf = this.sender?.dtmf;
    if (!dtmf?.canInsertDTMF) return false;
    dtmf.insertDTMF(dtmf.toneBuffer + keys, 120, 80);
    return true;
  }

  /** Levels of both sides, 0 to 1, for meters. */
  levels(): { here: number; there: number } {
    this.context ??= new AudioContext();
    const heard = this.peer.getReceivers()[0]?.track;
    if (this.microphone) this.meters.here ??= new Meter(this.context, this.microphone);
    if (heard) this.meters.there ??= new Meter(this.context, heard);
    return { here: this.meters.here?.level() ?? 0, there: this.meters.there?.level() ?? 0 };
  }

  async stats(): Promise<CallStats> {
    const reports: unknown[] = [];
    // The map's values are typed `any`; each kind is read as what the standard says it is.
    (await this.peer.getStats()).forEach((report: unknown) => reports.push(report));
    const stats: CallStats = { loss: 0, jitter: 0, rtt: null };
    let checked: number | null = null;
    for (const report of reports as (RTCStats & Partial<Numbers>)[]) {
      if (report.type === "inbound-rtp") {
        const received = report.packetsReceived ?? 0;
        const lost = Math.max(report.packetsLost ?? 0, this.counted.lost);
        const due = received + lost - this.counted.received - this.counted.lost;
        stats.loss = due > 0 ? (lost - this.counted.lost) / due : 0;
        stats.jitter = Math.round((report.jitter ?? 0) * 1000);
        this.counted = { received, lost };
      } else if (report.type === "remote-inbound-rtp" && report.roundTripTime !== undefined) {
        stats.rtt = Math.round(report.roundTripTime * 1000);
      } else if (report.type === "candidate-pair" && report.nominated && report.currentRoundTripTime !== undefined) {
        checked = Math.round(report.currentRoundTripTime * 1000);
      }
    }
    stats.rtt ??= checked;
    return stats;
  }

  /** End it: the microphone is released, the worker is told. May be called at any time, and again. */
  close(): void {
    if (this.ended) return;
    this.ended = true;
    this.meters.here?.close();
    this.meters.there?.close();
    this.microphone?.stop();
    this.peer.onconnectionstatechange = null;
    this.peer.close();
    this.audio.srcObject = null;
    void this.context?.close();
    this.tell("closed");
  }

  private tell(state: CallState): void {
    if (state === this.told) return;
    this.told = state;
    this.options.onState?.(state);
  }

  private own(track: MediaStreamTrack): void {
    this.microphone = track;
    track.enabled = !this.silent;
    this.meters.here?.close();
    delete this.meters.here;
    // `stop` does not fire this, so it is always the device or the permission that went away.
    track.onended = () => {
      if (track === this.microphone && !this.ended) this.options.onMicrophoneLost?.();
    };
  }

  private async hear(track: MediaStreamTrack): Promise<void> {
    this.audio.srcObject = new MediaStream([track]);
    try {
      await this.audio.play();
    } catch (error) {
      if (error instanceof DOMException && error.name === "NotAllowedError") this.options.onPlaybackBlocked?.();
    }
  }
}

interface Numbers {
  packetsReceived: number;
  packetsLost: number;
  jitter: number;
  roundTripTime: number;
  nominated: boolean;
  currentRoundTripTime: number;
}
