/** Messages of a contact: loading, filling gaps, sending with an id of ours, and telling what was read. */

import type { Message, MessagePage } from "@kit/api";
import { ApiError, api, query } from "@kit/client";
import { serverNow } from "@kit/clock";
import { newId } from "@kit/ids";
import type { Outgoing } from "@kit/live-state";
import { useEffect } from "react";
import { dispatchLive, liveState, onLiveReturn, useLive } from "../live/store";

const PAGE = 500;
const loading = new Set<string>();

/** Ask for everything after what we surely have. One question per contact at a time. */
export async function loadMessages(contact: string): Promise<void> {
  if (loading.has(contact)) return;
  loading.add(contact);
  try {
    let full = true;
    while (full) {
      const after = liveState().threads[contact]?.upTo ?? 0;
      const path = `/contacts/${contact}/messages${query({ after, limit: PAGE, whole_thread: "true" })}`;
      const page = await api.get<MessagePage>(path);
      full = page.items.length === PAGE;
      const upTo = full ? (page.items.at(-1)?.seq ?? page.last_seq) : page.last_seq;
      dispatchLive({ type: "page", contact, page: { ...page, last_seq: upTo } });
    }
  } finally {
    loading.delete(contact);
  }
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
    dispatchLive({ type: "unsent", id: outgoing.id, code: error instanceof ApiError ? error.code : "client" });
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
  toldRead.set(contact, seq);
  try {
    await api.post(`/contacts/${contact}/read`, { seq });
    dispatchLive({ type: "read", contact, seq });
  } catch {
    toldRead.delete(contact);
  }
}
