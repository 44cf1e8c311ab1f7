/** What an agent is doing, in words of the floor. Pure. */

import type { FloorAgent } from "@kit/live-types";
import type { Key } from "../i18n";
import { stateKey } from "../presence/states";

type Doing = Pick<FloorAgent, "activity" | "presence" | "contacts" | "helping">;

/** Whether the agent is a guest in a colleague's call: there is no call of their own beside it. */
export const isHelping = ({ helping }: Pick<FloorAgent, "helping">): boolean => helping !== null;

/** The word of the state with its numbers: calls and chats are told apart, and so is a colleague's call. */
export function doingOf(agent: Doing): { key: Key; params?: Record<string, number> } {
  const { activity, contacts } = agent;
  const now = contacts.filter(({ state }) => state === activity);
  const calls = now.filter(({ channel }) => channel === "voice").length;
  const chats = now.length - calls;
  if (isHelping(agent)) {
    const beside = contacts.filter(({ state }) => state === "talking").length;
    return beside > 0 ? { key: "floor.helpsChats", params: { n: beside } } : { key: "floor.helping" };
  }
  if (activity === "talking") {
    if (calls > 0 && chats > 0) return { key: "floor.talks", params: { calls, chats } };
    if (calls > 1) return { key: "floor.calls", params: { n: calls } };
    if (calls === 0 && chats > 0) return { key: "presence.talking", params: { n: chats } };
  }
  if (activity === "wrap_up" && calls > 0) return { key: "activity.afterCall" };
  return { key: stateKey(agent) };
}
