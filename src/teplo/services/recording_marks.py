"""What happened when in a recording, from the facts of its contact: positions are seconds of the file.

The file runs while somebody talks and stands still while the subscriber waits between two agents.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..domain import events as ev
from ..storage.events import Stored

MarkKind = Literal["answered", "hold", "pause", "transfer", "returned", "ended"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at `at`; what lasts has `until`. `agent` took part."""

    kind: MarkKind
    at: float
    until: float | None = None
    agent: str | None = None


def marks(facts: Sequence[Stored], pauses: Sequence[Sequence[float]], seconds: float) -> list[Mark]:
    """Return the marks of a recording of so many seconds, in order."""
    found: list[Mark] = []
    before = 0.0
    since: float | None = None
    held: float | None = None
    absent = False

    def position(at: float) -> float:
        return round(min(seconds, before + (0.0 if since is None else max(0.0, at - since))), 2)

    for _, fact in facts:
        match fact:
            case ev.VoicemailLeft():
                absent = True
            case ev.OfferAccepted() if absent:
                pass  # the agent hears the message: nothing is recorded before the subscriber is on the line
            case ev.OfferAccepted() | ev.CallbackReached():
                absent = False
                since = fact.at
                found.append(Mark("answered", position(fact.at), agent=fact.agent))
            case ev.ContactHeld():
                held = position(fact.at)
            case ev.ContactResumed() if held is not None:
                found.append(Mark("hold", held, max(held, position(fact.at)), fact.agent))
                held = None
            case ev.ContactReleased() if since is not None:
                before, since = position(fact.at), None
                kind: MarkKind = "transfer" if fact.why == "transferred" else "returned"
                found.append(Mark(kind, before, agent=fact.agent))
            case ev.ContactEnded() if since is not None:
                found.append(Mark("ended", position(fact.at), agent=fact.agent))
            case _:
                pass
    found += [Mark("pause", round(min(seconds, pause[0]), 2), round(min(seconds, pause[1]), 2)) for pause in pauses]
    return sorted(found, key=lambda mark: mark.at)
