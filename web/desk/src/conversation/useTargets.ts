import type { Schemas } from "@kit/api";
import { api, query } from "@kit/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { mergeOrder } from "../floor/useFrozenOrder";

export type TargetState = Schemas["TargetColleague"]["state"];

const REFRESH_MS = 3000;

/** Where a contact of this channel may go, read anew every moment; the order stays as it was when the list opened. */
export function useTargets(channel: string) {
  const { data, isPending, isError, error, refetch } = useQuery({
    queryKey: ["targets", channel],
    queryFn: () => api.get<Schemas["Targets"]>(`/floor/targets${query({ channel })}`),
    refetchInterval: REFRESH_MS,
    staleTime: 0,
    gcTime: 0,
  });
  const [first, setFirst] = useState<string[] | null>(null);
  if (data && first === null) setFirst(data.colleagues.map(({ id }) => id));
  const byId = new Map(data?.colleagues.map((colleague) => [colleague.id, colleague]));
  const colleagues = mergeOrder(first ?? [], [...byId.keys()]).flatMap((id) => byId.get(id) ?? []);
  return { colleagues, queues: data?.queues ?? [], skills: data?.skills ?? [], isPending, isError, error, refetch };
}
