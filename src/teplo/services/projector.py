"""Keeps the contact record in step with the log: rows and cursor change in one transaction, each fact counts once."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

import structlog

from ..domain import events as ev
from ..storage import contacts, events, standing
from ..storage.contacts import ContactRow
from ..storage.db import Connection, Database
from ..storage.events import Stored
from .feed import Feed

log = structlog.get_logger()

CURSOR: Final = "projector"
_BATCH = 2000
_POLL = 2.0
_GATHER = 0.1
"""Seconds in which facts gather: a busy centre's are stored in ten transactions a second, not in a hundred."""


async def run_projector(db: Database, feed: Feed) -> None:
    """Project the log for ever. Only one process may run this (`run_alone`); a second one would only wait."""
    wake = asyncio.Event()
    stop = feed.subscribe(lambda _: wake.set())
    try:
        while True:
            wake.clear()
            while await project(db) == _BATCH:
                pass
            try:
                async with asyncio.timeout(_POLL):
                    await wake.wait()
                await asyncio.sleep(_GATHER)
            except TimeoutError:
                pass
    finally:
        stop()


async def project(db: Database, limit: int = _BATCH) -> int:
    """Project the next facts; return how many there were."""
    async with db.transaction() as conn:
        seq = await standing.take_cursor(conn, CURSOR)
        return await _project(conn, seq, limit)


async def rebuild(db: Database) -> int:
    """Make all rows anew from the log in one transaction; return the number of facts read. Numbers stay."""
    async with db.transaction() as conn:
        seq = await standing.take_cursor(conn, CURSOR)
        await contacts.begin_rebuild(conn)
        seq = count = 0
        while found := await _project(conn, seq, _BATCH):
            count += found
            seq = await standing.take_cursor(conn, CURSOR)
        gone = await contacts.end_rebuild(conn)
    log.info("projector.rebuilt", events=count, unknown=gone)
    return count


async def _project(conn: Connection, seq: int, limit: int) -> int:
    batch = await events.after(conn, seq, limit)
    if not batch:
        return 0
    ids = {contact for _, event in batch if (contact := getattr(event, "contact", None)) is not None}
    rows = await contacts.load(conn, ids) if ids else {}
    changed = fold(rows, batch)
    await contacts.save(conn, (rows[contact] for contact in changed))
    await standing.set_cursor(conn, CURSOR, batch[-1][0])
    return len(batch)


def fold(rows: dict[str, ContactRow], batch: Sequence[Stored]) -> list[str]:
    """Apply facts to the rows; return the ids of those that changed, in order of their first change."""
    changed: dict[str, None] = {}
    for seq, event in batch:
        if isinstance(event, ev.ContactArrived):
            known = rows.get(event.contact)
            rows[event.contact] = _new(event, seq, known.number if known else None)
            changed[event.contact] = None
            continue
        handler = _HANDLERS.get(type(event))
        row = rows.get(getattr(event, "contact", None) or "")
        if handler is not None and row is not None:
            handler(row, event, seq)
            changed[row.id] = None
    return list(changed)


def _new(event: ev.ContactArrived, seq: int, number: int | None) -> ContactRow:
    return ContactRow(
        id=event.contact,
        channel=event.channel,
        queue=event.queue,
        reason=event.reason,
        subscriber=event.subscriber,
        thread=event.thread,
        language=event.language,
        region=event.region,
        arrived_at=event.at,
        arrived_seq=seq,
        number=number,
        direction=event.direction,
    )


def _deferred(row: ContactRow, event: ev.ContactDeferred, seq: int) -> None:
    row.state, row.queue, row.waiting_from = "deferred", event.queue, None


def _queued(row: ContactRow, event: ev.ContactQueued, seq: int) -> None:
    row.state, row.queue = "waiting", event.queue
    if row.waiting_from is None:
        row.waiting_from = event.at


