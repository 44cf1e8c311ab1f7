/**
 * The live line to the server: a WebSocket that comes back by itself, and polling while it cannot be had.
 *
 * `live` frames come at once; `polling` is as correct but slower; `down` means that neither answers.
 */
import { ApiError } from "./api";
import type { Frame } from "./types";

export type Line = "off" | "connecting" | "live" | "polling" | "down";
export type Timer = ReturnType<typeof setTimeout> | undefined;

export interface LiveHost {
  url: string;
  token: () => string | null;
  /** The number up to which this browser has all messages. */
  after: () => number;
  poll: () => Promise<unknown>;
  frame: (frame: Frame) => void;
  line: (line: Line) => void;
  /** The server does not know the token any more. */
  gone: () => void;
}

export interface Live {
  start: () => void;
  stop: () => void;
  /** Something has changed around us: look at the line now instead of at the next attempt. */
  kick: () => void;
  send: (type: "typing" | "ping" | "delivered", seq?: number) => void;
}

const POLL_EVERY = 5_000;
const PING_EVERY = 25_000;
const ANSWER_WITHIN = 8_000;
const LONGEST_PAUSE = 30_000;
const CLOSED_TOKEN = 4401;
const CLOSED_FLOOD = 4429;

export function openLive(host: LiveHost, random: () => number = Math.random): Live {
  let socket: WebSocket | undefined;
  let line: Line = "off";
  let failures = 0;
  let retry: Timer;
  let watchdog: Timer; // gives the socket up when an answer is overdue
  let heartbeat: Timer;
  let polling: Timer;

  const say = (next: Line) => {
    if (next !== line) host.line((line = next));
  };

  const drop = () => {
    clearTimeout(watchdog);
    clearTimeout(heartbeat);
    const old = socket;
    socket = undefined;
    old?.close();
  };

  const stop = () => {
    say("off");
    drop();
    clearTimeout(retry);
    clearTimeout(polling);
    polling = undefined;
  };

  const send: Live["send"] = (type, seq) => {
    if (line === "live") socket?.send(JSON.stringify({ type, seq }));
  };

  const ping = () => {
    send("ping");
    clearTimeout(watchdog);
    // A network that went away silently shows only by the missing answer.
    watchdog = setTimeout(() => lost(0), ANSWER_WITHIN);
  };

  const connect = () => {
    clearTimeout(retry);
    drop();
    let mine: WebSocket;
    try {
      mine = socket = new WebSocket(host.url);
    } catch {
      lost(0); // the page's policy forbids it
      return;
    }
    watchdog = setTimeout(() => lost(0), ANSWER_WITHIN);
    mine.onopen = () => mine.send(JSON.stringify({ type: "hello", token: host.token(), after: host.after() }));
    mine.onmessage = (event) => {
      if (mine !== socket) return;
      let frame: Frame;
      try {
        frame = JSON.parse(String(event.data)) as Frame;
      } catch {
        return;
      }
      if (frame.type === "state" && line !== "live") {
        failures = 0;
        clearTimeout(polling);
        polling = undefined;
        say("live");
      }
      if (line === "live") {
        clearTimeout(watchdog);
        clearTimeout(heartbeat);
        heartbeat = setTimeout(ping, PING_EVERY);
      }
      host.frame(frame);
    };
    mine.onclose = (event) => {
      if (mine === socket) lost(event.code);
    };
  };

  const lost = (code: number) => {
    drop();
    if (code === CLOSED_TOKEN) {
      stop();
      host.gone();
      return;
    }
    failures += 1;
    if (line === "live") say("connecting");
    const ceiling = code === CLOSED_FLOOD ? LONGEST_PAUSE * 2 : Math.min(LONGEST_PAUSE, 500 * 2 ** failures);
    retry = setTimeout(connect, ceiling * (0.5 + random() / 2));
    if (failures > 1 && polling === undefined) pollIn(0);
  };

  const pollIn = (pause: number) => {
    clearTimeout(polling);
    const turn: Timer = setTimeout(() => {
      void host
        .poll()
        .then(
          () => "polling" as const,
          (error: unknown) => (error instanceof ApiError && error.gone ? null : ("down" as const)),
        )
        .then((next) => {
          if (turn !== polling) return; // the socket came back, or all was stopped
          if (next === null) {
            stop();
            host.gone();
            return;
          }
          say(next);
          pollIn(POLL_EVERY);
        });
    }, pause);
    polling = turn;
  };

  const kick = () => {
    if (line === "off") return;
    if (line === "live" && navigator.onLine) ping();
    else if (line === "live") lost(0);
    else {
      failures = Math.min(failures, 2);
      connect();
      if (polling !== undefined) pollIn(0);
    }
  };

  addEventListener("online", kick);
  addEventListener("offline", kick);
  document.addEventListener("visibilitychange", kick);

  return {
    start: () => {
      if (line !== "off") return;
      failures = 0;
      say("connecting");
      connect();
    },
    stop,
    kick,
    send,
  };
}
