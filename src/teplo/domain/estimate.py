"""How long a contact will probably wait, from what happens now.

The agents who are able and present free their slots at a rate given by the running mean of handle time. Before the
contact go those with a better rank who compete for the same agents, in this queue and in others: of another queue the
share that these agents serve (known to one part in a hundred of the agents: shares are worked out anew after as
many have come or gone). The wait is then the time of that many completions, a gamma distribution; the
range told is from its 10 % to its 90 % point (Wilson and Hilferty's approximation).
"""

from __future__ import annotations

from math import inf, sqrt
from typing import TYPE_CHECKING

from .contact import Contact
from .errors import NotFound
from .ids import Instant, Seconds
from .index import Index, Line, Rival, Rivals, ahead
from .queue import QueueState

if TYPE_CHECKING:
    from .floor import Floor

Z = 1.2816
"""Normal quantile of 90 %."""

CLOSEST = 4
"""Rival queues that are counted one by one; the others count together, with their mean share."""


def range(
    floor: Floor, contact_or_queue: Contact | str, now: Instant, channel: str | None = None
) -> tuple[Seconds, Seconds] | None:
    """Return the seconds that a contact has still to wait, or that one arriving now in a queue would, as low and high.

    `channel` is that of the arrival; without it the queue's first. None if nobody able is present, or the contact does
    not wait for an agent.
    """
    index = floor.index
    contact = floor.contacts.get(contact_or_queue) if isinstance(contact_or_queue, str) else contact_or_queue
    if contact is not None:
        if contact.state == "offered":
            return 0.0, max(0.0, (contact.deadline or now) - now)
        if contact.state != "waiting":
            return None
        state = floor.queues[contact.queue]
        told = of_line(index, state, index.line_of(contact), (contact.rank, contact.number), floor.queues)
        return told if told is None or contact.reserved_until is None else kept(told, contact.reserved_until - now)
    if contact_or_queue not in floor.queues:
        raise NotFound("queue.unknown", queue=str(contact_or_queue))
    state = floor.queues[str(contact_or_queue)]
    config = state.config
    line = index.line(config, 0, channel or config.channels[0], None, None)
    return of_line(index, state, line, (now - 60.0 * config.priority, inf), floor.queues)


def of_line(
    index: Index, state: QueueState, line: Line, place: tuple[float, float], queues: dict[str, QueueState]
) -> tuple[Seconds, Seconds] | None:
    """Return the range for somebody at this place (rank and number of arrival) in this line.

    Two counts of those before are compared and the longer wait is told: all who compete for the agents of the queue,
    and the contacts with the very same needs, who compete for the few agents able to meet them.
    """
    channel, name = line.channel, state.config.id
    if not line.able & index.ready:
        return None
    if line.able & index.free.get(channel, 0):
        return 0.0, state.config.offer_seconds  # somebody able is free, so nobody before it waits for them
    rivals = index.rivals.get((name, channel))
    if rivals is None or index.staffing - rivals.staffing > rivals.tolerance:
        rivals = index.rivals[name, channel] = _rivals(index, state, channel, queues)
    own = index.waiting[name]
    in_own = len(own)
    before: float = ahead(own, place)
    handle = state.handle
    work = handle * before
    others = index.total_waiting - in_own
    if others:
        rest, portion = others, before / in_own if in_own else 1.0
        for entries, share, rival in rivals.closest:
            if entries:
                rest -= len(entries)
                count = share * ahead(entries, place)
                before += count
                work += count * rival.handle
        if rest and rivals.rest_share:
            count = rest * rivals.rest_share * portion
            before += count
            work += count * handle
    slots, same = rivals.slots, ahead(line.entries, place)
    if line.slots_at < rivals.staffing:
        line.slots_at, line.slots = rivals.staffing, index.slots(line.able & index.ready, channel) or 1
    if (same + 1) * handle * slots > (work + handle) * line.slots:
        before, work, slots = same, same * handle, line.slots
    return spread(before + 1.0, (work + handle) / slots)


def kept(told: tuple[Seconds, Seconds], rest: Seconds) -> tuple[Seconds, Seconds]:
    """Return what is told to somebody who is kept for one agent for that long: others do not help before."""
    return told[0], max(told[1], round(rest, 1))


def spread(completions: float, mean: Seconds) -> tuple[Seconds, Seconds]:
    """Return the 10 % and 90 % points of the time of so many completions that takes `mean` on average."""
    centre, width = 1.0 - 1.0 / (9.0 * completions), Z / (3.0 * sqrt(completions))
    low, high = max(0.0, centre - width), centre + width
    return int(10 * mean * low * low * low + 0.5) / 10, int(10 * mean * high * high * high + 0.5) / 10


def _rivals(index: Index, state: QueueState, channel: str, queues: dict[str, QueueState]) -> Rivals:
    """Work out which other queues compete for the agents of this one who are present, and how much."""
    present = index.line(state.config, 0, channel, None, None).able & index.ready
    found: list[Rival] = []
    for name, other in queues.items():
        theirs = index.line(other.config, 0, channel, None, None).able & index.ready
        shared = (theirs & present).bit_count()
        if shared and other is not state:
            found.append((index.waiting[name], shared / theirs.bit_count(), other))
    found.sort(key=_share, reverse=True)
    rest = found[CLOSEST:]
    others = max(1, len(queues) - 1 - CLOSEST)
    return Rivals(
        staffing=index.staffing,
        tolerance=index.ready.bit_count() // 100,
        slots=max(1, index.slots(present, channel)),
        closest=found[:CLOSEST],
        rest_share=sum(share for _, share, _ in rest) / others,
    )


def _share(rival: Rival) -> float:
    return rival[1]
