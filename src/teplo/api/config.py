"""The centre's configuration: lists and changes typed by kind, one item and its history for every kind."""

from dataclasses import asdict
from typing import Annotated, Any, Generic, Literal, TypeVar

import orjson
from fastapi import APIRouter, Depends, Header, Path, Query, Response
from pydantic import BaseModel, Field, SecretStr

from ..domain.errors import Invalid
from ..services import config_kinds
from ..services.config_kinds import BODIES, PersonBody
from ..services.configuration import Configuration
from ..services.texts import Strict
from ..storage.config import Item
from .deps import CallerDep, ServicesDep

router = APIRouter(tags=["config"])

Body = TypeVar("Body")
Kind = Literal[
    "team",
    "skill",
    "queue",
    "hours",
    "reason",
    "canned",
    "person",
    "region",
    "number_range",
    "entry",
    "break_reason",
    "trunk",
    "line",
    "menu",
    "incident",
    "dialling",
    "prompt",
    "retention",
    "settings",
]
Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", examples=["chat-money"])]
IfMatch = Annotated[str | None, Header(description="version that was read, to change or remove it", max_length=30)]
Comment = Annotated[str, Query(max_length=300, description="what the person says of this version")]
IfNoneMatch = Annotated[str | None, Header(description="* to create", max_length=30)]


class ConfigItem(BaseModel, Generic[Body]):
    """An item in one version. `changed_by` is null for the system; `changed_at` is POSIX seconds.

    `comment`: what the person who made this version said of it.
    """

    id: str
    version: int
    active: bool
    body: Body
    changed_at: float
    changed_by: str | None
    comment: str


class ConfigItems(BaseModel, Generic[Body]):
    """Items of one kind by id, or versions of one item, newest first."""

    items: list[ConfigItem[Body]]


class PersonChange(PersonBody):
    """A person, and maybe a new password: it is stored as a hash and never told."""

    password: Annotated[SecretStr | None, Field(max_length=1000)] = None


class RollBack(Strict):
    """The version to go back to."""

    to: Annotated[int, Field(ge=1, lt=10**9)]


async def configuration_of(services: ServicesDep) -> Configuration:
    return Configuration(services.db, services.commands, services.clock, person_changed=services.sessions.known.forget)


ConfigurationDep = Annotated[Configuration, Depends(configuration_of)]


def expected_version(if_match: str | None, if_none_match: str | None) -> int | None:
    """Return the version that is expected in force, None if there must be none."""
    if if_match is None and if_none_match == "*":
        return None
    given = (if_match or "").strip().removeprefix("W/").strip('"')
    if if_none_match is not None or not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Invalid("config.version_required")
    return int(given)


def _shown(item: Item) -> dict[str, Any]:
    shown = asdict(item)
    del shown["kind"]
    return shown


def one_item(item: Item, status: int = 200) -> Response:
    return Response(orjson.dumps(_shown(item)), status, {"ETag": f'"{item.version}"'}, "application/json")


def _many(items: list[Item]) -> Response:
    return Response(orjson.dumps({"items": [_shown(item) for item in items]}), media_type="application/json")


def _add_kind(kind: str, body: type[Strict], change: type[Strict]) -> None:
    """Add the typed routes of one kind."""
    title = "".join(word.capitalize() for word in kind.split("_"))

    async def list_items(
        caller: CallerDep,
        configuration: ConfigurationDep,
        removed: Annotated[bool, Query(description="also what is no longer in force")] = False,
    ) -> Response:
        return _many(await configuration.items(caller, kind, removed=removed))

    async def put_item(
        caller: CallerDep,
        configuration: ConfigurationDep,
        id: Id,
        body: Strict,
        if_match: IfMatch = None,
        if_none_match: IfNoneMatch = None,
        comment: Comment = "",
    ) -> Response:
        version = expected_version(if_match, if_none_match)
        password = None
        if isinstance(body, PersonChange):
            password = body.password.get_secret_value() if body.password else None
            body = PersonBody.model_validate(body.model_dump(exclude={"password"}))
        item = await configuration.put(caller, kind, id, body, version=version, password=password, comment=comment)
        return one_item(item, 201 if version is None else 200)

    # The shape of the body differs by kind; the framework reads it from the annotation.
    put_item.__annotations__["body"] = change
    router.add_api_route(
        f"/config/{kind}",
        list_items,
        methods=["GET"],
        operation_id=f"listConfig{title}",
        response_model=ConfigItems[body],  # type: ignore[valid-type]
        summary=f"List {kind}",
        description=body.__doc__,
    )
    router.add_api_route(
        f"/config/{kind}/{{id}}",
        put_item,
        methods=["PUT"],
        operation_id=f"putConfig{title}",
        response_model=ConfigItem[body],  # type: ignore[valid-type]
        responses={201: {"model": ConfigItem[body], "description": "Created"}},  # type: ignore[valid-type]
        summary=f"Create or replace {kind}",
        description=f"{body.__doc__}\n\n`If-None-Match: *` creates, `If-Match: version` replaces; "
        "the same body again makes no new version. What concerns the floor is in force when the answer comes.",
    )


for _kind, _body in BODIES.items():
    _add_kind(_kind, _body, PersonChange if _kind == "person" else _body)


@router.get("/config/{kind}/{id}", operation_id="getConfig", response_model=ConfigItem[dict[str, Any]])
async def get_item(caller: CallerDep, configuration: ConfigurationDep, kind: Kind, id: Id) -> Response:
    """Return one item, also one that was removed (`active` is false then)."""
    return one_item(await configuration.one(caller, kind, id))


@router.get("/config/{kind}/{id}/history", operation_id="getConfigHistory", response_model=ConfigItems[dict[str, Any]])
async def get_history(caller: CallerDep, configuration: ConfigurationDep, kind: Kind, id: Id) -> Response:
    """Return the versions of one item, newest first."""
    return _many(await configuration.history(caller, kind, id))


@router.post("/config/{kind}/{id}/rollback", operation_id="rollBackConfig", response_model=ConfigItem[dict[str, Any]])
async def roll_back(
    caller: CallerDep,
    configuration: ConfigurationDep,
    kind: Kind,
    id: Id,
    body: RollBack,
    if_match: IfMatch = None,
    comment: Comment = "",
) -> Response:
    """Make a new version that equals an old one, checked like any change; also brings back what was removed."""
    version = _read_version(if_match)
    return one_item(await configuration.roll_back(caller, kind, id, to=body.to, version=version, comment=comment))


@router.delete("/config/{kind}/{id}", operation_id="removeConfig", response_model=ConfigItem[dict[str, Any]])
async def remove_item(
    caller: CallerDep, configuration: ConfigurationDep, kind: Kind, id: Id, if_match: IfMatch = None
) -> Response:
    """Take an item out of force; refused while others point to it. Its history stays."""
    return one_item(await configuration.remove(caller, kind, id, version=_read_version(if_match)))


def _read_version(if_match: str | None) -> int:
    version = expected_version(if_match, None)
    if version is None:
        raise Invalid("config.version_required")
    return version


assert set(BODIES) == set(Kind.__args__), config_kinds.__name__  # type: ignore[attr-defined]
