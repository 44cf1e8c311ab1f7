import { ApiError } from "@kit/client";

/** Ask again only what may succeed: the network or the server failed, not our request. */
export function retryable(failures: number, error: Error): boolean {
  const ours = error instanceof ApiError && error.status >= 400 && error.status < 500;
  return !ours && failures < 2;
}
