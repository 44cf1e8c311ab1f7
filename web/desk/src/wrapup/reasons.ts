/** The tree of contact reasons and the search in it. */

import type { ReasonBody } from "@kit/api";

export interface Reason {
  id: string;
  name: string;
  /** Names of the groups above, outermost first. */
  path: string[];
  parent: string | null;
  group: boolean;
}

interface ReasonItem {
  id: string;
  body: Pick<ReasonBody, "parent" | "group" | "order" | "valid_from" | "valid_to">;
}

const within = ({ body }: ReasonItem, day: string) =>
  (body.valid_from === null || body.valid_from <= day) && (body.valid_to === null || day <= body.valid_to);

/** Reasons in force on `day` (ISO date), in the order of the tree. */
export function reasonTree<T extends ReasonItem>(items: T[], day: string, nameOf: (item: T) => string): Reason[] {
  const valid = items.filter((item) => within(item, day));
  const byParent = Map.groupBy(valid, (item) => item.body.parent);
  const result: Reason[] = [];
  const walk = (parent: string | null, path: string[]) => {
    const children = [...(byParent.get(parent) ?? [])].sort((a, b) => a.body.order - b.body.order || a.id.localeCompare(b.id));
    for (const item of children) {
      if (path.length > 8) return;
      const name = nameOf(item);
      result.push({ id: item.id, name, path, parent, group: item.body.group });
      walk(item.id, [...path, name]);
    }
  };
  walk(null, []);
  return result;
}

const fold = (text: string) => text.toLocaleLowerCase().replaceAll("ё", "е");

/** What the list shows: the level under `group` while nothing is typed, else the best matches of the whole tree. */
export function searchReasons(reasons: Reason[], typed: string, group: string | null, chosen: string[]): Reason[] {
  const wanted = fold(typed).trim();
  if (!wanted) return reasons.filter((reason) => reason.parent === group && !chosen.includes(reason.id));
  const words = wanted.split(/\s+/);
  const rank = (reason: Reason): number => {
    const own = fold(reason.name);
    if (own.startsWith(wanted)) return 0;
    if (own.split(/[\s,:]+/).some((word) => word.startsWith(wanted))) return 1;
    if (fold(reason.id).startsWith(wanted)) return 1;
    const all = fold([...reason.path, reason.name].join(" "));
    return words.every((word) => all.includes(word)) ? 2 : 3;
  };
  return reasons
    .filter((reason) => !reason.group && !chosen.includes(reason.id))
    .map((reason, index) => ({ reason, rank: rank(reason), index }))
    .filter((found) => found.rank < 3)
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map((found) => found.reason);
}

/** The name cut around the first place where `typed` stands in it. */
export function highlight(name: string, typed: string): [string, string, string] {
  const wanted = fold(typed).trim();
  const at = wanted ? fold(name).indexOf(wanted) : -1;
  return at < 0 ? [name, "", ""] : [name.slice(0, at), name.slice(at, at + wanted.length), name.slice(at + wanted.length)];
}
