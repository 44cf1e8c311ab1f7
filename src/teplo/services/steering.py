"""A supervisor's hand on other people's state. The log says that a supervisor did it, the audit says who."""

from typing import Any, Literal

from ..domain.agent import Agent
from ..domain.errors import Conflict, NotFound
from ..storage import audit
from .access import Caller, require
from .chat import Chat

REASON = "supervisor"
"""Why somebody is away whom a supervisor sent: not one of the centre's break reasons, screens know it."""


async def set_presence(chat: Chat, caller: Caller, agent: str, presence: Literal["break", "offline"]) -> None:
    """Send somebody who is at work into a break, or off the line.

    In a break running talks stay with the agent; off the line they return to their queues at their old places.
    Refusals: agent.unknown, agent.absent (whoever is not at work cannot be in a break).
    """
    require(caller, "floor.steer")
    if _agent(chat, agent).presence == "offline" and presence != "offline":
        raise Conflict("agent.absent", agent=agent)
    body = {"agent": agent, "presence": presence, "reason": REASON, "by": "supervisor"}
    await _steer(chat, caller, agent, "set_presence", body, {"presence": presence})


async def lower_hand(chat: Chat, caller: Caller, agent: str) -> None:
    """Say that the request for help is seen to: the caller comes. Nothing to do where no hand is raised."""
    require(caller, "floor.steer")
    if _agent(chat, agent).hand is None:
        return
    await _steer(chat, caller, agent, "lower_hand", {"agent": agent, "by": "supervisor"}, {})


def _agent(chat: Chat, id: str) -> Agent:
    found = chat.feed.floor.agents.get(id)
    if found is None:
        raise NotFound("agent.unknown", agent=id)
    return found


async def _steer(
    chat: Chat, caller: Caller, agent: str, kind: str, body: dict[str, Any], details: dict[str, Any]
) -> None:
    """Send the command and write the audit in one transaction, so that neither is without the other."""
    async with chat.db.transaction() as conn:
        await audit.add(conn, caller.actor, f"agent.{kind}", "agent", agent, details)
        command = await chat.commands.send_in(conn, kind, body)
    await chat.feed.reached(await chat.commands.result(command))
