/** Live connection of one topic: hello, snapshot, changes; reconnects with backoff and jitter, for ever. */

import { learnServerTime, serverNow } from "./clock";
import type { LiveAction } from "./live-state";
import type { ClientMessage, ServerMessage, Topic } from "./live-types";

const PING_MS = 10_000;
const LONGEST_WAIT = 15;
const SESSION_ENDED = 4401;

/** Seconds before attempt `attempt` (1-based): doubles up to a limit, and no two desks wait equally long. */
export function backoff(attempt: number, random: number = Math.random()): number {
  return Math.min(LONGEST_WAIT, 0.5 * 2 ** (attempt - 1)) * (0.5 + random / 2);
}

export interface LiveClientOptions {
  topic: Topic;
  dispatch: (action: LiveAction) => void;
  /** Each time the connection is (again) there, before the snapshot. */
  onOpen?: (again: boolean) => void;
  onMessage?: (message: ServerMessage) => void;
  onSessionEnded?: () => void;
}

export class LiveClient {
  private socket: WebSocket | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private pinger: ReturnType<typeof setInterval> | undefined;
  private unanswered = false;
  private attempt = 0;
  private opened = false;
  private stopped = false;

  constructor(private readonly options: LiveClientOptions) {
    addEventListener("online", this.hurry);
    addEventListener("offline", this.giveUp);
    this.connect();
  }

  send(message: ClientMessage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  stop(): void {
    this.stopped = true;
    removeEventListener("online", this.hurry);
    removeEventListener("offline", this.giveUp);
    clearTimeout(this.retry);
    clearInterval(this.pinger);
    this.socket?.close(1000);
    this.link({ phase: "ended" });
  }

  private link(link: Extract<LiveAction, { type: "link" }>["link"]): void {
    this.options.dispatch({ type: "link", topic: this.options.topic, link });
  }

  private readonly hurry = (): void => {
    if (this.retry === undefined) return;
    clearTimeout(this.retry);
    this.connect();
  };

  /** The browser knows that the network is gone; the socket would notice much later. */
  private readonly giveUp = (): void => {
    const socket = this.socket;
    if (!socket) return;
    socket.close();
    this.lost(socket, 0);
  };

  private connect(): void {
    this.retry = undefined;
    this.link({ phase: "connecting", attempt: this.attempt, retryAt: null });
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/live`);
    this.socket = socket;
    // A connection that does not open is given up like one that does not answer.
    this.watch(socket, true);
    socket.onopen = () => {
      this.send({ type: "hello", topics: [this.options.topic] });
      this.watch(socket, false);
      this.ping(socket);
    };
    socket.onmessage = (event: MessageEvent<string>) => {
      // What an abandoned connection still brings is older than what the new one told.
      if (this.socket === socket) this.receive(JSON.parse(event.data) as ServerMessage);
    };
    socket.onclose = (event) => this.lost(socket, event.code);
  }

  private receive(message: ServerMessage): void {
    this.unanswered = false;
    if (message.type === "pong") {
      if (typeof message.t === "number") this.link({ latency: Math.round(performance.now() - message.t) });
      return;
    }
    if (message.type === "snapshot" || message.type === "changes") learnServerTime(message.at);
    if (message.type === "snapshot") {
      this.options.onOpen?.(this.opened);
      this.opened = true;
      this.attempt = 0;
    }
    this.options.dispatch({ type: "server", message, now: serverNow() });
    if (message.type === "snapshot") this.link({ phase: "open", attempt: 0, retryAt: null, lostAt: null });
    this.options.onMessage?.(message);
  }

  private watch(socket: WebSocket, unanswered: boolean): void {
    this.unanswered = unanswered;
    clearInterval(this.pinger);
    this.pinger = setInterval(() => this.ping(socket), PING_MS);
  }

  private ping(socket: WebSocket): void {
    // Nothing came since the last ping: the line is dead although the socket does not know it yet.
    if (this.unanswered) {
      socket.close();
      this.lost(socket, 0);
      return;
    }
    this.unanswered = true;
    this.send({ type: "ping", t: performance.now() });
  }

  private lost(socket: WebSocket, code: number): void {
    if (this.stopped || this.socket !== socket) return;
    this.socket = null;
    clearInterval(this.pinger);
    if (code === SESSION_ENDED) {
      this.stop();
      this.options.onSessionEnded?.();
      return;
    }
    const wait = backoff(++this.attempt);
    this.options.dispatch({ type: "link", topic: this.options.topic, link: { latency: null } });
    this.link({
      phase: "waiting",
      attempt: this.attempt,
      retryAt: serverNow() + wait,
      ...(this.attempt === 1 ? { lostAt: serverNow() } : {}),
    });
    this.retry = setTimeout(() => this.connect(), wait * 1000);
  }
}
