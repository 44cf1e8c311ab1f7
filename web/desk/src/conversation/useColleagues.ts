import type { Activity, Presence } from "@kit/api";
import { useNames, usePeople } from "../config/config";
import { useFloor } from "../live/useFloor";

export interface TransferColleague {
  id: string;
  name: string;
  team: string;
  /** What they do now, where this person may see it. */
  doing: { presence: Presence; activity: Activity } | null;
}

const HANDLERS = new Set(["agent", "senior", "supervisor"]);
const ORDER = ["idle", "offered", "talking", "wrap_up"];

/** Colleagues with what they do now, those on the line first; and how long each queue waits. */
export function useColleagues() {
  const names = useNames();
  const people = usePeople();
  const floor = useFloor();
  const agents = floor?.agents ?? {};
  const place = (id: string) => {
    const agent = agents[id];
    if (!agent || agent.presence === "offline") return ORDER.length + 1;
    return agent.presence === "available" ? ORDER.indexOf(agent.activity) : ORDER.length;
  };
  const items: TransferColleague[] = (people.data ?? [])
    .filter((person) => person.active && HANDLERS.has(person.role))
    .map((person) => ({
      id: person.id,
      name: person.name,
      team: names.team(person.team),
      doing: agents[person.id] ?? null,
    }))
    .sort((a, b) => place(a.id) - place(b.id) || a.name.localeCompare(b.name));
  return {
    items,
    isPending: people.isPending,
    estimate: (queue: string) => floor?.queues[queue]?.estimate,
  };
}
