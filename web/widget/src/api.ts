/** The widget API over HTTP. Every failure is an ApiError; status 0 means that no answer came. */
import type { Attachment, Entry, Language, Message, Receipts, ThreadPage, ThreadState } from "./types";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    /** Seconds the server asks to wait, or null. */
    readonly retryAfter: number | null = null,
  ) {
    super(code);
  }

  /** No answer or a fault of the server: the same request may succeed later. */
  get transient(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 408;
  }

  /** The server does not know this token, or the thread's 72 hours are over. */
  get gone(): boolean {
    return this.status === 401 || this.status === 404 || this.status === 410 || this.code.endsWith("expired");
  }
}

export interface Opening {
  entry: string;
  reason: string | null;
  language: Language;
  name?: string;
  number?: string;
  page?: string;
  message?: { id: string; text: string };
}

const TIMEOUT = 15_000;
const UPLOAD_TIMEOUT = 300_000;

export class Api {
  constructor(
    private readonly origin: string,
    private readonly token: () => string | null,
  ) {}

  get liveUrl(): string {
    return `${this.origin.replace(/^http/, "ws")}/api/v1/chat/live`;
  }

  entry(entry: string, language: Language): Promise<Entry> {
    return this.json("GET", `/entries/${encodeURIComponent(entry)}?language=${language}`);
  }

  start(opening: Opening): Promise<ThreadState> {
    return this.json("POST", "/thread", opening);
  }

  thread(after: number): Promise<ThreadPage> {
    return this.json("GET", `/thread?after=${after}`);
  }

  send(id: string, text: string): Promise<Message> {
    return this.json("POST", "/thread/messages", { id, text });
  }

  async read(seq: number): Promise<Receipts | null> {
    return this.json("POST", "/thread/read", { seq });
  }

  async end(): Promise<void> {
    await this.call("POST", "/thread/end", "{}");
  }

  async grade(grade: number, words: string): Promise<void> {
    await this.call("POST", "/thread/grade", JSON.stringify(words === "" ? { grade } : { grade, words }));
  }

  async transcript(language: Language): Promise<Blob> {
    return (await this.call("GET", `/thread/transcript?language=${language}`)).blob();
  }

  async file(file: Attachment): Promise<Blob> {
    return (await this.call("GET", `/files/${encodeURIComponent(file.id)}`)).blob();
  }

  /** XMLHttpRequest, because fetch does not tell the progress of an upload. */
  upload(id: string, file: File, progress: (share: number) => void): Promise<Message> {
    return new Promise((resolve, reject) => {
      const body = new FormData();
      body.append("id", id);
      body.append("file", file, file.name);
      const request = new XMLHttpRequest();
      request.open("POST", this.url("/thread/files"));
      request.setRequestHeader("Authorization", `Bearer ${this.token() ?? ""}`);
      request.responseType = "json";
      request.timeout = UPLOAD_TIMEOUT;
      request.upload.onprogress = (event) => progress(event.total > 0 ? event.loaded / event.total : 0);
      request.onerror = request.ontimeout = request.onabort = () => reject(new ApiError(0, "offline"));
      request.onload = () => {
        const answer = request.response as unknown;
        if (request.status < 300) resolve(answer as Message);
        else reject(refusal(request.status, answer, request.getResponseHeader("Retry-After")));
      };
      request.send(body);
    });
  }

  private url(path: string): string {
    return `${this.origin}/api/v1/chat${path}`;
  }

  private async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.call(method, path, body === undefined ? null : JSON.stringify(body));
    return (response.status === 204 ? null : await response.json()) as T;
  }

  private async call(method: string, path: string, body: string | null = null): Promise<Response> {
    const headers: Record<string, string> = {};
    const token = this.token();
    if (token !== null) headers["Authorization"] = `Bearer ${token}`;
    if (body !== null) headers["Content-Type"] = "application/json";
    let response: Response;
    try {
      response = await fetch(this.url(path), {
        method,
        headers,
        body,
        credentials: "omit",
        cache: "no-store",
        signal: AbortSignal.timeout(TIMEOUT),
      });
    } catch {
      throw new ApiError(0, "offline");
    }
    if (response.ok) return response;
    const problem: unknown = await response.json().catch(() => null);
    throw refusal(response.status, problem, response.headers.get("Retry-After"));
  }
}

function refusal(status: number, problem: unknown, retryAfter: string | null): ApiError {
  const fields = (typeof problem === "object" && problem !== null ? problem : {}) as { code?: unknown; details?: unknown };
  const details = (typeof fields.details === "object" && fields.details !== null ? fields.details : {}) as Record<string, unknown>;
  const seconds = Number(retryAfter ?? details["retry_after"] ?? details["seconds"] ?? NaN);
  return new ApiError(status, typeof fields.code === "string" ? fields.code : "unknown", seconds > 0 ? Math.ceil(seconds) : null);
}
