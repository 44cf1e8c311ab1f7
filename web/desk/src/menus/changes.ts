/** What differs between two versions of a menu. */

import type { Menu } from "./model";

export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

/** `node` is empty for the menu itself. */
export interface Change {
  node: string;
  kind: "added" | "removed" | "changed";
  fields: FieldChange[];
}

const same = (one: unknown, other: unknown) => canonical(one) === canonical(other);

/** The same text for the same content, whatever the order of the keys: the database keeps none. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function fieldsBetween(before: object, after: object, without: string[]): FieldChange[] {
  const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((field) => !without.includes(field) && !same(old[field], now[field]))
    .map((field) => ({ field, before: old[field], after: now[field] }));
}

/** Changes of the menu itself first, then of its steps: changed or removed ones, and new ones. */
export function changesBetween(before: Menu, after: Menu): Change[] {
  const changes: Change[] = [];
  const head = fieldsBetween(before, after, ["nodes", "id", "version"]);
  if (head.length > 0) changes.push({ node: "", kind: "changed", fields: head });
  for (const [id, node] of Object.entries(before.nodes)) {
    const now = after.nodes[id];
    const fields = now ? fieldsBetween(node, now, []) : [];
    if (!now) changes.push({ node: id, kind: "removed", fields: [] });
    else if (fields.length > 0) changes.push({ node: id, kind: "changed", fields });
  }
  for (const id of Object.keys(after.nodes)) {
    if (!(id in before.nodes)) changes.push({ node: id, kind: "added", fields: [] });
  }
  return changes;
}
