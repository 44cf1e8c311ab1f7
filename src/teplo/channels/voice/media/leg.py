"""A leg: one party's audio on this worker, and whom it hears."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from .g711 import Law, Samples
from .playback import Playing, Sound
from .quality import Quality

__all__ = ["Leg", "Legs", "Sound"]


class Owner(Protocol):
    """Who wants to know that a plan made from sets of legs is no longer valid."""

    def replan(self) -> None:
        """The sets have changed."""


class Legs(set["Leg"]):
    """A set of legs that tells its owner when it changes, so that the mixer plans only then and not in every tick."""

    def __init__(self, legs: "Iterable[Leg]", owner: Owner) -> None:
        super().__init__(legs)
        self._owner = owner


def _telling(name: str) -> Callable[..., Any]:
    change = getattr(set, name)

    def method(self: Legs, *args: Any) -> Any:
        result = change(self, *args)
        self._owner.replan()
        return self if result is self else result

    method.__name__ = name
    return method


for _name in (
    "add clear discard remove pop update difference_update intersection_update symmetric_difference_update "
    "__ior__ __iand__ __isub__ __ixor__"
).split():
    setattr(Legs, _name, _telling(_name))


class Leg:
    """One party of a call. Bridge, hold, listen, whisper, barge and conference are changes of the `hear` sets.

    Subclasses bring the audio: they override `pull`, and `push` or, with a `law`, `push_encoded`. All methods are
    called on the event loop of the mixer; callbacks are called inside its tick and must neither block nor raise.
    """

    law: Law | None = None
    """The companding of bytes that `pull` returns and `push_encoded` takes; None: linear frames both ways."""

    def __init__(self, id: str) -> None:
        self.id = id
        self._planner: Owner | None = None
        self._hear = Legs((), self)
        self._muted = False
        self.playing: Playing | None = None
        self.on_digit: Callable[[str], None] | None = None
        """A digit (0-9, *, #, A-D) was pressed; called once per press."""
        self.on_silence: Callable[[], None] | None = None
        """No packet came for the media timeout; called once, and again only after packets came in between."""
        self.closed = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"

    def replan(self) -> None:
        """Tell the mixer that something it planned with has changed."""
        if self._planner is not None:
            self._planner.replan()

    def attach(self, planner: Owner | None) -> None:
        """Called by the mixer when it takes the leg in (or with None when it lets it go)."""
        self._planner = planner

    @property
    def hear(self) -> set["Leg"]:
        """The legs whose voices this one hears. May be changed in place or assigned."""
        return self._hear

    @hear.setter
    def hear(self, legs: "Iterable[Leg]") -> None:
        if legs is not self._hear:
            self._hear = Legs(legs, self)
        self.replan()

    @property
    def muted(self) -> bool:
        """Nobody hears this leg, and the recording does not either; its digits still count."""
        return self._muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._muted = muted
        self.replan()

    def play(self, sound: Sound, *, loop: bool = False, then: Callable[[], None] | None = None) -> None:
        """Play a sound to this leg, mixed over what it hears; it replaces the one playing, whose `then` is not called.

        `then` is called once when the sound was played to its end (never for a loop).
        """
        self.playing = Playing(sound, loop, then)

    def stop_playing(self) -> None:
        """Stop at once; `then` is not called."""
        self.playing = None

    def send_digits(self, digits: str) -> None:
        """Send digits to the far end, one after the other. Raises ValueError for other characters."""
        raise NotImplementedError

    def digit(self, digit: str) -> None:
        """A digit came in by another way than RTP (SIP INFO): hand it on."""
        if self.on_digit is not None:
            self.on_digit(digit)

    def stats(self) -> Quality:
        """Return the quality figures of now."""
        return Quality()

    def close(self) -> None:
        """Stop sending and receiving; may be called twice. The mixer lets a closed leg go in its next tick."""
        self.closed = True

    def pull(self, tick: int) -> bytes | Samples | None:
        """Return what the party said in this tick: 160 companded bytes, a frame of 160 samples, or None for silence.

        `tick` counts 20 ms periods and may jump forward when the process was held up.
        """
        return None

    def push(self, frame: Samples) -> None:
        """Give the party one frame of 160 samples. The array is valid only during the call. For legs without a law."""

    def push_encoded(self, payload: bytes, tick: int) -> None:
        """Give the party 20 ms of companded audio. For legs with a law."""

    def watch(self, now: float) -> None:
        """Called about four times a second with monotonic seconds: reports and timeouts."""
