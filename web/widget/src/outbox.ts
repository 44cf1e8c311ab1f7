/**
 * Unsent messages: kept in the browser, sent one by one in order, again and again until the server has answered.
 * The id is made here once, so a repeated attempt never makes a second message.
 */
import { ApiError } from "./api";
import { uuid7 } from "./ids";
import type { Key, Storage } from "./storage";

export interface Unsent {
  id: string;
  at: number;
  text: string;
  reason: string | null;
}

/** `waiting`: will be tried again by itself; `failed`: the server said no, the subscriber decides. */
export type Sending = "sending" | "waiting" | "failed";

export interface OutboxHost {
  deliver(item: Unsent): Promise<void>;
  changed(): void;
  /** The thread is over or unknown. True when sending may go on, to a new one. */
  gone(): boolean;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

export class Outbox {
  /** Code of the server's refusal by message id. */
  readonly refused = new Map<string, string>();
  /** Browser time in ms until which the server asked us to be silent; 0 when it did not. */
  pausedUntil = 0;
  private busy = false;
  private attempts = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly storage: Storage,
    private readonly host: OutboxHost,
  ) {}

  items(): Unsent[] {
    return this.storage.keys("out:").flatMap((key) => {
      const item = parse(this.storage.get(key));
      return item === null ? [] : [item];
    });
  }

  sending(item: Unsent): Sending {
    if (this.refused.has(item.id)) return "failed";
    return this.attempts > 0 || this.pausedUntil > 0 ? "waiting" : "sending";
  }

  add(text: string, reason: string | null): void {
    const now = Date.now();
    const item: Unsent = { id: uuid7(now), at: now / 1000, text, reason };
    this.storage.set(keyOf(item), JSON.stringify(item));
    this.host.changed();
    this.flush();
  }

  remove(item: Unsent): void {
    this.storage.set(keyOf(item), null);
    this.refused.delete(item.id);
    this.host.changed();
  }

  /** The subscriber asks for another attempt. */
  again(item: Unsent): void {
    this.refused.delete(item.id);
    this.host.changed();
    this.flush();
  }

  /** Sends what waits. Safe to call at any time: after a reconnect, from several tabs, twice at once. */
  flush(): void {
    if (this.busy || Date.now() < this.pausedUntil) return;
    clearTimeout(this.retry);
    this.busy = true;
    void alone("teplo-outbox", () => this.run()).finally(() => {
      this.busy = false;
      this.host.changed();
    });
  }

  private async run(): Promise<void> {
    this.pausedUntil = 0;
    for (;;) {
      const item = this.items().find((waiting) => !this.refused.has(waiting.id));
      if (item === undefined) return;
      try {
        await this.host.deliver(item);
        this.attempts = 0;
        this.remove(item);
      } catch (error) {
        if (!this.survive(item, error)) return;
      }
    }
  }

  /** True when the next message may be tried at once. */
  private survive(item: Unsent, error: unknown): boolean {
    const refusal = error instanceof ApiError ? error : new ApiError(0, "unknown");
    if (refusal.status === 429) {
      const pause = (refusal.retryAfter ?? 5) * 1000;
      this.pausedUntil = Date.now() + pause;
      this.later(pause);
    } else if (refusal.transient) {
      this.attempts += 1;
      this.later(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.attempts - 1)));
    } else if (refusal.gone) {
      return this.host.gone();
    } else {
      this.refused.set(item.id, refusal.code);
      this.host.changed();
      return true;
    }
    this.host.changed();
    return false;
  }

  private later(pause: number): void {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.flush(), pause);
  }
}

function keyOf(item: Unsent): Key {
  return `out:${item.id}`; // a UUIDv7, so the keys sort by time
}

function parse(text: string | null): Unsent | null {
  try {
    const item = JSON.parse(text ?? "") as Unsent;
    return typeof item.id === "string" && typeof item.text === "string" ? item : null;
  } catch {
    return null;
  }
}

/** One tab at a time, where the browser can promise that; the ids keep it correct where it cannot. */
function alone(name: string, work: () => Promise<void>): Promise<void> {
  const locks = (navigator as { locks?: LockManager }).locks;
  return locks === undefined ? work() : locks.request(name, work);
}
