"""What people do with contacts and with themselves: commands to the floor, with rights and texts checked before."""

import uuid
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog

from ..domain.errors import Conflict, Invalid, NotAllowed, Refused
from ..storage import audit, messages, standing
from .access import Caller, require
from .chat import Chat

log = structlog.get_logger()

_NOTES: Final = uuid.UUID("0d6f3c0e-1d0c-5b7e-9b0a-4a5b6f0f7c11")
"""Namespace of the ids of notes that come with a command."""

OUTCOMES = ("resolved", "promise", "passed", "unresolved")


async def accept(chat: Chat, caller: Caller, contact: str, offer: str) -> None:
    """Take an offered contact. A retry of an accept that succeeded succeeds."""
    require(caller, "contact.handle")
    try:
        await _send(chat, "accept", {"contact": contact, "agent": caller.id, "offer": offer})
    except Conflict as refused:
        if refused.code != "offer.taken":
            raise
        async with chat.db.connection() as conn:
            if await standing.talker(conn, contact) != (caller.id, False):
                raise


async def decline(chat: Chat, caller: Caller, contact: str, offer: str, reason: str) -> None:
    """Refuse an offered contact; it goes to somebody else at its old place."""
    require(caller, "contact.handle")
    await _send(chat, "decline", {"contact": contact, "agent": caller.id, "offer": offer, "reason": reason})


async def end(chat: Chat, caller: Caller, contact: str) -> None:
    """End a contact: one's own as its agent, any other one as a supervisor."""
    if not caller.may("floor.steer"):
        require(caller, "contact.handle")
    async with chat.db.connection() as conn:
        agent, ended = await standing.talker(conn, contact)
    if agent == caller.id and caller.may("contact.handle"):
        if not ended:
            await _send(chat, "end", {"contact": contact, "by": "agent", "agent": caller.id})
        return
    if not caller.may("floor.steer"):
        raise NotAllowed("contact.not_yours")
    async with chat.db.transaction() as conn:  # the log says that a supervisor did it, the audit says who
        await audit.add(conn, caller.actor, "contact.end", "contact", contact)
        command = await chat.commands.send_in(conn, "end", {"contact": contact, "by": "supervisor"})
    await chat.feed.reached(await chat.commands.result(command))


async def transfer(chat: Chat, caller: Caller, contact: str, to: dict[str, Any], note: str | None) -> None:
    """Hand the talk over to an agent, a queue or a skill, with a private note for the colleague."""
    require(caller, "contact.handle")
    await _send_with_note(chat, caller, contact, "transfer", {"contact": contact, "agent": caller.id, "to": to}, note)


async def dispose(chat: Chat, caller: Caller, contact: str, reasons: list[str], outcome: str, note: str | None) -> None:
    """Store subject and result, which ends the wrap-up; after its time it is kept as late.

    Refusals: dispose.outcome, reason.unknown, contact.disposed (there is one already), contact.not_yours.
    """
    require(caller, "contact.handle")
    if outcome not in OUTCOMES:
        raise Invalid("dispose.outcome")
    if not reasons:
        raise Invalid("dispose.reasons")
    zone = ZoneInfo(chat.zone)
    for reason in reasons:
        if not await chat.directory.reason_is_valid(reason, chat.clock(), zone):
            raise Invalid("reason.unknown", reason=reason)
    body = {"contact": contact, "agent": caller.id, "reasons": list(dict.fromkeys(reasons)), "outcome": outcome}
    try:
        await _send_with_note(chat, caller, contact, "dispose", body, note)
    except Conflict as refused:
        if refused.code != "contact.not_in_wrap_up":
            raise
        async with chat.db.connection() as conn:
            end = await standing.end_of(conn, contact)
            disposed = await standing.disposed(conn, contact, caller.id)
        if end is None or end.agent != caller.id:
            raise
        if disposed:
            raise Conflict("contact.disposed") from None
        await _send(chat, "dispose_late", body)


async def extend(chat: Chat, caller: Caller, contact: str) -> None:
    """Ask for more time for the wrap-up."""
    require(caller, "contact.handle")
    await _send(chat, "extend_wrap_up", {"contact": contact, "agent": caller.id})


async def move(chat: Chat, caller: Caller, contact: str, queue: str) -> None:
    """Put a waiting contact into another queue."""
    require(caller, "floor.steer")
    await _send(chat, "move", {"contact": contact, "queue": queue, "by": caller.id})


async def prioritise(chat: Chat, caller: Caller, contact: str, priority: float) -> None:
    """Set the priority (minutes) of a waiting contact."""
    require(caller, "floor.steer")
    await _send(chat, "prioritise", {"contact": contact, "priority": priority, "by": caller.id})


async def set_presence(chat: Chat, caller: Caller, presence: str, reason: str | None) -> None:
    """Declare what one is doing; a reason must be one of the centre's break reasons."""
    require(caller, "contact.handle")
    if reason is not None and not await chat.directory.break_reason_exists(reason):
        raise Invalid("presence.reason_unknown", reason=reason)
    await _send(chat, "set_presence", {"agent": caller.id, "presence": presence, "reason": reason, "by": "agent"})


async def set_hand(chat: Chat, caller: Caller, raised: bool, contact: str | None) -> None:
    """Ask a supervisor for help, or take it back."""
    require(caller, "contact.handle")
    if raised:
        await _send(chat, "raise_hand", {"agent": caller.id, "contact": contact})
    else:
        await _send(chat, "lower_hand", {"agent": caller.id, "by": "agent"})


async def _send(chat: Chat, kind: str, body: dict[str, Any]) -> None:
    """Send a command and wait until this process sees its effect."""
    await chat.feed.reached(await chat.commands.send(kind, body))


async def _send_with_note(
    chat: Chat, caller: Caller, contact: str, kind: str, body: dict[str, Any], note: str | None
) -> None:
    """Store the note in the transaction that sends the command; a refused command leaves a harmless note.

    The id of the note follows from what it is, so that a retry keeps it once.
    """
    if not note:
        await _send(chat, kind, body)
        return
    async with chat.db.transaction() as conn:
        if not await standing.handled_by(conn, contact, caller.id):
            raise NotAllowed("contact.not_yours")
        id = str(uuid.uuid5(_NOTES, f"{kind}:{contact}:{caller.id}:{note}"))
        await messages.add_note(conn, id=id, contact=contact, agent=caller.id, text=note)
        command = await chat.commands.send_in(conn, kind, body)
    try:
        await chat.feed.reached(await chat.commands.result(command))
    except Refused as refused:
        log.info("contact.note_without_command", contact_id=contact, command=kind, code=refused.code)
        raise
