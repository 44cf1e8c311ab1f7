/** Plays prompts one after the other; one thing at a time on the whole page. */

import { createStore, useStore } from "@kit/store";

interface Playing {
  /** Which list is heard, and which of its sounds. */
  key: string;
  at: number;
}

const playing = createStore<Playing | null>(null);
let audio: HTMLAudioElement | null = null;

export function stopPlaying(): void {
  if (audio) audio.onended = audio.onerror = null;
  audio?.pause();
  playing.set(null);
}

/** Play these sounds; `onFailed` when one could not be loaded. */
export function play(key: string, urls: string[], onFailed: () => void): void {
  stopPlaying();
  audio ??= new Audio();
  const element = audio;
  const next = (at: number) => {
    const url = urls[at];
    if (url === undefined) {
      stopPlaying();
      return;
    }
    playing.set({ key, at });
    element.onended = () => next(at + 1);
    element.onerror = () => {
      stopPlaying();
      onFailed();
    };
    element.src = url;
    // Another sound may take its place before this one began.
    element.play().catch(() => undefined);
  };
  next(0);
}

/** Which sound of the list is heard now; null: none. */
export const usePlaying = (key: string): number | null =>
  useStore(playing, (now) => (now?.key === key ? now.at : null));

/** Which list is heard. */
export const usePlayingKey = (): string | null => useStore(playing, (now) => now?.key ?? null);
