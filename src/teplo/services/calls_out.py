"""An agent calls a subscriber of the own wish: checked, written down, and at once a contact of the agent's own."""

from datetime import datetime
from zoneinfo import ZoneInfo

from uuid_utils import uuid7

from ..domain.errors import Conflict, Invalid, NotFound, Refused
from ..domain.floor import Floor
from ..domain.queue import Queue
from ..storage import audit, callbacks, config, contacts, dialled, standing, threads
from ..storage.callbacks import Callback
from ..storage.db import Connection
from . import dialling
from .access import Caller, require
from .chat import Chat
from .records import readable


async def call_out(chat: Chat, caller: Caller, id: str, to: dict[str, str], *, anyway: bool) -> None:
    """Call the subscriber of a contact (`to`: contact) or a number (`to`: number). `id` becomes the contact; the same
    id again is the same call.

    Outside of the calling hours where the subscriber lives it is refused (dial.hours) unless `anyway`: the agent is
    warned and decides. Refusals: contact.unknown, dial.number, dial.not_allowed, dial.limit, dial.hours, dial.no_queue,
    dial.absent, dial.busy, agent.cannot_take.
    """
    require(caller, "contact.handle")
    async with dialling.watched(chat.db, caller, id):
        async with chat.db.transaction() as conn:
            text, language, near = await _callee(conn, chat.feed.floor, caller, to)
            number = await dialling.permit(conn, caller, id, id, text)
            if number is None:
                return
            queue = _queue_for(chat.feed.floor, caller.id, near)
            region = await config.region_of_number(conn, number)
            if not anyway:
                _check_hours(queue, await config.zone_of_region(conn, region) or chat.zone, chat.clock())
            subscriber, there = await threads.find_subscriber(
                conn, id=str(uuid7()), number=number, name=None, language=language, region=region
            )
            region = there or region
            await callbacks.put(conn, Callback(id, number, subscriber, language, region, ""))
            body = {
                "contact": id,
                "agent": caller.id,
                "queue": queue.id,
                "subscriber": subscriber,
                "language": language,
                "region": region,
            }
            command = await chat.commands.send_in(conn, "call_out", body)
    try:
        await chat.feed.reached(await chat.commands.result(command))
    except Refused as refused:
        if refused.code != "command.unconfirmed":  # that one will be decided: an answer is only late
            async with chat.db.transaction() as conn:
                await dialled.drop(conn, id)
                await callbacks.drop(conn, id)
        raise


async def outcome(chat: Chat, caller: Caller, contact: str) -> str | None:
    """Tell why an own call out reached nobody, as `outgoing.failed` has it; None while it rings or was answered."""
    require(caller, "contact.handle")
    async with chat.db.connection() as conn:
        if not await standing.handled_by(conn, contact, caller.id):
            raise NotFound("contact.unknown", contact=contact)
        return await standing.not_reached(conn, contact)


async def _callee(conn: Connection, floor: Floor, caller: Caller, to: dict[str, str]) -> tuple[str, str, str | None]:
    """Return (number, language, queue of the contact); the number of a contact never passes the desk."""
    if "number" in to:
        return to["number"], "ru", None
    contact = to["contact"]
    row, _ = await readable(conn, caller, floor, contact)
    await audit.add(conn, caller.actor, "contact.call", "contact", contact)
    known = await contacts.subscriber_of(conn, row)
    if known.number is None:
        raise Invalid("dial.number")
    return known.number, known.language, row.queue


def _queue_for(floor: Floor, agent: str, near: str | None) -> Queue:
    """Whose rules the call goes by: the queue of the contact it follows, else the first that the agent serves."""
    profile = floor.agents[agent].profile if agent in floor.agents else None
    spoken = {id: state.config for id, state in sorted(floor.queues.items()) if "voice" in state.config.channels}
    if near in spoken:
        return spoken[near]
    for own in spoken.values():
        if profile is not None and any(step.require.met_by(profile.skills) for step in own.steps):
            return own
    raise Conflict("dial.no_queue")


def _check_hours(queue: Queue, zone: str, now: float) -> None:
    is_open, _ = queue.callback.window(zone).state(now)
    if not is_open:
        raise Conflict("dial.hours", local=datetime.fromtimestamp(now, ZoneInfo(zone)).strftime("%H:%M"))
