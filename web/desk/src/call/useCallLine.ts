import { ring, setOutput } from "@kit/sound";
import { useEffect } from "react";
import { onLiveMessage, useLive } from "../live/store";
import { useHeadset } from "./devices";
import { useHelping } from "./helping";
import { callInHand } from "./line-state";
import { lineState, loadLine } from "./line-store";

const RING_MS = 4_000;

/** Keep the sound of the call in hand on every page of the desk, from its offer to its end. */
export function useCallLine(): void {
  const own = useLive((state) => callInHand(state.desk?.work)?.id ?? null);
  const helping = useHelping();
  // A call that was handed to the helper goes on with the same sound.
  const contact = helping?.joined ? helping.contact : own;
  const asked = helping !== null && !helping.joined;
  const takesCalls = useLive((state) => (state.desk?.me.slots.voice?.max ?? 0) > 0);
  const { speaker } = useHeadset();
  useEffect(() => setOutput(speaker), [speaker]);
  // The first ring is the announcement's.
  const ringing = useLive((state) => {
    const calls = Object.values(state.desk?.work ?? {}).filter((row) => row.channel === "voice");
    return calls.some((row) => row.state === "offered") && !calls.some((row) => row.state === "talking");
  });
  useEffect(() => {
    if (!ringing && !asked) return;
    const timer = setInterval(ring, RING_MS);
    return () => clearInterval(timer);
  }, [ringing, asked]);
  useEffect(() => {
    if (!takesCalls && contact === null) return;
    let stale = false;
    void loadLine().then((line) => {
      if (!stale) line.follow(contact);
    });
    return () => {
      stale = true;
    };
  }, [contact, takesCalls]);
  useEffect(() => {
    const stop = onLiveMessage((message) => {
      if (message.type === "call") void loadLine().then((line) => line.hear(message.contact, message.tab, message.signal));
    });
    return () => {
      stop();
      // Signed out: the microphone must not stay open.
      if (lineState().contact !== null) void loadLine().then((line) => line.follow(null));
    };
  }, []);
}
