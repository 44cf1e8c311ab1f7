"""Refusals: what the product says no to. The domain knows no HTTP; `api/errors.py` maps kinds to statuses."""

from typing import Any


class Refused(Exception):
    """The command was refused and nothing was changed.

    `code` is stable and dotted (`offer.taken`), made for programs and the text catalogues;
    `details` are plain JSON values that help a person to act, never personal data.
    """

    def __init__(self, code: str, /, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        return f"{self.code} {self.details}" if self.details else self.code


class NotFound(Refused):
    """The thing named does not exist, or not for this caller."""


class Conflict(Refused):
    """The thing is no longer in the state that the command needs."""


class NotAllowed(Refused):
    """The caller may not do this."""


class Invalid(Refused):
    """The command is malformed or contradicts the configuration."""


class TooMany(Refused):
    """A limit on rate or size was passed; details may carry `retry_after` in seconds."""


KINDS: dict[str, type[Refused]] = {cls.__name__: cls for cls in (NotFound, Conflict, NotAllowed, Invalid, TooMany)}
