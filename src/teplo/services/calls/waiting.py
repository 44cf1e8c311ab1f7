"""What a caller in the queue is told, and how often."""

from collections.abc import Iterator, Sequence

from ...channels.voice import prompts
from ...channels.voice.media.leg import Sound
from ...domain import estimate
from ...domain.contact import Contact
from ...domain.floor import Floor

FIRST = 3.0
"""Seconds of music before the first word: who is answered at once hears none."""
_EVERY = (25.0, 35.0, 50.0)
_LAST = 70.0
_LONGEST_PLACE = 99


def pauses() -> Iterator[float]:
    """Yield the seconds of music before each announcement: often at first, then more seldom."""
    yield FIRST
    yield from _EVERY
    while True:
        yield _LAST


def announcement(floor: Floor, contact: Contact, language: str, now: float) -> Sequence[Sound]:
    """Return the place and the honest wait; nothing where the place is not known."""
    place = floor.position(contact.id)
    if not 1 <= place <= _LONGEST_PLACE:
        return ()
    low, high = estimate.range(floor, contact, now) or (0.0, 0.0)
    return prompts.wait_announcement(language, place, low, high)
