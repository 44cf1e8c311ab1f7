/** Messages of a contact: loading, filling gaps, sending with an id of ours, and telling what was read. */

import type { Message, MessagePage } from "@kit/api";
import { ApiError, api, query } from "@kit/client";
import { serverNow } from "@kit/clock";
import { newId } from "@kit/ids";
import type { Outgoing } from "@kit/live-state";
import { useEffect } from "react";
import { writeDraft } from "../composer/drafts";
import { dispatchLive, liveState, onLiveReturn, useLive } from "../live/store";

const PAGE = 500;

async function loadAll(contact: string): Promise<void> {
  let full = true;
  while (full) {
    const after = liveState().threads[contact]?.upTo ?? 0;
    const path = `/contacts/${contact}/messages${query({ after, limit: PAGE, whole_thread: "true" })}`;
    const page = await api.get<MessagePage>(path);
    full = page.items.length === PAGE;
    const upTo = full ? (page.items.at(-1)?.seq ?? page.last_seq) : page.last_seq;
    dispatchLive({ type: "page", contact, page: { ...page, last_seq: upTo } });
  }
}

const running = new Map<string, Promise<void>>();
const queued = new Map<string, Promise<void>>();

/**
 * Ask for everything after what we surely have, one question per contact at a time. Whoever asks while a question is
 * under way gets the answer of the next one: the first may have been asked before the connection was lost.
 */
export function loadMessages(contact: string): Promise<void> {
  const before = running.get(contact);
  if (before) {
    const waiting = queued.get(contact);
    if (waiting) return waiting;
    const next = before
      .catch(() => undefined)
      .then(() => {
        queued.delete(contact);
        return loadMessages(contact);
      });
    queued.set(contact, next);
    return next;
  }
  const load = loadAll(contact).finally(() => running.delete(contact));
  running.set(contact, load);
  return load;
}

/** Keep the contact's messages complete while it is on the screen. */
export function useMessages(contact: string, onError: (error: unknown) => void): void {
  const gap = useLive((state) => state.threads[contact]?.gap ?? true);
  const attempt = useLive((state) => state.links.me.phase === "open");
  useEffect(() => {
    if (gap && attempt) loadMessages(contact).catch(onError);
  }, [contact, gap, attempt, onError]);
  useEffect(
    () =>
      onLiveReturn((topic) => {
        if (topic === "me") loadMessages(contact).catch(onError);
      }),
    [contact, onError],
  );
}

const keepers = new Set<() => void>();

/** Hear that a text could not be sent, because the talk is over or elsewhere; it was kept as the draft. */
export function onKept(listener: () => void): () => void {
  keepers.add(listener);
  return () => keepers.delete(listener);
}

/** The talk ended or went elsewhere meanwhile: the failed message would not be seen, its words become the draft again. */
function keepWords({ id, contact, text }: Outgoing): void {
  const desk = liveState().desk;
  if (!desk || desk.work[contact]?.state === "talking") return;
  dispatchLive({ type: "discard", id });
  if (text) writeDraft(desk.me.id, contact, "reply", text);
  keepers.forEach((listener) => listener());
}

async function post(outgoing: Outgoing): Promise<void> {
  const path = `/contacts/${outgoing.contact}`;
  try {
    let message: Message;
    if (outgoing.file) {
      const form = new FormData();
      form.set("id", outgoing.id);
      form.set("file", outgoing.file);
      message = await api.post<Message>(`${path}/files`, form);
    } else {
      message = await api.post<Message>(`${path}/messages`, { id: outgoing.id, text: outgoing.text });
    }
    dispatchLive({ type: "sent", message });
  } catch (error) {
    const code = error instanceof ApiError ? error.code : "client";
    dispatchLive({ type: "unsent", id: outgoing.id, code });
    if (error instanceof ApiError && !error.isNetwork) keepWords(outgoing);
  }
}

function send(contact: string, text: string, file: File | null): void {
  const outgoing: Outgoing = { id: newId(), contact, text, file, at: serverNow(), error: null };
  dispatchLive({ type: "sending", outgoing });
  void post(outgoing);
}

export const sendText = (contact: string, text: string) => send(contact, text, null);
export const sendFile = (contact: string, file: File) => send(contact, "", file);

/** Try again with the same id: if the first try did arrive, nothing is doubled. */
export function resend(outgoing: Outgoing): void {
  const again = { ...outgoing, error: null };
  dispatchLive({ type: "sending", outgoing: again });
  void post(again);
}

const toldRead = new Map<string, number>();

/** The agent has seen the messages up to `seq`. */
export async function tellRead(contact: string, seq: number): Promise<void> {
  if ((toldRead.get(contact) ?? 0) >= seq) return;
  for (const other of toldRead.keys()) if (!liveState().threads[other]) toldRead.delete(other);
  toldRead.set(contact, seq);
  try {
    await api.post(`/contacts/${contact}/read`, { seq });
    dispatchLive({ type: "read", contact, seq });
  } catch {
    toldRead.delete(contact);
  }
}
