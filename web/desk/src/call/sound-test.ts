/** Hear oneself: what the microphone takes is played where calls are heard. */

export const RECORD_SECONDS = 3;

/** Record a track for a few seconds. */
export async function record(track: MediaStreamTrack): Promise<ArrayBuffer> {
  const recorder = new MediaRecorder(new MediaStream([track]));
  const parts: Blob[] = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  setTimeout(() => recorder.state === "recording" && recorder.stop(), RECORD_SECONDS * 1000);
  await stopped;
  return new Blob(parts).arrayBuffer();
}

/** Play it; resolves at its end. */
export async function playBack(sound: ArrayBuffer, speaker: string): Promise<void> {
  const context = new AudioContext();
  try {
    if ("setSinkId" in context) await (context as AudioContext & { setSinkId: (id: string) => Promise<void> }).setSinkId(speaker);
    const source = context.createBufferSource();
    source.buffer = await context.decodeAudioData(sound);
    source.connect(context.destination);
    const ended = new Promise((resolve) => (source.onended = resolve));
    source.start();
    await ended;
  } finally {
    await context.close();
  }
}
