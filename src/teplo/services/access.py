"""Who calls and what they may do. Every use case asks here on its first line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from ..domain.errors import NotAllowed

Role = Literal["agent", "senior", "supervisor", "quality", "planner", "administrator"]
ROLES: tuple[str, ...] = get_args(Role)

HANDLES_CONTACTS: frozenset[str] = frozenset({"agent", "senior", "supervisor"})
"""Roles whose people are on the floor and may be offered contacts."""

_AGENT = frozenset({"contact.handle", "contact.read", "recording.listen", "config.read"})
_SENIOR = _AGENT | {"contact.read_all", "floor.read", "call.listen", "call.join"}
_SUPERVISOR = _SENIOR | {"floor.steer", "people.read", "reports.read", "events.read"}
_QUALITY = frozenset(
    {
        "contact.read",
        "contact.read_all",
        "recording.listen",
        "call.listen",
        "floor.read",
        "config.read",
        "people.read",
        "reports.read",
    }
)
_PLANNER = frozenset({"floor.read", "config.read", "people.read", "reports.read"})
_ADMINISTRATOR = (_SUPERVISOR | {"config.write", "people.write", "audit.read"}) - {"contact.handle"}

ROLE_PERMISSIONS: Mapping[str, frozenset[str]] = {
    "agent": _AGENT,
    "senior": _SENIOR,
    "supervisor": _SUPERVISOR,
    "quality": _QUALITY,
    "planner": _PLANNER,
    "administrator": _ADMINISTRATOR,
}
"""Role -> what it may do. `contact.read`: the caller's own contacts and those of their subscribers;
`contact.read_all`: every contact. `recording.listen`: recordings of the contacts that one may read; with
`contact.read` alone only of those that one talked in. `call.listen`: hear running calls; `call.join`: speak in them."""

PERMISSIONS: frozenset[str] = frozenset().union(*ROLE_PERMISSIONS.values())
"""Every permission there is."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The person (or the system itself) on whose behalf a use case runs."""

    id: str
    role: str
    name: str
    display_name: str
    team: str | None
    language: str
    permissions: frozenset[str]

    @property
    def actor(self) -> str | None:
        """Return the person's id for "changed by" columns; None for the system."""
        return None if self.id == SYSTEM.id else self.id

    def may(self, permission: str) -> bool:
        """Tell whether the caller has the permission."""
        return permission in self.permissions


SYSTEM = Caller(
    id="00000000-0000-0000-0000-000000000000",
    role="system",
    name="",
    display_name="",
    team=None,
    language="ru",
    permissions=PERMISSIONS,
)
"""Internal jobs: timers, seeding, readers of the log. Never a person, never on the floor."""


def require(caller: Caller, permission: str) -> None:
    """Refuse unless the caller has the permission."""
    if permission not in caller.permissions:
        raise NotAllowed("access.denied", permission=permission)
