/** The desk's one live store: the pure reducer of the kit, fed by the connections. */

import { LiveClient } from "@kit/live";
import { emptyLiveState, reduceLive, type LiveAction, type LiveState } from "@kit/live-state";
import type { ClientMessage, ServerMessage, Topic } from "@kit/live-types";
import { createStore, useStore } from "@kit/store";
import { useEffect } from "react";

const live = createStore<LiveState>(emptyLiveState);
const clients = new Map<Topic, LiveClient>();
const listeners = new Set<(message: ServerMessage) => void>();
const returns = new Set<(topic: Topic) => void>();

export const liveState = () => live.get();
export const dispatchLive = (action: LiveAction) => live.set(reduceLive(live.get(), action));
export const sendLive = (message: ClientMessage) => clients.get("me")?.send(message);

export function useLive<T>(select: (state: LiveState) => T): T {
  return useStore(live, select);
}

/** Hear each live message after the store took it. */
export function onLiveMessage(listener: (message: ServerMessage) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Hear that a connection came back after a loss. */
export function onLiveReturn(listener: (topic: Topic) => void): () => void {
  returns.add(listener);
  return () => returns.delete(listener);
}

/** Keep the topic's connection while the component is on the screen. */
export function useLiveTopic(topic: Topic, enabled: boolean, onSessionEnded: () => void): void {
  useEffect(() => {
    if (!enabled) return;
    const client = new LiveClient({
      topic,
      dispatch: dispatchLive,
      onMessage: (message) => listeners.forEach((listener) => listener(message)),
      onOpen: (again) => {
        if (again) returns.forEach((listener) => listener(topic));
      },
      onSessionEnded,
    });
    clients.set(topic, client);
    return () => {
      client.stop();
      clients.delete(topic);
    };
  }, [topic, enabled, onSessionEnded]);
}

/** Forget everything of the person who signed out. */
export const clearLive = () => live.set(emptyLiveState);
