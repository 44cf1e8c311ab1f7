import type { Chord } from "@kit/keyboard";
import type { Key } from "../i18n";

interface KeyGroup {
  title: Key;
  keys: [Chord, Key][];
}

/** Every key of the desk, as printed in the help. */
export const KEYMAP: KeyGroup[] = [
  {
    title: "keys.everywhere",
    keys: [
      ["Ctrl+KeyK", "key.command"],
      ["F2", "key.presence"],
      ["F6", "key.region"],
      ["F8", "key.hand"],
      ["Slash", "key.help"],
      ["Alt+1…4", "key.work"],
    ],
  },
  {
    title: "keys.offer",
    keys: [
      ["Enter", "key.accept"],
      ["Alt+Enter", "key.acceptDocked"],
      ["Escape", "key.decline"],
    ],
  },
  {
    title: "keys.chat",
    keys: [
      ["Enter", "key.send"],
      ["Shift+Enter", "key.newLine"],
      ["/", "key.canned"],
      ["Alt+KeyT", "key.transfer"],
      ["Alt+Shift+KeyX", "key.end"],
      ["Ctrl+Alt+KeyI", "key.card"],
    ],
  },
  {
    title: "keys.call",
    keys: [
      ["Alt+KeyH", "key.hold"],
      ["Alt+KeyM", "key.mute"],
      ["Alt+KeyK", "key.keypad"],
      ["Alt+KeyR", "key.pauseRecording"],
      ["Alt+KeyT", "key.transfer"],
      ["Alt+Shift+KeyX", "key.endCall"],
    ],
  },
  {
    title: "keys.wrap",
    keys: [
      ["F4", "key.reason"],
      ["1…4", "key.outcome"],
      ["Ctrl+Enter", "key.save"],
    ],
  },
];