def _offered(row: ContactRow, event: ev.ContactOffered, seq: int) -> None:
    row.state = "offered"


def _not_taken(row: ContactRow, event: ev.OfferDeclined | ev.OfferMissed | ev.OfferWithdrawn, seq: int) -> None:
    row.missed += isinstance(event, ev.OfferMissed)
    if row.state == "offered":
        row.state = "waiting"


def _accepted(row: ContactRow, event: ev.OfferAccepted, seq: int) -> None:
    row.state, row.queue, row.agent = "talking", event.queue, event.agent
    if event.agent not in row.agents:
        row.agents.append(event.agent)
    if row.answered_at is None:
        row.answered_at = event.at
        row.wait = _waited(row, event.at)
    row.waiting_from = None


def _dialled(row: ContactRow, event: ev.CallbackDialled, seq: int) -> None:
    row.state = "dialling"


def _dial_failed(row: ContactRow, event: ev.CallbackFailed, seq: int) -> None:
    row.state = "talking" if row.waiting_from is None else "waiting"  # the agent of a voicemail keeps it


def _reached(row: ContactRow, event: ev.CallbackReached, seq: int) -> None:
    row.state = "talking"


def _calls_out(row: ContactRow, event: ev.OutgoingDialled, seq: int) -> None:
    row.state = "dialling"
    row.agent = event.agent


def _released(row: ContactRow, event: ev.ContactReleased, seq: int) -> None:
    row.state = "waiting"
    _talked(row, event)


def _talked(row: ContactRow, event: ev.ContactReleased | ev.ContactEnded) -> None:
    row.talk += round(event.talk - event.hold, 6)
    row.hold += event.hold


def _transferred(row: ContactRow, event: ev.ContactTransferred, seq: int) -> None:
    row.transfers += 1


def _ended(row: ContactRow, event: ev.ContactEnded, seq: int) -> None:
    row.state, row.ended_at, row.ended_by, row.stage = "ended", event.at, event.by, event.stage
    row.done_seq = seq
    if row.answered_at is None:
        row.wait = _waited(row, event.at)
    row.waiting_from = None
    if event.stage == "talking":
        _talked(row, event)


def _wrap_up_started(row: ContactRow, event: ev.WrapUpStarted, seq: int) -> None:
    if row.ended_at is not None:
        row.state, row.done_seq = "wrap_up", None


def _wrap_up_ended(row: ContactRow, event: ev.WrapUpEnded, seq: int) -> None:
    row.wrap_up += event.wrap_up
    if row.ended_at is not None:
        row.state, row.done_seq = "ended", seq


def _disposed(row: ContactRow, event: ev.ContactDisposed, seq: int) -> None:
    row.reasons, row.outcome = list(event.reasons), event.outcome


def _graded(row: ContactRow, event: ev.ContactGraded, seq: int) -> None:
    row.grade = event.grade


def _waited(row: ContactRow, at: float) -> float:
    return round(max(0.0, at - row.waiting_from), 6) if row.waiting_from is not None else 0.0


_HANDLERS: dict[type[ev.Event], Callable[[ContactRow, Any, int], None]] = {
    ev.ContactDeferred: _deferred,
    ev.ContactQueued: _queued,
    ev.ContactOffered: _offered,
    ev.OfferAccepted: _accepted,
    ev.OfferDeclined: _not_taken,
    ev.OfferMissed: _not_taken,
    ev.OfferWithdrawn: _not_taken,
    ev.CallbackDialled: _dialled,
    ev.CallbackFailed: _dial_failed,
    ev.CallbackReached: _reached,
    ev.OutgoingDialled: _calls_out,
    ev.ContactReleased: _released,
    ev.ContactTransferred: _transferred,
    ev.ContactEnded: _ended,
    ev.WrapUpStarted: _wrap_up_started,
    ev.WrapUpEnded: _wrap_up_ended,
    ev.ContactDisposed: _disposed,
    ev.ContactGraded: _graded,
}
