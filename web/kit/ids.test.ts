import { expect, test } from "vitest";
import { idTime, newId } from "./ids";

test("an id tells when it was made", () => {
  expect(idTime(newId(1_790_000_000_123))).toBe(1_790_000_000_123);
});

test("ids of one moment differ", () => {
  expect(new Set(Array.from({ length: 100 }, () => newId(1))).size).toBe(100);
});
