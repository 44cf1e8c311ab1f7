import type { RecordingMark, RecordingPeaks } from "@kit/api";

/** Bars of the picture at most: more could not be told apart. */
export const BARS = 220;
/** A quiet talk is drawn larger, but not so much that line noise looks like speech. */
const QUIETEST = 20;
/** Share of the width that the label of a mark takes: the next one that would lie over it is left out. */
const LABEL = 0.13;

function joined(values: number[], bars: number): number[] {
  const per = values.length / bars;
  return Array.from({ length: bars }, (_, bar) => Math.max(...values.slice(Math.floor(bar * per), Math.ceil((bar + 1) * per))));
}

/** Heights (0-100) of both voices on one scale, so that one sees who was louder. */
export function heights({ left, right }: RecordingPeaks): { left: number[]; right: number[] } {
  const bars = Math.min(BARS, left.length);
  if (bars === 0) return { left: [], right: [] };
  const scale = 100 / Math.max(QUIETEST, ...left, ...right);
  const side = (values: number[]) => joined(values, bars).map((value) => Math.max(3, Math.round(value * scale)));
  return { left: side(left), right: side(right) };
}

/** One path of vertical strokes around the middle of a box that is as wide as there are bars, and 100 high. */
export function path(bars: number[]): string {
  return bars.map((bar, at) => `M${String(at + 0.5)} ${String(50 - bar / 2)}v${String(bar)}`).join("");
}

/** Marks that get a label above the picture: from left to right, as long as they do not lie over each other. */
export function labelled(marks: RecordingMark[], seconds: number): RecordingMark[] {
  let free = 0;
  return marks.filter((mark) => {
    const at = mark.at / seconds;
    if (at < free || at > 1 - LABEL / 2) return false;
    free = at + LABEL;
    return true;
  });
}

/** What goes on at this second: the hold or the pause that one is in. */
export const spanAt = (marks: RecordingMark[], at: number) =>
  marks.find((mark) => mark.until !== null && mark.at <= at && at < mark.until);

/** A share of the width, for the attributes of a picture. */
export const percent = (share: number) => `${String(Math.min(100, Math.max(0, share * 100)))}%`;
