/** Files on their way to the server, one at a time. They live in this page only: a reload drops them. */
import { ApiError } from "./api";
import { uuid7 } from "./ids";

export const MAX_FILE = 10 * 1024 * 1024;
export const ACCEPT = "image/png,image/jpeg,image/gif,image/webp,application/pdf";

export interface Upload {
  id: string;
  file: File;
  at: number;
  /** Share sent, 0…1. */
  progress: number;
  /** Code of the failure; null while it goes on. */
  error: string | null;
}

/** Why a file may not be sent, or null. The server looks at the content, this only saves a needless upload. */
export function refuse(file: File): "file.too_large" | "file.empty" | "file.type" | null {
  if (file.size > MAX_FILE) return "file.too_large";
  if (file.size === 0) return "file.empty";
  return ACCEPT.split(",").includes(file.type) ? null : "file.type";
}

export class Uploads {
  items: Upload[] = [];
  private busy = false;

  constructor(
    private readonly deliver: (upload: Upload, progress: (share: number) => void) => Promise<void>,
    private readonly changed: () => void,
  ) {}

  add(file: File): void {
    this.items = [...this.items, { id: uuid7(), file, at: Date.now() / 1000, progress: 0, error: null }];
    this.changed();
    void this.run();
  }

  again(id: string): void {
    this.patch(id, { error: null, progress: 0 });
    void this.run();
  }

  remove(id: string): void {
    this.items = this.items.filter((item) => item.id !== id);
    this.changed();
  }

  private async run(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    for (;;) {
      const next = this.items.find((item) => item.error === null);
      if (next === undefined) break;
      try {
        await this.deliver(next, (progress) => this.patch(next.id, { progress }));
        this.remove(next.id);
      } catch (error) {
        this.patch(next.id, { error: error instanceof ApiError ? error.code : "unknown" });
      }
    }
    this.busy = false;
  }

  private patch(id: string, patch: Partial<Upload>): void {
    this.items = this.items.map((item) => (item.id === id ? { ...item, ...patch } : item));
    this.changed();
  }
}
