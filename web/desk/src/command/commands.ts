import type { IconName } from "@kit/icon-names";

/** One thing that the command bar can do. */
export interface Command {
  id: string;
  group: string;
  icon: IconName;
  title: string;
  hint?: string;
  run: () => void;
}

const fold = (text: string) => text.toLocaleLowerCase().replaceAll("ё", "е");
const MOST_IN_GROUP = 6;

/** Commands that hold every typed word, groups in their given order, few of each. */
export function searchCommands(commands: Command[], typed: string): Command[] {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  const counts = new Map<string, number>();
  return commands.filter((command) => {
    const text = fold(`${command.title} ${command.hint ?? ""}`);
    if (!words.every((word) => text.includes(word))) return false;
    const count = (counts.get(command.group) ?? 0) + 1;
    counts.set(command.group, count);
    return count <= MOST_IN_GROUP;
  });
}

/** The typed text as a contact's number ("10482", "C-10482", "с 10482" in Cyrillic), or null. */
export function contactNumber(typed: string): number | null {
  const match = /^\s*(?:[cс]\s*-?\s*)?(\d{1,12})\s*$/iu.exec(typed);
  return match ? Number(match[1]) : null;
}
