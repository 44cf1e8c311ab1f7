import { ApiError } from "@kit/client";
import { useCallback, useMemo, useState } from "react";
import type { DeskSpeech } from "../i18n";
import { toast } from "../i18n/toast";

/** What to tell a person about a refusal: what happened and what to do. */
export function refusalText({ find, t }: DeskSpeech, error: unknown): string {
  if (!(error instanceof ApiError)) return t("error.unknown", { code: "client" });
  if (error.isNetwork) return t("error.network");
  const wait = error.retryAfter === null ? {} : { n: Math.ceil(error.retryAfter) };
  return find(`error.${error.code}`, wait) ?? t("error.unknown", { code: error.code });
}

/** Run a command of the person; a refusal is said in a toast. Resolves to whether it was done. */
export function useCommand(): { run: (work: () => Promise<unknown>) => Promise<boolean>; busy: boolean } {
  const [running, setRunning] = useState(0);
  const run = useCallback(
    async (work: () => Promise<unknown>) => {
      setRunning((n) => n + 1);
      try {
        await work();
        return true;
      } catch (error) {
        toast((speech) => refusalText(speech, error), "alert");
        return false;
      } finally {
        setRunning((n) => n - 1);
      }
    },
    [],
  );
  return useMemo(() => ({ run, busy: running > 0 }), [run, running]);
}
