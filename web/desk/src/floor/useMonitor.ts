import { useMemo } from "react";
import { useLocation } from "wouter";
import { callInHand } from "../call/line-state";
import { toast } from "../i18n/toast";
import { liveState } from "../live/store";
import { useCan } from "../session/session";
import { useCommand } from "../session/useCommand";
import { select } from "../work/desk";
import type { MonitorMode } from "./monitor-state";
import { loadMonitor } from "./monitor-store";

/** What this person may do with the calls of others. */
export function useMonitor() {
  const can = useCan();
  const { run } = useCommand();
  const [, navigate] = useLocation();
  const listens = can("call.listen");
  const joins = listens && can("call.join");
  const takes = joins && can("contact.handle");
  return useMemo(() => {
    const free = () => {
      if (!callInHand(liveState().desk?.work)) return true;
      toast(({ t }) => t("monitor.ownCall"), "alert");
      return false;
    };
    return {
      listens,
      joins,
      takes,
      start: (contact: string, agent: string, mode: MonitorMode) => {
        if (free()) void run(async () => (await loadMonitor()).start(contact, agent, mode));
      },
      setMode: (mode: MonitorMode) => void run(async () => (await loadMonitor()).setMode(mode)),
      leave: () => void loadMonitor().then((module) => module.leave()),
      takeOver: (contact: string) => {
        if (!free()) return;
        void run(async () => (await loadMonitor()).takeOver(contact)).then((done) => {
          if (!done) return;
          select(contact);
          navigate("/");
        });
      },
    };
  }, [run, navigate, listens, joins, takes]);
}

export type Monitor = ReturnType<typeof useMonitor>;
export const MODE_KEYS: Partial<Record<string, MonitorMode>> = { KeyL: "listen", KeyW: "whisper", KeyB: "barge" };
