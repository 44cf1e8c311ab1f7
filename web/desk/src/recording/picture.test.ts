import type { RecordingMark } from "@kit/api";
import { expect, test } from "vitest";
import { BARS, heights, labelled, path, spanAt } from "./picture";

const mark = (kind: RecordingMark["kind"], at: number, until: number | null = null): RecordingMark => ({ kind, at, until, agent: null });

test("both voices share one scale and silence is a thin line", () => {
  const { left, right } = heights({ step: 0.1, left: [0, 50, 25], right: [0, 10, 0] });
  expect(left).toEqual([3, 100, 50]);
  expect(right).toEqual([3, 20, 3]);
});

test("line noise is not drawn as speech", () => {
  expect(heights({ step: 0.1, left: [2], right: [1] }).left).toEqual([10]);
});

test("a long talk keeps its loudest moments in few bars", () => {
  const left = Array.from({ length: 800 }, (_, at) => (at === 400 ? 80 : 0));
  const drawn = heights({ step: 1, left, right: left }).left;
  expect(drawn).toHaveLength(BARS);
  expect(drawn.filter((bar) => bar === 100)).toHaveLength(1);
  expect(drawn.indexOf(100)).toBe(110);
});

test("nothing recorded gives nothing to draw", () => {
  expect(path(heights({ step: 0.1, left: [], right: [] }).left)).toBe("");
  expect(path([100, 50])).toBe("M0.5 0v100M1.5 25v50");
});

test("labels do not lie over each other", () => {
  const marks = [mark("answered", 0), mark("hold", 5, 9), mark("pause", 40, 50), mark("ended", 100)];
  expect(labelled(marks, 100).map((one) => one.kind)).toEqual(["answered", "pause"]);
});

test("one knows whether one is in a hold or in a pause", () => {
  const marks = [mark("answered", 0), mark("hold", 5, 9), mark("pause", 40, 50)];
  expect([4.9, 5, 8.9, 9, 45].map((at) => spanAt(marks, at)?.kind)).toEqual([undefined, "hold", "hold", undefined, "pause"]);
});
