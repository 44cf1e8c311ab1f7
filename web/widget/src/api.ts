/** The widget API over HTTP. Every failure is an ApiError; status 0 means that no answer came. */
import type { Attachment, Entry, Language, Message, ThreadPage, ThreadState } from "./types";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code = "",
    /** Seconds the server asks to wait, or null. */
    readonly retryAfter: number | null = null,
  ) {
    super();
  }

  /** No answer or a fault of the server: the same request may succeed later. */
  get transient(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 408;
  }

  /** The server does not know this token, or the thread's 72 hours are over. */
  get gone(): boolean {
    return this.status === 401 || this.code.endsWith("expired");
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

export type Progress = (share: number) => void;
export type Api = ReturnType<typeof openApi>;

const TIMEOUT = 15_000;
const UPLOAD_TIMEOUT = 300_000;

export function openApi(origin: string, token: () => string | null) {
  /** XMLHttpRequest for all, because fetch does not tell the progress of an upload. */
  const call = <T>(method: string, path: string, body?: object, progress?: Progress, type: "json" | "blob" = "json") =>
    new Promise<T>((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, `${origin}/api/v1/chat/${path}`);
      const file = body instanceof FormData;
      const known = token();
      if (known !== null) request.setRequestHeader("Authorization", `Bearer ${known}`);
      if (body !== undefined && !file) request.setRequestHeader("Content-Type", "application/json");
      request.responseType = type;
      request.timeout = file ? UPLOAD_TIMEOUT : TIMEOUT;
      if (progress !== undefined) request.upload.onprogress = (event) => progress(event.loaded / (event.total || 1));
      request.onerror = request.ontimeout = () => reject(new ApiError(0));
      request.onload = () => {
        const { status } = request;
        if (status >= 200 && status < 300) resolve(request.response as T);
        else reject(refusal(status, request.response, request.getResponseHeader("Retry-After")));
      };
      request.send(body === undefined ? null : file ? body : JSON.stringify(body));
    });

  return {
    liveUrl: `${origin.replace("http", "ws")}/api/v1/chat/live`,
    entry: (entry: string, language: Language) => call<Entry>("GET", `entries/${entry}?language=${language}`),
    start: (opening: Opening) => call<ThreadState>("POST", "thread", opening),
    thread: (after: number) => call<ThreadPage>("GET", `thread?after=${after}`),
    send: (id: string, text: string) => call<Message>("POST", "thread/messages", { id, text }),
    upload: (id: string, file: File, progress: Progress) => {
      const form = new FormData();
      form.append("id", id);
      form.append("file", file, file.name);
      return call<Message>("POST", "thread/files", form, progress);
    },
    read: (seq: number) => call("POST", "thread/read", { seq }),
    end: () => call("POST", "thread/end", {}),
    grade: (grade: number, words: string) => call("POST", "thread/grade", words === "" ? { grade } : { grade, words }),
    transcript: (language: Language) => call<Blob>("GET", `thread/transcript?language=${language}`, undefined, undefined, "blob"),
    file: (file: Attachment) => call<Blob>("GET", `files/${file.id}`, undefined, undefined, "blob"),
  };
}

function refusal(status: number, problem: unknown, retryAfter: string | null): ApiError {
  const { code } = (problem ?? {}) as { code?: string };
  return new ApiError(status, code, Number(retryAfter) || null);
}
