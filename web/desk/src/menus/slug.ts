import { newId } from "@kit/ids";

/** An id for a new item: from its English name, and different from all others. */
export function slug(name: string, otherwise: string): string {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40);
  return `${words || otherwise}-${newId().slice(-4)}`;
}
