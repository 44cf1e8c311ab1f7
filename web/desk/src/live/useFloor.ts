import type { FloorState } from "@kit/live-types";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { SESSION_KEY, useCan } from "../session/session";
import { useLive, useLiveTopic } from "./store";

/** The floor, live while the component is on the screen; null for those who may not see it. */
export function useFloor(): FloorState | null {
  const can = useCan();
  const client = useQueryClient();
  const onSessionEnded = useCallback(() => client.setQueryData(SESSION_KEY, null), [client]);
  useLiveTopic("floor", can("floor.read"), onSessionEnded);
  return useLive((state) => state.floor);
}
