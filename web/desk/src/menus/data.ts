/** What the menu screens ask the server for. */

import type { ConfigBodies, ConfigItem, Schemas } from "@kit/api";
import { api, query } from "@kit/client";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { Menu } from "./model";

export type MenuBody = Omit<ConfigBodies["menu"], "menu"> & { menu: Menu };
export type MenuItem = ConfigItem<MenuBody>;
export type PromptRow = Schemas["PromptRow"];
export type Problem = Schemas["MenuProblem"];
export type Line = Schemas["MenuLine"];
type Try = Schemas["MenuTry"];
type Lines = Schemas["MenuLines"];

/** Somebody else's change is noticed within so many milliseconds. */
const LOOK_EVERY = 10_000;
const PAUSE = 350;

/** One menu; a removed or unknown one is an error. */
export function useMenuItem(id: string) {
  return useQuery({
    queryKey: ["menu", id],
    queryFn: () => api.get<MenuItem>(`/config/menu/${id}`),
    staleTime: 0,
    refetchInterval: LOOK_EVERY,
  });
}

export function useHistory<Body>(kind: string, id: string) {
  return useQuery({
    queryKey: ["history", kind, id],
    queryFn: async () => (await api.get<{ items: ConfigItem<Body>[] }>(`/config/${kind}/${id}/history`)).items,
    staleTime: 0,
  });
}

/** The shipped prompts and the centre's own. */
export function usePrompts() {
  return useQuery({
    queryKey: ["prompts"],
    queryFn: async () => (await api.get<{ items: PromptRow[] }>("/prompts")).items,
    staleTime: 60_000,
  });
}

/** Words of prompts by language and name. */
export function usePromptTexts(): (name: string, language: string) => string | null {
  const rows = usePrompts().data;
  return useMemo(() => {
    const texts = new Map(rows?.map((row) => [`${row.language}.${row.name}`, row.text]));
    return (name, language) => texts.get(`${language}.${name}`) ?? null;
  }, [rows]);
}

/** A value that has rested for a moment. */
function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

export interface Check {
  problems: Problem[];
  /** The menu as text when it was last found without defects; null: it has some, or nobody looked yet. */
  sound: string | null;
  /** The menu has not changed since it was looked at. */
  isFresh: boolean;
}

/** All defects of the menu as it stands in the editor. */
export function useCheck(menu: Menu): Check {
  const now = JSON.stringify(menu);
  const text = useRested(now);
  const { data, isPlaceholderData } = useQuery({
    queryKey: ["menu-check", text],
    queryFn: async () => ({
      text,
      problems: (await api.post<Schemas["MenuProblems"]>("/menus/check", { menu: JSON.parse(text) as unknown })).problems,
    }),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
  return useMemo(
    () => ({
      problems: data?.problems ?? [],
      sound: data?.problems.length === 0 ? data.text : null,
      isFresh: data !== undefined && !isPlaceholderData && data.text === now,
    }),
    [data, isPlaceholderData, now],
  );
}

/** What a caller of a sound menu would hear. */
export function useTry(sound: string | null, given: Omit<Try, "menu" | "id">) {
  return useQuery({
    queryKey: ["menu-try", sound, given],
    queryFn: () => api.post<Lines>("/menus/dry-run", { ...given, menu: JSON.parse(sound ?? "null") as unknown }),
    enabled: sound !== null,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    retry: false,
  });
}

/** Take note everywhere that an item of the configuration changed. */
export function useForget(): (kind: string) => Promise<void> {
  const client = useQueryClient();
  return useMemo(
    () => async (kind) => {
      await Promise.all(
        [["config", kind], ["menu"], ["history"], ["prompts"], ["menu-check"], ["menu-try"]].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      );
    },
    [client],
  );
}

export const soundPath = (language: string, name: string, more: { default?: boolean; version?: number } = {}) =>
  `/api/v1/prompts/${language}/${encodeURIComponent(name)}/sound${query({
    default: more.default ? "true" : null,
    version: more.version ?? null,
  })}`;

/** The path that changes an item, with what the person says of it. */
export const withComment = (path: string, comment: string) => path + query({ comment: comment.trim() || null });
