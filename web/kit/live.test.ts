import { expect, test } from "vitest";
import { backoff } from "./live";

test("the wait doubles up to a limit and differs between desks", () => {
  expect([1, 2, 3, 10].map((attempt) => backoff(attempt, 1))).toEqual([0.5, 1, 2, 15]);
  expect(backoff(3, 0)).toBe(1);
});
