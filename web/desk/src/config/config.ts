/** The centre's configuration as the screens need it: active items by kind, and names by id. */

import type { Colleague, ConfigBodies, ConfigItem, Named } from "@kit/api";
import { ApiError, api } from "@kit/client";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useSpeech } from "../i18n";

export type ConfigKind = keyof ConfigBodies;
export type Item<K extends ConfigKind> = ConfigItem<ConfigBodies[K]>;

async function load<K extends ConfigKind>(kind: K): Promise<Item<K>[]> {
  try {
    return (await api.get<{ items: Item<K>[] }>(`/config/${kind}`)).items;
  } catch (error) {
    // Not everybody may read every kind; the screen then shows ids or leaves the list out.
    if (error instanceof ApiError && error.status === 403) return [];
    throw error;
  }
}

const MINUTES = 60_000;

export function useConfig<K extends ConfigKind>(kind: K) {
  return useQuery({ queryKey: ["config", kind], queryFn: () => load(kind), staleTime: 10 * MINUTES });
}

/** Everybody who works or worked here. */
export function usePeople() {
  return useQuery({
    queryKey: ["people"],
    queryFn: async () => (await api.get<{ items: Colleague[] }>("/people")).items,
    staleTime: 10 * MINUTES,
  });
}

export interface Names {
  queue: (id: string | null | undefined) => string;
  skill: (id: string | null | undefined) => string;
  team: (id: string | null | undefined) => string;
  region: (id: string | null | undefined) => string;
  person: (id: string | null | undefined) => string;
  breakReason: (id: string | null | undefined) => string;
  /** A reason of the tree, or the subject that the subscriber chose at the entry point. */
  reason: (id: string | null | undefined) => string;
}

/** Names of configured things in the page's language; an unknown id is shown as it is. */
export function useNames(): Names {
  const { name, find } = useSpeech();
  const queue = useConfig("queue").data;
  const skill = useConfig("skill").data;
  const team = useConfig("team").data;
  const region = useConfig("region").data;
  const breakReason = useConfig("break_reason").data;
  const reason = useConfig("reason").data;
  const entry = useConfig("entry").data;
  const person = usePeople().data;
  return useMemo(() => {
    const table = (items: { id: string; body: { name: Named } }[] | undefined) => {
      const byId = new Map(items?.map((item) => [item.id, item.body.name]));
      return (id: string | null | undefined) => (id ? name(byId.get(id), id) : "");
    };
    const options = entry?.flatMap((item) => item.body.options) ?? [];
    const chosen = new Map(options.map((option) => [option.reason, option.name]));
    const ofTree = table(reason);
    const ofBreak = table(breakReason);
    const people = new Map(person?.map((item) => [item.id, item.name]));
    return {
      queue: table(queue),
      skill: table(skill),
      team: table(team),
      region: table(region),
      // Reasons that the system itself gives are texts of the catalogue, not configuration.
      breakReason: (id) => find(`presence.reason.${id ?? ""}`) ?? ofBreak(id),
      person: (id) => (id ? (people.get(id) ?? "") : ""),
      reason: (id) => (id && chosen.has(id) ? name(chosen.get(id), id) : ofTree(id)),
    };
  }, [name, find, queue, skill, team, region, breakReason, reason, entry, person]);
}
