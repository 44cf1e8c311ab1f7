import { expect, test } from "vitest";
import { readResult, writeResult } from "./draft";

test("a result comes back as it was", () => {
  const result = { reasons: ["MNY.01"], outcome: "promise" as const, note: "перезвонить" };
  expect(readResult(writeResult(result))).toEqual(result);
});

test("an empty result takes no place and unreadable text is an empty result", () => {
  expect(writeResult({ reasons: [], outcome: null, note: "" })).toBe("");
  for (const text of ["", "{", "null", '{"reasons":5,"outcome":"x"}']) {
    expect(readResult(text)).toEqual({ reasons: [], outcome: null, note: "" });
  }
});
