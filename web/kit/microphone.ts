/** The microphone and what is heard in it: device choice, a level, and what went wrong in words of a few kinds. */

export type MicrophoneFault = "unable" | "denied" | "missing" | "busy";

/** No microphone. `unable`: the browser has no WebRTC; `denied`: the person or a policy said no; `missing`: there is none; `busy`: the system gives it not. */
export class MicrophoneError extends Error {
  readonly fault: MicrophoneFault;

  constructor(fault: MicrophoneFault, cause: unknown) {
    super(`microphone ${fault}`, { cause });
    this.fault = fault;
  }
}

export interface AudioDevice {
  id: string;
  /** Empty until the page was given a microphone once. */
  label: string;
}

/** All microphones and loudspeakers; ask again on `navigator.mediaDevices.ondevicechange`. */
export async function audioDevices(): Promise<{ microphones: AudioDevice[]; speakers: AudioDevice[] }> {
  const all = await navigator.mediaDevices.enumerateDevices();
  const of = (kind: MediaDeviceKind) =>
    all.filter((device) => device.kind === kind).map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { microphones: of("audioinput"), speakers: of("audiooutput") };
}

/** Does this browser have WebRTC? Some builds of WebKit and hardened browsers do not. */
export const canCall = () => "RTCPeerConnection" in window;

function fault(error: unknown): MicrophoneFault {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  return name === "NotFoundError" || name === "OverconstrainedError" ? "missing" : "busy";
}

/**
 * Open a microphone with echo cancellation, noise suppression and gain control. Without `id`: the system's default one.
 * Throws MicrophoneError. The caller stops the track.
 */
export async function openMicrophone(id?: string): Promise<MediaStreamTrack> {
  const wanted: MediaTrackConstraints = {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    channelCount: 1,
    ...(id ? { deviceId: { exact: id } } : {}),
  };
  if (!canCall()) throw new MicrophoneError("unable", new Error("no WebRTC"));
  // Off HTTPS and localhost the browser hides `mediaDevices` altogether.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new MicrophoneError("denied", new Error("the page is not secure"));
  try {
    const stream = await devices.getUserMedia({ audio: wanted });
    const track = stream.getAudioTracks()[0];
    if (track) return track;
  } catch (error) {
    throw new MicrophoneError(fault(error), error);
  }
  throw new MicrophoneError("missing", new Error("a stream without a track"));
}

/** The level of one track, for a meter. Read it as often as the meter is drawn. */
export class Meter {
  private readonly source: MediaStreamAudioSourceNode;
  private readonly analyser: AnalyserNode;
  private readonly samples: Float32Array<ArrayBuffer>;

  constructor(context: AudioContext, track: MediaStreamTrack) {
    if (context.state === "suspended") void context.resume();
    this.source = context.createMediaStreamSource(new MediaStream([track]));
    this.analyser = context.createAnalyser();
    this.analyser.fftSize = 1024;
    this.samples = new Float32Array(this.analyser.fftSize);
    this.source.connect(this.analyser);
  }

  /** Loudness of the last 20 ms: 0 is -60 dBFS or less, 1 is full scale; even steps sound even. */
  level(): number {
    this.analyser.getFloatTimeDomainData(this.samples);
    let power = 0;
    for (const sample of this.samples) power += sample * sample;
    const decibels = 10 * Math.log10(power / this.samples.length + 1e-12);
    return Math.min(1, Math.max(0, 1 + decibels / 60));
  }

  close(): void {
    this.source.disconnect();
  }
}
