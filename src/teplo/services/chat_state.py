"""What a widget shows of its thread: where the contact stands, its place, an honest wait, who talks, the grade."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..domain import estimate
from ..domain.floor import Floor
from ..storage import standing
from ..storage.db import Connection
from ..storage.standing import End
from ..storage.threads import Receipts


@dataclass(slots=True)
class Standing:
    """What the tables say about a thread; the floor adds the rest. Sockets keep one and follow the log with it."""

    thread: str
    entry: str
    contact: str | None
    last_seq: int
    receipts: Receipts
    end: End | None
    grade: int | None


@dataclass(frozen=True, slots=True)
class ThreadState:
    """One answer to "how does it stand"; see the API. Times are POSIX seconds, `estimate` a range of seconds."""

    thread: str
    contact: str | None
    state: str
    position: int | None
    ahead: int | None
    estimate: tuple[float, float] | None
    estimated_at: float
    opens_at: float | None
    agent: str | None
    last_seq: int
    receipts: Receipts
    can_grade: bool
    grade: int | None
    server_time: float


async def read(conn: Connection, threads: Iterable[str]) -> list[Standing]:
    """Read threads with the ends and grades of their last contacts."""
    return [
        Standing(
            thread=thread.id,
            entry=thread.entry,
            contact=thread.contact,
            last_seq=thread.last_seq,
            receipts=thread.receipts,
            end=end,
            grade=grade,
        )
        for thread, end, grade in await standing.of_threads(conn, threads)
    ]


def phase(standing: Standing, floor: Floor) -> str:
    """Return none, deferred, waiting, talking or ended. An offer is still waiting for the subscriber."""
    if standing.contact is None:
        return "none"
    contact = floor.contacts.get(standing.contact)
    if standing.end is not None or (contact is not None and contact.state == "wrap_up"):
        return "ended"
    if contact is not None and contact.state in ("deferred", "talking"):
        return contact.state
    return "waiting"


def talker(standing: Standing, floor: Floor) -> str | None:
    """Return the agent who talks in the thread now, or talked there until the end."""
    if standing.end is not None:
        return standing.end.agent if standing.end.stage == "talking" else None
    contact = floor.contacts.get(standing.contact or "")
    return contact.agent if contact is not None and contact.state in ("talking", "wrap_up") else None


def compute(
    standing: Standing,
    floor: Floor,
    now: float,
    *,
    agent_name: str | None,
    survey: bool,
    places: "Places | None" = None,
) -> ThreadState:
    """Put together what the widget shows at `now`. `agent_name` is that of `talker`."""
    state = phase(standing, floor)
    contact = floor.contacts.get(standing.contact or "")
    position, wait = None, None
    if state == "waiting" and contact is not None:
        position, wait = (places or Places(floor, now)).of(contact.id)
    return ThreadState(
        thread=standing.thread,
        contact=standing.contact,
        state=state,
        position=position,
        ahead=None if position is None else position - 1,
        estimate=wait,
        estimated_at=now,
        opens_at=contact.deadline if state == "deferred" and contact is not None else None,
        agent=agent_name if state in ("talking", "ended") else None,
        last_seq=standing.last_seq,
        receipts=standing.receipts,
        can_grade=may_grade(standing, survey) and state == "ended",
        grade=standing.grade,
        server_time=now,
    )


def may_grade(standing: Standing, survey: bool) -> bool:
    """Whether a grade is asked for: an agent talked, and none was given yet."""
    end = standing.end
    return survey and end is not None and end.stage == "talking" and end.agent is not None and standing.grade is None


class Places:
    """Places and waits at one moment; the line of a queue is looked at once for all who ask."""

    def __init__(self, floor: Floor, now: float) -> None:
        self._floor = floor
        self._now = now
        self._lines: dict[str, dict[str, int]] = {}

    def of(self, contact: str) -> tuple[int | None, tuple[float, float] | None]:
        """Return (place from 1, (low, high) seconds still to wait); who is being offered is first."""
        found = self._floor.contacts[contact]
        if found.state == "offered":
            return 1, estimate.range(self._floor, found, self._now)
        line = self._lines.get(found.queue)
        if line is None:
            waiting = self._floor.waiting(found.queue)
            line = self._lines[found.queue] = {other.id: place for place, other in enumerate(waiting, 1)}
        return line.get(contact), estimate.range(self._floor, found, self._now)
