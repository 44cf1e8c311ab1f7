/** One call: the socket to the server, the browser's leg, and coming back when either breaks. No screen here. */
import { Call } from "../../../kit/call";
import { MicrophoneError, openMicrophone } from "../../../kit/microphone";

export type Phase = "ask" | "microphone" | "connecting" | "menu" | "queue" | "message" | "talking" | "held" | "grade" | "ended";

export interface Standing {
  phase: Phase;
  /** Nothing comes through at the moment. */
  lost: boolean;
  muted: boolean;
  /** The browser plays no sound before a click. */
  blocked: boolean;
  /** The microphone was pulled out. */
  deviceLost: boolean;
  /** Why it is over: a reason of the server, `microphone.…`, or a code of a refusal. */
  reason: string;
  /** When the call began, and the talk: POSIX milliseconds, 0 when not yet. */
  began: number;
  answered: number;
}

export interface Hello {
  url: string;
  entry: string;
  language: string;
  token: string;
  number: string | null;
  chat: string | null;
}

type Word = { type: "offer"; leg: string; sdp: string } | { type: "state"; state: Phase } | { type: "ended"; reason: string } | { type: "problem"; code: string } | { type: "moved" };

/** How long the way to the server, or the audio, may be away; the server waits as long. */
const PATIENCE = 20_000;
const RETRY = 800;

export const IDLE: Standing = { phase: "ask", lost: false, muted: false, blocked: false, deviceLost: false, reason: "", began: 0, answered: 0 };

export class Line {
  standing: Standing = { ...IDLE };
  private readonly hello: Hello;
  private readonly changed: () => void;
  private socket: WebSocket | null = null;
  private call: Call | null = null;
  private track: MediaStreamTrack | null = null;
  private begun = false;
  private awaySince = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private joining: ReturnType<typeof setTimeout> | undefined;

  constructor(hello: Hello, changed: () => void) {
    this.hello = hello;
    this.changed = changed;
  }

  get token(): string {
    return this.hello.token;
  }

  /** Ask for the microphone, then call; `resume`: take back a call that this tab had before a reload, and as it was. */
  async start(resume: boolean, was: Pick<Standing, "answered" | "muted">): Promise<void> {
    this.begun = resume;
    this.set({ phase: "microphone", began: Date.now(), ...was });
    try {
      this.track = await openMicrophone();
    } catch (error) {
      this.end(`microphone.${error instanceof MicrophoneError ? error.fault : "busy"}`);
      return;
    }
    if (this.standing.phase === "ended") {
      this.track.stop();
      return;
    }
    this.set({ phase: "connecting" });
    this.connect();
  }

  press(key: string): void {
    this.call?.press(key);
  }

  mute(): void {
    const muted = !this.standing.muted;
    if (this.call) this.call.muted = muted;
    this.set({ muted });
  }

  /** Play after all, from a click. */
  unblock(): void {
    this.set({ blocked: false });
    void this.call?.resume();
  }

  hangUp(): void {
    this.say({ type: "hang_up" });
    this.end("caller");
  }

  private set(change: Partial<Standing>): void {
    this.standing = { ...this.standing, ...change };
    this.changed();
  }

  private say(frame: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  private connect(): void {
    const { url, ...hello } = this.hello;
    const socket = (this.socket = new WebSocket(url));
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", ...hello, resume: this.begun }));
    socket.onmessage = ({ data }) => this.heard(JSON.parse(String(data)) as Word);
    socket.onclose = ({ code }) => {
      if (socket !== this.socket || this.standing.phase === "ended") return;
      const again = code < 4000 || code === 4408;
      if (again) this.away();
      else this.end(code === 4429 ? "busy" : "failed");
    };
  }

  private heard(word: Word): void {
    switch (word.type) {
      case "offer":
        this.begun = true;
        void this.answer(word.leg, word.sdp);
        break;
      case "state":
        this.set({ phase: word.state, answered: this.standing.answered || (word.state === "talking" ? Date.now() : 0) });
        break;
      case "ended":
        this.end(word.reason);
        break;
      case "problem":
        this.end(word.code);
        break;
      case "moved":
        this.end("moved");
    }
  }

  private async answer(leg: string, offer: string): Promise<void> {
    const track = this.track?.clone();
    if (!track) return;
    this.call?.close();
    const call = (this.call = new Call({
      microphone: track,
      onState: (state) => {
        if (call !== this.call) return;
        if (state === "connected") this.back();
        else if (state === "lost" || state === "failed") this.away();
      },
      onMicrophoneLost: () => this.set({ deviceLost: true }),
      onPlaybackBlocked: () => this.set({ blocked: true }),
    }));
    call.muted = this.standing.muted;
    try {
      const sdp = await call.answer(offer);
      this.say({ type: "answer", leg, sdp });
    } catch {
      if (call === this.call) this.end("failed");
    }
  }

  private back(): void {
    clearTimeout(this.timer);
    clearTimeout(this.joining);
    this.awaySince = 0;
    this.set({ lost: false });
  }

  /** The way or the audio broke: try again and again, for as long as the server keeps the call. */
  private away(): void {
    this.awaySince ||= Date.now();
    this.set({ lost: true });
    clearTimeout(this.joining);
    clearTimeout(this.timer);
    const left = this.awaySince + PATIENCE - Date.now();
    if (left <= 0) {
      this.end("lost");
      return;
    }
    this.timer = setTimeout(() => this.end("lost"), left);
    this.joining = setTimeout(() => {
      if (this.socket?.readyState === WebSocket.OPEN) {
        this.say({ type: "join" });
        this.joining = setTimeout(() => this.away(), 5 * RETRY);
      } else this.connect();
    }, RETRY);
  }

  private end(reason: string): void {
    if (this.standing.phase === "ended") return;
    clearTimeout(this.timer);
    clearTimeout(this.joining);
    this.set({ phase: "ended", reason, lost: false });
    this.call?.close();
    this.track?.stop();
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }
}
