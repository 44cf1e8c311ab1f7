import { expect, test } from "vitest";
import { hoursFrom } from "./zone";

test("the difference between two zones does not depend on where we are", () => {
  const at = new Date("2026-11-19T09:32:00Z");
  expect(hoursFrom("Asia/Omsk", at) - hoursFrom("Asia/Yekaterinburg", at)).toBe(1);
  expect(hoursFrom("Asia/Kolkata", at) - hoursFrom("UTC", at)).toBe(5.5);
});

test("an unknown zone makes no claim", () => {
  expect(hoursFrom("Nowhere/Town")).toBe(0);
});
