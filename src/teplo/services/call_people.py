"""Several people in one call: consult, bring together, hand over; a supervisor listens, whispers, joins, takes over."""

from typing import Any, Literal

from uuid_utils import uuid7

from ..domain.errors import Conflict, Invalid, NotAllowed, NotFound
from ..domain.floor import Floor
from ..domain.together import HANDED_OUTSIDE
from ..storage import audit
from . import dialling
from .access import Caller, require
from .call_signals import CallSignals
from .chat import Chat
from .contact_access import must_talk

Monitoring = Literal["listen", "whisper", "barge", "take_over", "off"]


async def consult(
    chat: Chat, calls: CallSignals, caller: Caller, contact: str, to: dict[str, str], id: str | None
) -> None:
    """Ask somebody into one's call; the subscriber is held meanwhile. `to`: agent, queue or number.

    `id` makes a retry for a number harmless. Refusals: contact.not_yours, agent.busy, agent.absent, queue.nobody_free,
    dial.number, dial.not_allowed, dial.limit, call.gone, call.full.
    """
    require(caller, "contact.handle")
    _must_be_call(chat.feed.floor, contact)
    if "number" in to:
        await _dial(chat, calls, caller, contact, to["number"], id or str(uuid7()))
        return
    colleague = to["agent"] if "agent" in to else free_in(chat.feed.floor, to["queue"], caller.id)
    await _send(chat, "invite", {"contact": contact, "agent": caller.id, "colleague": colleague})


async def _dial(chat: Chat, calls: CallSignals, caller: Caller, contact: str, text: str, id: str) -> None:
    async with dialling.watched(chat.db, caller, contact), chat.db.transaction() as conn:
        await must_talk(conn, caller, contact)
        number = await dialling.permit(conn, caller, contact, id, text)
        if number is not None:
            await calls.wish_in(conn, contact, "dial", caller.id, {"id": id, "number": number})


async def hand_over(chat: Chat, caller: Caller, contact: str, guest: str | None) -> None:
    """Leave one's call to somebody who is in it: to a colleague (`guest`), or to the outside number (None)."""
    require(caller, "contact.handle")
    if guest is None:
        await _send(chat, "end", {"contact": contact, "by": "agent", "agent": caller.id, "reason": HANDED_OUTSIDE})
    else:
        await _send(chat, "hand_over", {"contact": contact, "agent": caller.id, "colleague": guest})


async def part(
    chat: Chat, calls: CallSignals, caller: Caller, contact: str, guest: str | None, why: str = "declined"
) -> None:
    """Let a guest go, as the agent of the call; or leave oneself as the guest (`guest` None), `why`: declined, left."""
    require(caller, "contact.handle")
    leaving = guest is None or guest == caller.id
    if leaving:
        agent = chat.feed.floor.agents.get(caller.id)
        joined = agent is not None and agent.helping == contact
        if joined:
            await _send(chat, "part", {"contact": contact, "colleague": caller.id, "why": why})
        return
    async with chat.db.transaction() as conn:
        await must_talk(conn, caller, contact)
        colleague = guest in chat.feed.floor.agents
        if not colleague:
            await calls.wish_in(conn, contact, "drop", caller.id, {"guest": guest})
    if colleague:
        await _send(chat, "part", {"contact": contact, "colleague": guest, "why": "left"})


async def monitor(chat: Chat, caller: Caller, contact: str, mode: Monitoring) -> None:
    """Take part in somebody's call as a supervisor; the record and the audit show it.

    Refusals: access.denied, contact.not_talking, contact.own, monitor.channel.
    """
    require(caller, "call.listen" if mode in ("listen", "off") else "call.join")
    found = chat.feed.floor.contacts.get(contact)
    if mode == "off" and found is None:
        return
    _must_be_call(chat.feed.floor, contact)
    if found is not None and found.agent == caller.id:
        raise Conflict("contact.own")
    body: dict[str, Any] = {"contact": contact, "supervisor": caller.id}
    async with chat.db.transaction() as conn:
        await audit.add(conn, caller.actor, f"call.{mode}", "contact", contact)
        if mode == "take_over":
            if not caller.may("contact.handle"):
                raise NotAllowed("access.denied", permission="contact.handle")
            command = await chat.commands.send_in(conn, "take_over", body)
        else:
            command = await chat.commands.send_in(conn, "monitor", {**body, "mode": mode})
    await chat.feed.reached(await chat.commands.result(command))


def free_in(floor: Floor, queue: str, caller: str) -> str:
    """Return who of those that serve a queue has been idle longest now; Conflict("queue.nobody_free")."""
    state = floor.queues.get(queue)
    if state is None:
        raise NotFound("queue.unknown", queue=queue)
    free = [agent for agent in floor.agents.values() if agent.id != caller and "voice" in agent.open]
    for step in state.config.steps:  # the nearest step that somebody meets, as for a subscriber
        able = [agent for agent in free if step.require.met_by(agent.profile.skills)]
        if able:
            return str(min(able, key=lambda agent: agent.turn).id)
    raise Conflict("queue.nobody_free", queue=queue)


def _must_be_call(floor: Floor, contact: str) -> None:
    found = floor.contacts.get(contact)
    if found is None:
        raise NotFound("contact.unknown", contact=contact)
    if found.channel != "voice":
        raise Invalid("call.not_a_call")


async def _send(chat: Chat, kind: str, body: dict[str, Any]) -> None:
    await chat.feed.reached(await chat.commands.send(kind, body))
