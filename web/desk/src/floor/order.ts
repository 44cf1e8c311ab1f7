import type { FloorAgent, FloorQueue, FloorWaiting } from "@kit/live-types";
import { stateOf } from "../presence/states";

export type AgentSort = "state" | "name" | "handled" | "since";

const STATE_ORDER = ["offered", "talking", "wrap", "available", "hold", "break", "offline"];

/** Raised hands first, then by the chosen column; names settle what is equal. */
export function sortAgents(agents: FloorAgent[], sort: AgentSort, name: (id: string) => string): string[] {
  const by: Record<AgentSort, (a: FloorAgent, b: FloorAgent) => number> = {
    state: (a, b) => STATE_ORDER.indexOf(stateOf(a)) - STATE_ORDER.indexOf(stateOf(b)) || a.since - b.since,
    name: () => 0,
    handled: (a, b) => b.handled - a.handled,
    since: (a, b) => a.since - b.since,
  };
  return [...agents]
    .sort(
      (a, b) =>
        (a.hand ?? Infinity) - (b.hand ?? Infinity) || by[sort](a, b) || name(a.id).localeCompare(name(b.id)),
    )
    .map((agent) => agent.id);
}

export interface Attention {
  id: string;
  kind: "hand" | "wait" | "nobody" | "lost";
  since: number | null;
  agent?: FloorAgent;
  queue?: FloorQueue;
}

/** What a supervisor should look at, raised hands first, in the order of how long it lasts. */
export function needsAttention(
  agents: FloorAgent[],
  queues: FloorQueue[],
  waiting: FloorWaiting[],
  now: number,
): Attention[] {
  const oldest = (a: Attention, b: Attention) => (a.since ?? Infinity) - (b.since ?? Infinity);
  const hands = agents
    .filter((agent) => agent.hand !== null)
    .map((agent): Attention => ({ id: `hand-${agent.id}`, kind: "hand", since: agent.hand, agent }))
    .sort(oldest);
  const lost = agents
    .filter((agent) => !agent.connected && agent.contacts.length > 0)
    .map((agent): Attention => ({ id: `lost-${agent.id}`, kind: "lost", since: null, agent }));
  const lines = queues
    .filter((queue) => waiting.some((contact) => contact.queue === queue.id))
    .flatMap((queue): Attention[] => {
      if (queue.agents_able === 0) return [{ id: `nobody-${queue.id}`, kind: "nobody", since: queue.longest_since, queue }];
      const over = queue.longest_since !== null && now - queue.longest_since > queue.target.seconds;
      return over ? [{ id: `wait-${queue.id}`, kind: "wait", since: queue.longest_since, queue }] : [];
    })
    .sort(oldest);
  return [...hands, ...lines, ...lost];
}

/** How many agents are in each drawn state. */
export function countStates(agents: FloorAgent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const agent of agents) {
    const state = stateOf(agent);
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}
