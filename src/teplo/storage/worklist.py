"""What an agent's work list shows of a contact: who it is; of a chat also what came last, what is unread."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from . import callbacks, calls
from .db import Connection

_SHOWN: Final = 120
"""Characters of a message that a line of the list, or an offer, has room for."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of the work list. `awaiting_since`: when the oldest unanswered message of the subscriber came.

    A call has no thread but maybe a `number`: personal data, for the agent who has the contact only.
    """

    contact: str
    thread: str | None
    name: str | None
    last_seq: int
    unread: int
    last: dict[str, Any] | None
    awaiting_since: float | None
    number: str | None = None


def shortened(text: str) -> str:
    """Return the beginning of a message; an ellipsis stands for what is missing."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"


async def summaries(conn: Connection, contacts: Iterable[str]) -> dict[str, Summary]:
    """Return the lines of these contacts; one that is neither a chat nor a call has none."""
    wanted = list(contacts)
    cursor = await conn.execute(
        """
        select c.id, t.id, coalesce(t.name, s.name), t.last_seq,
               (select count(*) from message m
                 where m.thread = t.id and m.contact = c.id and m.author = 'subscriber' and m.seq > t.agent_read),
               l.author, l.text, l.kind, extract(epoch from l.at)::float8,
               (select extract(epoch from min(m.at))::float8 from message m
                 where m.thread = t.id and m.contact = c.id and m.author = 'subscriber'
                   and m.seq > coalesce((select max(a.seq) from message a
                                          where a.thread = t.id and a.contact = c.id and a.author = 'agent'), 0))
          from unnest(%s::uuid[]) as c(id)
          join lateral (select m.thread from message m where m.contact = c.id order by m.seq desc limit 1) o on true
          join thread t on t.id = o.thread
          left join subscriber s on s.id = t.subscriber
          left join lateral (select author, text, kind, at from message m
                              where m.contact = c.id and m.kind <> 'notice' order by m.seq desc limit 1) l on true
        """,
        (wanted,),
    )
    found: dict[str, Summary] = {}
    for contact, thread, name, last_seq, unread, author, text, kind, at, awaiting in await cursor.fetchall():
        last = None if author is None else {"author": author, "text": shortened(text or ""), "kind": kind, "at": at}
        found[contact] = Summary(contact, thread, name, last_seq, unread, last, awaiting)
    if spoken := [contact for contact in wanted if contact not in found]:
        for contact, place in (await calls.places(conn, spoken)).items():
            found[contact] = Summary(contact, None, place.name, 0, 0, None, None, place.number)
        for contact in spoken:  # another number may be called back than the one that called
            wish = await callbacks.get(conn, contact)
            if wish is not None:
                name = found[contact].name if contact in found else None
                found[contact] = Summary(contact, None, name, 0, 0, None, None, wish.number)
    return found
