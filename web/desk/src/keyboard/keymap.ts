import type { Chord } from "@kit/keyboard";
import type { Key } from "../i18n";
import type { Action } from "./keys";

/** A key that can be chosen, or one that means the same in every program and stays. */
export type KeyLine = { action: Action; text: Key; n?: number } | { chord: Chord; text: Key };

interface KeyGroup {
  title: Key;
  keys: KeyLine[];
}

/** Every key of the desk, as printed in the help. */
export const KEYMAP: KeyGroup[] = [
  {
    title: "keys.everywhere",
    keys: [
      { action: "command", text: "key.command" },
      { action: "presence", text: "key.presence" },
      { action: "hand", text: "key.hand" },
      { action: "region", text: "key.region" },
      { action: "regionBack", text: "key.regionBack" },
      { action: "work1", text: "key.chat", n: 1 },
      { action: "work2", text: "key.chat", n: 2 },
      { action: "work3", text: "key.chat", n: 3 },
      { action: "work4", text: "key.chat", n: 4 },
      { chord: "?", text: "key.help" },
    ],
  },
  {
    title: "keys.chat",
    keys: [
      { action: "transfer", text: "key.transfer" },
      { action: "end", text: "key.end" },
      { action: "card", text: "key.card" },
      { chord: "Enter", text: "key.send" },
      { chord: "Shift+Enter", text: "key.newLine" },
      { chord: "/", text: "key.canned" },
    ],
  },
  {
    title: "keys.offer",
    keys: [
      { action: "acceptDocked", text: "key.acceptDocked" },
      { chord: "Enter", text: "key.accept" },
      { chord: "Escape", text: "key.decline" },
    ],
  },
  {
    title: "keys.call",
    keys: [
      { action: "hold", text: "key.hold" },
      { action: "mute", text: "key.mute" },
      { action: "keypad", text: "key.keypad" },
      { action: "consult", text: "key.consult" },
      { action: "callBack", text: "key.callBack" },
      { action: "record", text: "key.pauseRecording" },
    ],
  },
  {
    title: "keys.floor",
    keys: [
      { chord: "KeyL", text: "monitor.listen" },
      { chord: "KeyW", text: "monitor.whisper" },
      { chord: "KeyB", text: "monitor.barge" },
      { chord: "Escape", text: "monitor.leave" },
    ],
  },
  {
    title: "keys.wrap",
    keys: [
      { action: "reason", text: "key.reason" },
      { action: "save", text: "key.save" },
      { chord: "1…4", text: "key.outcome" },
    ],
  },
];

/** What an action is called in the help: for the text of a refusal. */
export function nameOf(action: Action): { text: Key; n?: number } {
  const lines = KEYMAP.flatMap((group) => group.keys);
  return lines.find((line) => "action" in line && line.action === action) ?? { text: "key.help" };
}
