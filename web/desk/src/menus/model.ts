/** A voice menu as the editor holds it: what each kind of step has, where ways lead, and how steps are changed. */

import type { IconName } from "@kit/icon-names";

export const KINDS = [
  "say", "notice", "digits", "collect", "language", "hours", "announcements", "branch", "priority",
  "queue", "message", "callback", "hangup",
] as const;
export type NodeKind = (typeof KINDS)[number];

export interface Announcement {
  prompts: string[];
  regions?: string[];
  /** POSIX seconds; null: no bound. */
  since?: number | null;
  until?: number | null;
}

/** A step. Which fields it has depends on its kind (`FIELDS_OF`). */
export interface MenuNode {
  kind: NodeKind;
  prompts?: string[];
  silent?: string[];
  invalid?: string[];
  next?: string;
  failed?: string;
  open?: string;
  closed?: string;
  default?: string;
  interruptible?: boolean;
  skip_known?: boolean;
  timeout?: number;
  retries?: number;
  least?: number;
  most?: number;
  seconds?: number;
  priority?: number;
  options?: Record<string, string>;
  cases?: Record<string, string>;
  by_segment?: Record<string, number>;
  items?: Announcement[];
  name?: string;
  why?: string;
  field?: string;
  queue?: string | null;
  hours?: string | null;
  reason?: string | null;
  require?: Record<string, unknown>;
}

export interface Menu {
  start: string;
  language?: string;
  languages?: string[];
  keys?: Record<string, string>;
  give_up: string;
  most_visits?: number;
  facts_seconds?: number;
  nodes: Record<string, MenuNode>;
}

export type FieldName = Exclude<keyof MenuNode, "kind" | "require">;

/** Fields in the order in which they are asked; `hours` asks for a queue or a calendar. */
export const FIELDS_OF: Record<NodeKind, FieldName[]> = {
  say: ["prompts", "interruptible", "next"],
  notice: ["prompts", "next"],
  digits: ["prompts", "options", "timeout", "retries", "silent", "invalid", "failed"],
  collect: ["prompts", "name", "least", "most", "next", "timeout", "retries", "silent", "invalid", "failed"],
  language: ["prompts", "options", "skip_known", "next", "timeout", "retries", "silent", "invalid", "failed"],
  hours: ["hours", "open", "closed"],
  announcements: ["items", "next"],
  branch: ["field", "cases", "default"],
  priority: ["by_segment", "next"],
  queue: ["prompts", "queue", "reason", "priority"],
  message: ["prompts", "queue", "reason", "seconds", "priority"],
  callback: ["prompts", "queue", "reason", "priority"],
  hangup: ["prompts", "why"],
};

export const ICON_OF: Record<NodeKind, IconName> = {
  say: "chat", notice: "rec-dot", digits: "keypad", collect: "pencil", language: "globe", hours: "clock",
  announcements: "bell", branch: "route", priority: "up", queue: "headset", message: "mic", callback: "phone",
  hangup: "hangup",
};

export const ENDS: readonly NodeKind[] = ["queue", "message", "callback", "hangup"];

/** A step of this kind with what is usual; its ways lead to `next`. */
export function makeNode(kind: NodeKind, next: string): MenuNode {
  const question = { prompts: [], silent: ["silent"], invalid: ["invalid"], timeout: 6, retries: 2, failed: next };
  const made: Record<NodeKind, Omit<MenuNode, "kind">> = {
    say: { prompts: [], interruptible: true, next },
    notice: { prompts: ["recording_notice"], next },
    digits: { ...question, options: { "1": next } },
    collect: { ...question, name: "account", least: 1, most: 16, next },
    language: { ...question, prompts: ["language_choice@ru", "language_choice@en"], options: { "1": "ru", "2": "en" },
      silent: [], invalid: [], timeout: 4, retries: 0, skip_known: true, next },
    hours: { queue: null, hours: null, open: next, closed: next },
    announcements: { items: [], next },
    branch: { field: "segment", cases: {}, default: next },
    priority: { by_segment: {}, next },
    queue: { prompts: ["to_person"], queue: "", reason: null, priority: 0 },
    message: { prompts: ["message_intro"], queue: "", reason: null, seconds: 180, priority: 0 },
    callback: { prompts: [], queue: "", reason: null, priority: 0 },
    hangup: { prompts: ["goodbye"], why: "menu" },
  };
  return { kind, ...made[kind] };
}

/** A way out of a step. `via`: the field; `on`: the key or value that opens it. */
export interface Way {
  via: "next" | "options" | "cases" | "default" | "failed" | "open" | "closed" | "give_up";
  on: string;
  to: string;
}

const KEY_ORDER = "1234567890*#ABCD";
const rank = (keys: string) => Array.from(keys).map((key) => KEY_ORDER.indexOf(key).toString().padStart(2, "0")).join("");

/** Keys as they stand on a telephone: 1 to 9, 0, *, #. */
export const inKeyOrder = (keys: string[]): string[] => [...keys].sort((a, b) => rank(a).localeCompare(rank(b)));

