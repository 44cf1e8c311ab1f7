import { minutesRange } from "@kit/durations";
import type { DeskSpeech } from ".";

/** A wait as it may be told: a range of whole minutes, never more exact than it is. */
export function estimateText({ t }: Pick<DeskSpeech, "t">, range: [number, number]): string {
  const [low, high] = minutesRange(range);
  if (high <= 1) return t("estimate.soon");
  return low > 0 ? t("estimate.range", { low, high }) : t("estimate.upTo", { high });
}
