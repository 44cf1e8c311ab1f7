/** HTTP client: cookies carry the session, unsafe methods carry the CSRF token, refusals become `ApiError`. */

const BASE = "/api/v1";
const DEADLINE_MS = 15_000;
const NETWORK = "network";

/** What the server refused, or `code: "network"` when it could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly details: Record<string, unknown> = {},
    readonly retryAfter: number | null = null,
  ) {
    super(code);
  }

  get isNetwork(): boolean {
    return this.code === NETWORK;
  }
}

let sessionLost: () => void = () => undefined;
/** What to do when the server says, to whatever was asked, that nobody is signed in. */
export function onSessionLost(act: () => void): void {
  sessionLost = act;
}

let session = { csrf: "", person: "" };
/** Whose session the cookie carries now, and the token that unsafe methods show. */
export function keepSession(person: string, csrf: string): void {
  session = { csrf, person };
}

async function refusal(response: Response): Promise<ApiError> {
  let code = `http.${String(response.status)}`;
  let details: Record<string, unknown> = {};
  try {
    const problem = (await response.json()) as { code?: string; details?: Record<string, unknown> };
    code = problem.code ?? code;
    details = problem.details ?? {};
  } catch {
    // A proxy answered without problem+json: the status alone has to do.
  }
  const header = Number(response.headers.get("Retry-After"));
  const told = typeof details.retry_after === "number" ? details.retry_after : null;
  return new ApiError(response.status, code, details, told ?? (header > 0 ? header : null));
}

/** The version that a change was made from; null: there was none. */
export type Version = number | null;

async function request<T>(method: string, path: string, body?: unknown, version?: Version): Promise<T> {
  const asked = session;
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = asked.csrf;
  if (version === null) headers["If-None-Match"] = "*";
  else if (version !== undefined) headers["If-Match"] = String(version);
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers,
      credentials: "same-origin",
      signal: AbortSignal.timeout(isForm ? DEADLINE_MS * 4 : DEADLINE_MS),
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
  } catch {
    throw new ApiError(0, NETWORK);
  }
  if (!response.ok) {
    const error = await refusal(response);
    if (error.status === 401 && error.code.startsWith("session.")) {
      // Who signed in while this answer was on its way stays in: it speaks of the session before, and nothing was done.
      if (session.csrf === asked.csrf) sessionLost();
      else if (session.person === asked.person) return request<T>(method, path, body, version);
    }
    throw error;
  }
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export const api = {
  get: <T>(path: string) => request<T>("GET", path),
  post: <T = void>(path: string, body: unknown = {}, version?: Version) => request<T>("POST", path, body, version),
  put: <T = void>(path: string, body: unknown, version?: Version) => request<T>("PUT", path, body, version),
  remove: <T = void>(path: string, version?: Version) => request<T>("DELETE", path, undefined, version),
};

/** Address of a stored file for people. */
export const fileUrl = (id: string) => `${BASE}/files/${id}`;

/** Address of the sound of a recording that was opened with this token. */
/** Which sound of a contact: what was talked, or the message that was left. */
export type RecordingPart = "talk" | "voicemail";

export const soundUrl = (contact: string, part: RecordingPart, token: string) =>
  `${BASE}/contacts/${contact}/recording/audio?part=${part}&opening=${encodeURIComponent(token)}`;

/** Query string of the given parameters; empty ones are left out. */
export function query(params: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : "";
}