/** The ways out of a step, branches first, the way on last. */
export function waysOf(node: MenuNode): Way[] {
  const ways: Way[] = [];
  if (node.kind === "digits") {
    for (const keys of inKeyOrder(Object.keys(node.options ?? {}))) {
      ways.push({ via: "options", on: keys, to: node.options?.[keys] ?? "" });
    }
  }
  for (const [value, to] of Object.entries(node.cases ?? {})) ways.push({ via: "cases", on: value, to });
  for (const via of ["open", "closed", "failed", "default", "next"] as const) {
    const to = node[via];
    if (to !== undefined) ways.push({ via, on: "", to });
  }
  return ways;
}

/** A line of the outline. `again`: the step stands above already; `missing`: there is no such step. */
export interface OutlineRow {
  id: string;
  level: number;
  way: Way | null;
  state: "here" | "again" | "missing";
}

export interface Outline {
  rows: OutlineRow[];
  /** Keys that work anywhere, and where whoever goes in circles lands. */
  anywhere: OutlineRow[];
  unreached: string[];
}

/** The menu as an outline: branches are indented, the way on goes on at the same level. */
export function outlineOf(menu: Menu): Outline {
  const seen = new Set<string>();
  const walk = (rows: OutlineRow[], start: string, startLevel: number, startWay: Way | null) => {
    const todo = [{ id: start, level: startLevel, way: startWay }];
    while (todo.length > 0) {
      const { id, level, way } = todo.pop() ?? { id: "", level: 0, way: null };
      const node = menu.nodes[id];
      rows.push({ id, level, way, state: !node ? "missing" : seen.has(id) ? "again" : "here" });
      if (!node || seen.has(id)) continue;
      seen.add(id);
      const ways = waysOf(node);
      const on = ways.find((one) => one.via === "next");
      const branches = ways.filter((one) => one.via !== "next" && !(one.via === "failed" && one.to === on?.to));
      const next = [...branches.map((one) => ({ id: one.to, level: level + 1, way: one }))];
      if (on) next.push({ id: on.to, level, way: on });
      todo.push(...next.reverse());
    }
    return rows;
  };
  const rows = walk([], menu.start, 0, null);
  const anywhere: OutlineRow[] = [];
  for (const key of inKeyOrder(Object.keys(menu.keys ?? {}))) {
    walk(anywhere, menu.keys?.[key] ?? "", 0, { via: "options", on: key, to: menu.keys?.[key] ?? "" });
  }
  walk(anywhere, menu.give_up, 0, { via: "give_up", on: "", to: menu.give_up });
  return { rows, anywhere, unreached: Object.keys(menu.nodes).filter((id) => !seen.has(id)) };
}

/** The menu with one step changed. */
export function withNode(menu: Menu, id: string, node: MenuNode): Menu {
  return { ...menu, nodes: { ...menu.nodes, [id]: node } };
}

/** A name for a new step that is not taken. */
export function freeId(menu: Menu, wish: string): string {
  if (!(wish in menu.nodes)) return wish;
  for (let n = 2; ; n++) if (!(`${wish}-${n}` in menu.nodes)) return `${wish}-${n}`;
}

function redirected(node: MenuNode, from: string, to: string): MenuNode {
  const changed = { ...node };
  for (const field of ["next", "failed", "open", "closed", "default"] as const) {
    if (changed[field] === from) changed[field] = to;
  }
  const swap = (table: Record<string, string>) =>
    Object.fromEntries(Object.entries(table).map(([key, value]) => [key, value === from ? to : value]));
  if (changed.cases) changed.cases = swap(changed.cases);
  if (changed.options && changed.kind === "digits") changed.options = swap(changed.options);
  return changed;
}

/** All ways that led to `from` lead to `to`. */
function redirect(menu: Menu, from: string, to: string): Menu {
  return {
    ...menu,
    start: menu.start === from ? to : menu.start,
    give_up: menu.give_up === from ? to : menu.give_up,
    ...(menu.keys && {
      keys: Object.fromEntries(Object.entries(menu.keys).map(([key, value]) => [key, value === from ? to : value])),
    }),
    nodes: Object.fromEntries(Object.entries(menu.nodes).map(([id, node]) => [id, redirected(node, from, to)])),
  };
}

/** Another name for a step; every way to it stays. */
export function renameNode(menu: Menu, from: string, to: string): Menu {
  if (from === to || !to || to in menu.nodes) return menu;
  const moved = redirect(menu, from, to);
  return { ...moved, nodes: Object.fromEntries(Object.entries(moved.nodes).map(([id, node]) => [id === from ? to : id, node])) };
}

/** Take a step out; what led to it leads to what came after it, where something did. */
export function removeNode(menu: Menu, id: string): Menu {
  const next = menu.nodes[id]?.next;
  const bent = next !== undefined && next !== id ? redirect(menu, id, next) : menu;
  return { ...bent, nodes: Object.fromEntries(Object.entries(bent.nodes).filter(([other]) => other !== id)) };
}

/** Put a new step behind one that goes on; an end can only stand where nothing follows, so it is not offered here. */
export function insertAfter(menu: Menu, id: string, kind: NodeKind): { menu: Menu; id: string } {
  const node = menu.nodes[id];
  const made = freeId(menu, kind);
  const changed = node?.next === undefined ? menu : withNode(menu, id, { ...node, next: made });
  return { menu: withNode(changed, made, makeNode(kind, node?.next ?? menu.give_up)), id: made };
}
