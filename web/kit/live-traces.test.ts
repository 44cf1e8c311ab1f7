/** The browser merges what the server tells exactly as the server does: traces of real floors, made by the server's code. */

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { emptyLiveState, reduceLive } from "./live-state";
import type { ServerMessage, Topic } from "./live-types";

interface Trace {
  topic: Topic;
  stale: unknown;
  changes: unknown[];
  fresh: unknown[];
}

const root = fileURLToPath(new URL("../..", import.meta.url));

function recorded(): Trace[] {
  const python = process.env.TEPLO_PYTHON ?? `${root}.venv/bin/python`;
  const limit = 100 * 1024 * 1024;
  const text = execFileSync(python, ["-m", "tests.live_traces", "6"], { cwd: root, encoding: "utf8", maxBuffer: limit });
  return JSON.parse(text) as Trace[];
}

test("a stale snapshot and its changes are the fresh snapshot", { timeout: 60_000 }, () => {
  const traces = recorded();
  let removed = 0;
  for (const { topic, stale, changes, fresh } of traces) {
    const take = (state: typeof emptyLiveState, type: "snapshot" | "changes", told: unknown) => {
      const message = { type, topic, seq: 1, at: 1, state: told } as ServerMessage;
      return reduceLive(state, { type: "server", now: 1, message });
    };
    let state = take(emptyLiveState, "snapshot", stale);
    changes.forEach((told, index) => {
      state = take(state, "changes", told);
      expect(topic === "me" ? state.desk : state.floor).toEqual(fresh[index]);
      removed += JSON.stringify(told).split(/"(?:work|waiting)":{[^}]*?:null/).length - 1;
    });
  }
  expect(traces.length).toBeGreaterThan(10);
  expect(removed, "contacts came and went").toBeGreaterThan(10);
});
