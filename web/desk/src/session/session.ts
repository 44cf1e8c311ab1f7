import { ApiError, api, keepSession } from "@kit/client";
import { learnServerTime } from "@kit/clock";
import type { Session } from "@kit/api";
import { useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";

export const SESSION_KEY = ["session"];

/** Keep what a session brings: whose it is, the CSRF token and the server's time. */
export function adopt(session: Session): Session {
  keepSession(session.person.id, session.csrf);
  learnServerTime(session.server_time);
  return session;
}

async function loadSession(): Promise<Session | null> {
  try {
    return adopt(await api.get<Session>("/session"));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** How often a page that found no server looks for it. */
const LOOK_MS = 5000;

/** The session of this browser; null when nobody is signed in. A server that did not answer is asked again. */
export const useSessionQuery = () =>
  useQuery({
    queryKey: SESSION_KEY,
    queryFn: loadSession,
    staleTime: Infinity,
    refetchInterval: ({ state }) => (state.status === "error" && state.data === undefined ? LOOK_MS : false),
  });

export const SessionContext = createContext<Session | null>(null);

/** The signed-in person, inside the signed-in part of the page. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("used outside the signed-in part");
  return session;
}

export type Permission =
  | "contact.handle"
  | "contact.read"
  | "contact.read_all"
  | "call.listen"
  | "call.join"
  | "floor.read"
  | "floor.steer"
  | "recording.listen"
  | "config.read"
  | "config.write";

export function useCan(): (permission: Permission) => boolean {
  const { permissions } = useSession();
  return (permission) => permissions.includes(permission);
}
