/**
 * What is on its way to the server: texts (kept in the browser) and files (kept in this page), sent one by one in
 * order, again and again until the server has answered. The id is made here once, so a repeated attempt never
 * makes a second message.
 */
import { ApiError, type Progress } from "./api";
import { uuid7 } from "./ids";
import type { Timer } from "./live";
import type { Storage } from "./storage";

export interface Unsent {
  id: string;
  at: number;
  text: string;
  reason: string | null;
  file?: File;
}

/** `waiting` is tried again by itself; `failed` was refused: the subscriber decides. */
export interface Outgoing extends Unsent {
  sending: "sending" | "waiting" | "failed";
  code: string;
  /** Share of a file sent, 0…1. */
  progress: number;
}

export interface OutboxHost {
  deliver: (item: Unsent, progress: Progress) => Promise<unknown>;
  /** Called after each change, and each second of a pause that the server asked for; `pause` is what is left of it. */
  changed: (items: Outgoing[], pause: number) => void;
  /** The thread is over or unknown. True when sending may go on, to a new one. */
  gone: () => boolean;
}

export const MAX_FILE = 10 * 1024 * 1024;
export const ACCEPT = "image/png,image/jpeg,image/gif,image/webp,application/pdf";

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

export type Outbox = ReturnType<typeof openOutbox>;

/** Why a file may not be sent, or null. The server looks at the content, this only saves a needless upload. */
export function refuse(file: File): "file.too_large" | "file.type" | null {
  if (file.size > MAX_FILE) return "file.too_large";
  return file.size > 0 && ACCEPT.split(",").includes(file.type) ? null : "file.type";
}

export function openOutbox(storage: Storage, host: OutboxHost) {
  const files = new Map<string, Unsent>();
  const refused = new Map<string, string>();
  let progress = 0;
  let latest = 0;
  let pausedUntil = 0;
  let attempts = 0;
  let busy = false;
  let retry: Timer;
  let tick: Timer;

  /** UUIDv7 sort by time, so the order of ids is the order of writing. */
  const items = (): Unsent[] =>
    [...storage.keys("out:").flatMap((key) => parse(storage.get(key))), ...files.values()].sort((a, b) => (a.id < b.id ? -1 : 1));

  const changed = () => {
    const pause = Math.max(0, Math.ceil((pausedUntil - Date.now()) / 1000));
    clearTimeout(tick);
    if (pause > 0) tick = setTimeout(changed, 1000);
    host.changed(
      items().map((item) => ({
        ...item,
        sending: refused.has(item.id) ? "failed" : attempts > 0 || pause > 0 ? "waiting" : "sending",
        code: refused.get(item.id) ?? "",
        progress,
      })),
      pause,
    );
  };

  const later = (pause: number) => {
    clearTimeout(retry);
    retry = setTimeout(flush, pause);
  };

  const remove = (id: string) => {
    refused.delete(id);
    files.delete(id);
    storage.set(`out:${id}`, null);
    changed();
  };

  /** True when the next message may be tried at once. */
  const survive = (id: string, error: unknown): boolean => {
    const refusal = error instanceof ApiError ? error : new ApiError(0);
    if (refusal.status === 429) {
      const pause = (refusal.retryAfter ?? 5) * 1000;
      pausedUntil = Date.now() + pause;
      later(pause);
    } else if (refusal.transient) {
      later(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempts++));
    } else if (refusal.gone) {
      return host.gone();
    } else {
      refused.set(id, refusal.code);
      return true;
    }
    return false;
  };

  const run = async () => {
    for (;;) {
      const item = items().find(({ id }) => !refused.has(id));
      if (item === undefined) return;
      try {
        progress = 0;
        await host.deliver(item, (share) => {
          progress = share;
          changed();
        });
        attempts = 0;
        remove(item.id);
      } catch (error) {
        if (!survive(item.id, error)) return;
      }
      changed();
    }
  };

  /** Sends what waits. Safe to call at any time: after a reconnect, from several tabs, twice at once. */
  const flush = () => {
    if (busy || Date.now() < pausedUntil) return;
    clearTimeout(retry);
    busy = true;
    void alone(run).finally(() => {
      busy = false;
      changed();
    });
  };

  return {
    flush,
    remove,
    /** Shows again what is stored: another tab may have changed it. */
    changed,
    add: (text: string, reason: string | null, file?: File) => {
      const now = (latest = Math.max(Date.now(), latest + 1)); // two in one millisecond keep their order
      const item: Unsent = { id: uuid7(now), at: now / 1000, text, reason };
      if (file === undefined) storage.set(`out:${item.id}`, JSON.stringify(item));
      else files.set(item.id, { ...item, file });
      changed();
      flush();
    },
    /** The subscriber asks for another attempt. */
    again: (id: string) => {
      refused.delete(id);
      changed();
      flush();
    },
  };
}

function parse(text: string | null): Unsent[] {
  try {
    const item = JSON.parse(text ?? "") as Unsent;
    return item.id ? [item] : [];
  } catch {
    return [];
  }
}

/** One tab at a time, where the browser can promise that; the ids keep it correct where it cannot. */
function alone(work: () => Promise<void>): Promise<void> {
  const locks = navigator.locks as LockManager | null | undefined;
  return locks?.request("teplo", work) ?? work();
}
