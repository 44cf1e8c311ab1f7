/**
 * The live line to the server: a WebSocket that comes back by itself, and polling while it cannot be had.
 *
 * `live` frames come at once; `polling` is as correct but slower; `down` means that neither answers.
 */
import { ApiError } from "./api";
import type { Frame, ThreadPage } from "./types";

export type Line = "off" | "connecting" | "live" | "polling" | "down";

export interface LiveHost {
  url: string;
  token(): string | null;
  /** The number up to which this browser has all messages. */
  after(): number;
  poll(): Promise<ThreadPage>;
  frame(frame: Frame): void;
  line(line: Line): void;
  /** The server does not know the token any more. */
  gone(): void;
}

const POLL_EVERY = 5_000;
const PING_EVERY = 25_000;
const PONG_WITHIN = 8_000;
const OPEN_WITHIN = 8_000;
const LONGEST_PAUSE = 30_000;
const CLOSED_TOKEN = 4401;
const CLOSED_FLOOD = 4429;

export class Live {
  private socket: WebSocket | null = null;
  private line: Line = "off";
  private failures = 0;
  private answersPings = false;
  private retry: Timer;
  private watchdog: Timer;
  private heartbeat: Timer;
  private polling: Timer;

  constructor(
    private readonly host: LiveHost,
    private readonly random: () => number = Math.random,
  ) {
    addEventListener("online", () => this.kick());
    addEventListener("offline", () => this.kick());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.kick();
    });
  }

  start(): void {
    if (this.line !== "off") return;
    this.say("connecting");
    this.connect();
  }

  stop(): void {
    this.say("off");
    this.failures = 0;
    this.drop();
    clearTimeout(this.retry);
    clearTimeout(this.polling);
    this.polling = undefined;
  }

  /** Something has changed around us: look at the line now instead of at the next attempt. */
  kick(): void {
    if (this.line === "off") return;
    if (this.line === "live") this.ping();
    else {
      this.failures = Math.min(this.failures, 2);
      this.connect();
      if (this.polling !== undefined) this.pollIn(0);
    }
  }

  send(frame: { type: "typing" | "ping" }): void {
    if (this.line === "live") this.socket?.send(JSON.stringify(frame));
  }

  private connect(): void {
    clearTimeout(this.retry);
    this.drop();
    let socket: WebSocket;
    try {
      socket = new WebSocket(this.host.url);
    } catch {
      this.lost(0);
      return;
    }
    this.socket = socket;
    this.watchdog = setTimeout(() => this.fail(socket, 0), OPEN_WITHIN);
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token: this.host.token(), after: this.host.after() }));
    socket.onmessage = (event) => this.receive(socket, event.data);
    socket.onclose = (event) => this.fail(socket, event.code);
  }

  private receive(socket: WebSocket, data: unknown): void {
    if (socket !== this.socket || typeof data !== "string") return;
    const frame = parse(data);
    if (frame === null) return;
    if (frame.type === "pong") this.answersPings = true;
    if (this.line !== "live" && frame.type === "state") this.opened();
    else if (this.line === "live") this.alive();
    this.host.frame(frame);
  }

  private opened(): void {
    this.failures = 0;
    clearTimeout(this.polling);
    this.polling = undefined;
    this.say("live");
    this.alive();
  }

  private alive(): void {
    clearTimeout(this.watchdog);
    clearTimeout(this.heartbeat);
    this.heartbeat = setTimeout(() => this.ping(), PING_EVERY);
  }

  private ping(): void {
    const socket = this.socket;
    if (socket === null) return;
    this.send({ type: "ping" });
    clearTimeout(this.heartbeat);
    clearTimeout(this.watchdog);
    // A network that went away silently shows only by the missing answer.
    if (this.answersPings) this.watchdog = setTimeout(() => this.fail(socket, 0), PONG_WITHIN);
    else this.heartbeat = setTimeout(() => this.ping(), PING_EVERY);
  }

  private fail(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return;
    this.drop();
    if (this.line === "off") return;
    if (code === CLOSED_TOKEN) {
      this.stop();
      this.host.gone();
    } else this.lost(code);
  }

  private lost(code: number): void {
    this.failures += 1;
    if (this.line === "live") this.say("connecting");
    const ceiling = Math.min(LONGEST_PAUSE, 500 * 2 ** this.failures);
    const pause = code === CLOSED_FLOOD ? LONGEST_PAUSE : ceiling * (0.5 + this.random() / 2);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.connect(), pause);
    if (this.failures >= 2 && this.polling === undefined) this.pollIn(0);
  }

  private pollIn(pause: number): void {
    clearTimeout(this.polling);
    this.polling = setTimeout(() => void this.pollOnce(), pause);
  }

  private async pollOnce(): Promise<void> {
    const turn = this.polling;
    try {
      await this.host.poll();
      if (turn === this.polling && !this.ended()) this.say("polling");
    } catch (error) {
      if (turn !== this.polling || this.ended()) return;
      if (error instanceof ApiError && error.gone) {
        this.stop();
        this.host.gone();
        return;
      }
      this.say("down");
    }
    if (turn === this.polling && !this.ended()) this.pollIn(POLL_EVERY);
  }

  private ended(): boolean {
    return this.line === "off" || this.line === "live";
  }

  private drop(): void {
    clearTimeout(this.watchdog);
    clearTimeout(this.heartbeat);
    const socket = this.socket;
    this.socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private say(line: Line): void {
    if (line === this.line) return;
    this.line = line;
    this.host.line(line);
  }
}

type Timer = ReturnType<typeof setTimeout> | undefined;

function parse(data: string): Frame | null {
  try {
    const frame: unknown = JSON.parse(data);
    return typeof frame === "object" && frame !== null && "type" in frame ? (frame as Frame) : null;
  } catch {
    return null;
  }
}
