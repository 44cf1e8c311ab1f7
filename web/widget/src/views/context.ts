/** What every view needs: the words of the chosen language, the state, and what may be done. */
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Controller } from "../controller";
import type { Texts } from "../format";
import type { Storage } from "../storage";
import type { State } from "../store";

export interface Shared {
  t: Texts;
  state: State;
  controller: Controller;
  storage: Storage;
}

export const SharedContext = createContext<Shared | null>(null);

export function useShared(): Shared {
  const shared = useContext(SharedContext);
  if (shared === null) throw new Error("outside of the widget");
  return shared;
}

/** Browser time in ms, refreshed each second while `active`. */
export function useClock(active: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!active) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [active]);
  return now;
}
