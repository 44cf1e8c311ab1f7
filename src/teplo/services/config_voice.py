"""Configuration of the voice channel: trunks, lines, menus, incidents. Shapes of the bodies."""

import ipaddress
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator
from pydantic_core import PydanticCustomError

from ..domain import menu, menu_check
from ..domain.errors import Invalid
from .texts import Named, Slug, Strict


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        raise PydanticCustomError("network", "an address or a network like 192.0.2.0/28 is expected") from None


Network = Annotated[str, Field(max_length=64), AfterValidator(_network)]
SipUri = Annotated[str, Field(pattern=r"^sips?:[^\s<>]{1,200}$")]
Dialled = Annotated[str, Field(pattern=r"^(\*|\+?[0-9A-Za-z._-]{1,40})$")]


class TrunkBody(Strict):
    """A carrier or gateway: the networks that it calls from, and where our calls to it go."""

    name: Named
    networks: Annotated[list[Network], Field(min_length=1, max_length=50)]
    route: SipUri | None = None
    registrar: SipUri | None = None
    """Where we register, if the carrier wants that; the secret is set apart and not part of the configuration."""
    user: Annotated[str, Field(pattern=r"^[A-Za-z0-9+._~-]{1,64}$")] | None = None
    """Our name at the carrier: in the registration and where it asks for proof."""
    expires: Annotated[int, Field(ge=60, le=86400)] = 300
    """Seconds for which we wish to be registered."""
    order: Annotated[int, Field(ge=0, le=1000)] = 0
    """Calls go out over the trunk with the smallest number; over the next one where that fails."""
    caller_id: Dialled | None = None
    """The number that those see whom we call."""
    relearn: bool = True
    """Whether audio is taken from another port of the carrier than it names, as it comes from behind NAT."""


class LineBody(Strict):
    """Dialled numbers and the menu that answers them; "*" is every other number."""

    name: Named
    numbers: Annotated[list[Dialled], Field(min_length=1, max_length=200)]
    menu: Slug


class MenuBody(Strict):
    """A voice menu (`domain/menu.py`); id and version are those of the item."""

    name: Named
    menu: dict[str, Any]

    @field_validator("menu")
    @classmethod
    def _sound(cls, given: dict[str, Any]) -> dict[str, Any]:
        whole = {**given, "id": "menu", "version": 1}
        for found in menu_check.problems(whole, menu_check.Known()):
            text = "{code} in node {node}, field {field}: {what}"
            raise PydanticCustomError(
                "menu", text, {"code": found.code, "node": found.node or "-", "field": found.field, "what": found.what}
            )
        return given


class IncidentBody(Strict):
    """What callers of some regions are told first: prompts, regions, from when, until when."""

    name: Named
    announcement: dict[str, Any]

    @field_validator("announcement")
    @classmethod
    def _understood(cls, given: dict[str, Any]) -> dict[str, Any]:
        try:
            menu.announcement_from_json(given)
        except Invalid as error:
            raise PydanticCustomError("incident", "field {field}", {"field": str(error.details.get("field"))}) from None
        return given


Beginning = Annotated[str, Field(pattern=r"^(\+[0-9]{1,15}|[0-9]{2,5})$")]


class DiallingBody(Strict):
    """Where people of the centre may call out to: beginnings of numbers (+7, +7495) or whole short ones (112).

    The longest beginning that fits decides. The limits count calls of a person and of everybody in 24 hours;
    `callback_number_day` and `callback_day` count apart from these the calls back to one number and to all.
    `recording_notice`: whoever is called by an agent hears first that the talk is recorded.
    """

    allowed: Annotated[list[Beginning], Field(max_length=500)] = []
    denied: Annotated[list[Beginning], Field(max_length=500)] = []
    person_hour: Annotated[int, Field(ge=0, le=1000)] = 20
    person_day: Annotated[int, Field(ge=0, le=10_000)] = 100
    day: Annotated[int, Field(ge=0, le=1_000_000)] = 2000
    callback_number_day: Annotated[int, Field(ge=0, le=1000)] = 10
    callback_day: Annotated[int, Field(ge=0, le=1_000_000)] = 2000
    recording_notice: bool = True


Kind = Literal["trunk", "line", "menu", "incident", "dialling"]
