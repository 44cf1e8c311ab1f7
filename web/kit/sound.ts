/** Two sounds: one ring for an offer, one soft tick for a message. Made by Web Audio, nothing is downloaded. */

let context: AudioContext | null = null;
let output = "";

function route(): void {
  // Not every browser can choose; the types know only those that can.
  if (context && "setSinkId" in context) (context as AudioContext & Sinks).setSinkId(output).catch(() => undefined);
}

interface Sinks {
  setSinkId: (id: string) => Promise<void>;
}

/** Ring there from now on; empty: where the system plays. */
export function setOutput(id: string): void {
  if (id === output) return;
  output = id;
  route();
}

function note(frequency: number, start: number, length: number, loudness: number): void {
  if (!context) {
    context = new AudioContext();
    if (output) route();
  }
  if (context.state === "suspended") void context.resume();
  const tone = context.createOscillator();
  const gain = context.createGain();
  const at = context.currentTime + start;
  tone.frequency.value = frequency;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(loudness, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + length);
  tone.connect(gain).connect(context.destination);
  tone.start(at);
  tone.stop(at + length);
}

export function ring(): void {
  note(587, 0, 0.5, 0.14);
  note(784, 0.18, 0.7, 0.14);
}

export function tick(): void {
  note(1046, 0, 0.12, 0.05);
}
