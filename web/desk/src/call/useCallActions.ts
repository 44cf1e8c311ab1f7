import { api } from "@kit/client";
import type { WorkItem } from "@kit/live-types";
import { useRef } from "react";
import { useActions } from "../keyboard/keys";
import { useCommand } from "../session/useCommand";
import { useLine, useLineModule } from "./line-store";

/** What can be done with a running call. The keys work on the whole desk: a chat may be open beside the call. */
export function useCallActions(row: WorkItem) {
  const { run, busy } = useCommand();
  const module = useLineModule();
  const line = useLine((state) => state);
  const mine = line.contact === row.id;
  const held = mine && line.standing?.held === true;
  const recording = mine ? (line.standing?.recording ?? "off") : "off";
  const muted = mine && line.muted;
  const act = (body: object) => run(() => api.post(`/contacts/${row.id}/call`, body));
  // Keys of the keypad arrive in the order in which they were pressed, however long each takes.
  const typed = useRef<Promise<unknown>>(Promise.resolve());

  const actions = {
    hold: () => void act({ action: held ? "resume" : "hold" }),
    mute: () => module?.setMuted(!muted),
    pauseRecording: () => void act({ action: recording === "paused" ? "resume_recording" : "pause_recording" }),
    press: (digits: string) => {
      typed.current = typed.current.then(() => act({ action: "digits", digits }));
    },
    end: () => {
      if (!busy) void run(() => api.post(`/contacts/${row.id}/end`, {}));
    },
  };
  useActions({
    hold: () => (actions.hold(), undefined),
    mute: () => (actions.mute(), undefined),
    record: () => (recording === "off" ? false : (actions.pauseRecording(), undefined)),
  });
  return { ...actions, held, muted, recording, canMute: mine && line.leg !== "moved" && line.leg !== "phone", busy };
}
