"""How long a contact will probably wait, from what happens now.

The agents who are able and present free their slots at a rate given by the running mean of handle time. Before the
contact go those with a better rank who compete for the same agents, in this queue and in others: of another queue the
share that these agents serve. The wait is then the time of that many completions, a gamma distribution; the
range told is from its 10 % to its 90 % point (Wilson and Hilferty's approximation).
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from .contact import Contact
from .errors import NotFound
from .ids import Instant, Seconds
from .index import Index, Line, Rival, ahead
from .queue import QueueState

if TYPE_CHECKING:
    from .floor import Floor

Z = 1.2816
"""Normal quantile of 90 %."""

_NEGLIGIBLE = 0.02


def range(floor: Floor, contact_or_queue: Contact | str, now: Instant) -> tuple[Seconds, Seconds] | None:
    """Return the seconds that a contact has still to wait, or that one arriving now in a queue would, as low and high.

    None if nobody able is present, or the contact does not wait for an agent.
    """
    index = floor.index
    contact = floor.contacts.get(contact_or_queue) if isinstance(contact_or_queue, str) else contact_or_queue
    if contact is not None:
        state = floor.queues[contact.queue]
        if contact.state == "offered":
            return 0.0, max(0.0, (contact.deadline or now) - now)
        if contact.state != "waiting":
            return None
        return of_line(index, state, index.line_of(contact), contact.rank, now, floor.queues)
    if contact_or_queue not in floor.queues:
        raise NotFound("queue.unknown", queue=str(contact_or_queue))
    state = floor.queues[str(contact_or_queue)]
    config = state.config
    line = index.line(config, 0, config.channels[0], None, None)
    return of_line(index, state, line, now - 60.0 * config.priority, now, floor.queues)


def of_line(
    index: Index, state: QueueState, line: Line, rank: float, now: Instant, queues: dict[str, QueueState]
) -> tuple[Seconds, Seconds] | None:
    """Return the range for somebody with this rank in this line."""
    if line.rivals_at != index.staffing:
        line.rivals_at, line.rivals = index.staffing, _rivals(index, line, queues)
    slots, rivals = line.rivals
    if not slots:
        return None
    before, work = 0.0, state.handle
    for entries, share, rival in rivals:
        if entries:
            count = share * (len(entries) if entries[-1][0] <= rank else ahead(entries, rank))
            before += count
            work += count * rival.handle
    if before == 0.0 and line.able & index.free.get(line.channel, 0):
        return 0.0, state.config.offer_seconds
    return spread(before + 1.0, work / slots)


def spread(completions: float, mean: Seconds) -> tuple[Seconds, Seconds]:
    """Return the 10 % and 90 % points of the time of so many completions that takes `mean` on average."""
    centre, width = 1.0 - 1.0 / (9.0 * completions), Z / (3.0 * sqrt(completions))
    low, high = max(0.0, centre - width), centre + width
    return round(mean * low * low * low, 1), round(mean * high * high * high, 1)


def _rivals(index: Index, line: Line, queues: dict[str, QueueState]) -> tuple[int, list[Rival]]:
    """Return the slots of the agents present, and for each queue the share of its contacts that these agents serve."""
    present = line.able & index.ready
    if not present:
        return 0, []
    rivals = []
    for name, state in queues.items():
        theirs = index.line(state.config, 0, line.channel, None, None).able & index.ready
        shared = (theirs & present).bit_count()
        if shared and shared > _NEGLIGIBLE * theirs.bit_count():
            rivals.append((index.waiting[name], shared / theirs.bit_count(), state))
    return index.slots(present, line.channel), rivals
