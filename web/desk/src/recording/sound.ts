import type { RecordingOpening } from "@kit/api";
import { api, soundUrl, type RecordingPart } from "@kit/client";
import { createStore } from "@kit/store";

export interface SoundState {
  /** Where one is, in seconds. */
  at: number;
  playing: boolean;
  /** It was asked for and has not come yet. */
  loading: boolean;
  /** What the server refused, or that the sound broke off. */
  error: unknown;
  rate: number;
}

/** The sound broke off: the file, the line or the right to hear it. The next try opens it anew. */
export class SoundLost extends Error {}

/** Plays the recording of a contact. The first listening opens it, and that is written into the journal once. */
export class Sound {
  readonly state = createStore<SoundState>({ at: 0, playing: false, loading: false, error: null, rate: 1 });
  private readonly audio = new Audio();
  private opening: RecordingOpening | null = null;
  private frame = 0;

  constructor(
    private readonly contact: string,
    private readonly part: RecordingPart,
    private readonly seconds: number,
  ) {
    const { audio } = this;
    audio.addEventListener("playing", () => this.begun());
    audio.addEventListener("waiting", () => this.tell({ loading: true }));
    audio.addEventListener("pause", () => this.stopped());
    audio.addEventListener("ended", () => this.stopped());
    audio.addEventListener("error", () => this.lost());
  }

  toggle(): void {
    if (this.state.get().playing || this.state.get().loading) this.audio.pause();
    else void this.play();
  }

  seek(to: number): void {
    const at = Math.min(this.seconds, Math.max(0, to));
    this.tell({ at });
    if (this.opening) this.audio.currentTime = at;
  }

  setRate(rate: number): void {
    this.tell({ rate });
    this.audio.playbackRate = this.audio.defaultPlaybackRate = rate;
  }

  /** Be silent and let the connection go; another `toggle` begins anew. */
  close(): void {
    this.audio.pause();
    this.opening = null;
    this.audio.removeAttribute("src");
    this.audio.load();
  }

  private async play(): Promise<void> {
    const { audio } = this;
    this.tell({ loading: true, error: null });
    try {
      if (!this.opening || this.opening.expires_at * 1000 < Date.now()) {
        this.opening = await api.post<RecordingOpening>(`/contacts/${this.contact}/recording/openings?part=${this.part}`);
        audio.src = soundUrl(this.contact, this.part, this.opening.token);
      }
      const { at } = this.state.get();
      const from = at >= this.seconds - 0.05 ? 0 : at;
      if (Math.abs(audio.currentTime - from) > 0.05) audio.currentTime = from;
      await audio.play();
    } catch (error) {
      // A pause while the sound was on its way is no failure, and a broken sound is told by its own event.
      this.tell({ loading: false, ...(error instanceof DOMException ? {} : { error }) });
    }
  }

  private begun(): void {
    this.tell({ loading: false, playing: true });
    cancelAnimationFrame(this.frame);
    const follow = () => {
      if (!this.audio.seeking) this.tell({ at: this.audio.currentTime });
      this.frame = requestAnimationFrame(follow);
    };
    this.frame = requestAnimationFrame(follow);
  }

  private stopped(): void {
    cancelAnimationFrame(this.frame);
    this.tell({ loading: false, playing: false });
  }

  private lost(): void {
    if (!this.opening) return;
    this.close();
    this.stopped();
    this.tell({ error: new SoundLost() });
  }

  private tell(change: Partial<SoundState>): void {
    this.state.set({ ...this.state.get(), ...change });
  }
}
