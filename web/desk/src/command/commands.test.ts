import { expect, test } from "vitest";
import { contactNumber, searchCommands, type Command } from "./commands";

const command = (id: string, group: string, title: string): Command => ({
  id,
  group,
  title,
  icon: "right",
  run: () => undefined,
});

test("every word must be there, in any order", () => {
  const all = [command("a", "do", "Вернуть перевод на баланс"), command("b", "do", "Вернуть в очередь")];
  expect(searchCommands(all, "баланс верн").map(({ id }) => id)).toEqual(["a"]);
});

test("no group pushes out the others", () => {
  const many = Array.from({ length: 20 }, (_, n) => command(`a${String(n)}`, "replies", "Ответ"));
  const found = searchCommands([...many, command("z", "people", "Ответственная Анна")], "ответ");
  expect(found).toHaveLength(7);
  expect(found.at(-1)?.id).toBe("z");
});

test("a contact's number is known with and without its letter, in both alphabets", () => {
  expect(["10482", "C-10482", "с-10482", " c 10482 "].map(contactNumber)).toEqual([10482, 10482, 10482, 10482]);
  expect(contactNumber("чат 5")).toBeNull();
});
