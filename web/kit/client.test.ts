import { afterEach, expect, test, vi } from "vitest";
import { api, keepSession, onSessionLost } from "./client";

const ended = () => Response.json({ code: "session.ended" }, { status: 401 });

afterEach(() => vi.unstubAllGlobals());

/** A server whose first answer, 401, comes when the test says so; it keeps the tokens that it was shown. */
function slowRefusal() {
  const tokens: (string | undefined)[] = [];
  let answer: (response: Response) => void = () => undefined;
  vi.stubGlobal("fetch", (_path: string, { headers }: { headers: Record<string, string> }) => {
    tokens.push(headers["X-CSRF-Token"]);
    if (tokens.length > 1) return Promise.resolve(Response.json({ done: true }));
    return new Promise<Response>((resolve) => (answer = resolve));
  });
  const lost = vi.fn();
  onSessionLost(lost);
  return { tokens, lost, refuse: () => answer(ended()) };
}

test("an ended session leads to the door", async () => {
  keepSession("a1", "old");
  const { lost, refuse } = slowRefusal();
  const sent = api.post("/contacts/1/messages");
  refuse();
  await expect(sent).rejects.toMatchObject({ status: 401, code: "session.ended" });
  expect(lost).toHaveBeenCalledOnce();
});

test("a refusal that comes after the same person signed in again is asked anew", async () => {
  keepSession("a1", "old");
  const { tokens, lost, refuse } = slowRefusal();
  const sent = api.post<{ done: boolean }>("/contacts/1/messages");
  keepSession("a1", "new");
  refuse();
  expect(await sent).toEqual({ done: true });
  expect(tokens).toEqual(["old", "new"]);
  expect(lost).not.toHaveBeenCalled();
});

test("nothing is done in the name of another person who signed in meanwhile", async () => {
  keepSession("a1", "old");
  const { tokens, lost, refuse } = slowRefusal();
  const sent = api.post("/contacts/1/messages");
  keepSession("a2", "new");
  refuse();
  await expect(sent).rejects.toMatchObject({ status: 401 });
  expect(tokens).toEqual(["old"]);
  expect(lost).not.toHaveBeenCalled();
});
