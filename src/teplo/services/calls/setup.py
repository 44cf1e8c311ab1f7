"""The voice side of the centre's configuration, read when needed: trunks, lines (dialled numbers), menus, incidents."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from ...channels.voice.addresses import OUTSIDE, own_address
from ...channels.voice.sip.trunk import Trunk
from ...channels.voice.sip.uri import Uri
from ...domain import menu_talk as talk
from ...domain.calendar import Hours
from ...domain.errors import Invalid
from ...domain.floor import Floor
from ...domain.menu import Menu, announcement_from_json
from ...storage import config
from ...storage.config import Item
from ...storage.db import Database
from .outgoing import Way
from .own_prompts import OwnPrompts

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Route:
    """Where a dialled number leads."""

    menu: Menu
    around: talk.Around


async def trunks(db: Database) -> list[Trunk]:
    """Return the trunks in force. One that cannot be understood is left out and logged."""
    async with db.connection() as conn:
        found = await config.items(conn, ["trunk"])
    return list(_trunks(found))


async def route(db: Database, floor: Floor, called: str, own: OwnPrompts) -> Route | None:
    """Find the menu of a dialled number; None when nobody answers this number. The prompts are those of now, too."""
    async with db.connection() as conn:
        await own.refresh(conn)
        found = await config.items(conn, ["line", "menu", "hours", "region", "incident"])
    by_kind: dict[str, dict[str, Item]] = {}
    for item in found:
        by_kind.setdefault(item.kind, {})[item.id] = item
    lines = sorted(by_kind.get("line", {}).values(), key=lambda line: "*" in line.body["numbers"])
    line = next((line for line in lines if {called, "*"} & set(line.body["numbers"])), None)
    menu = by_kind.get("menu", {}).get(line.body["menu"]) if line else None
    if menu is None:
        return None
    around = talk.Around(
        queues={id: state.config.hours for id, state in floor.queues.items()},
        hours={id: Hours.from_json(_hours(item)) for id, item in by_kind.get("hours", {}).items()},
        regions={id: item.body.get("parent") for id, item in by_kind.get("region", {}).items()},
        incidents=tuple(
            announcement_from_json(item.body["announcement"]) for item in by_kind.get("incident", {}).values()
        ),
    )
    return Route(Menu.from_json({**menu.body["menu"], "id": menu.id, "version": menu.version}), around)


async def ways(db: Database, number: str) -> list[Way]:
    """Return the ways to a telephone number: over each trunk that has a route, in their order."""
    async with db.connection() as conn:
        found = await config.items(conn, ["trunk"])
    found = [item for item in found if item.body.get("route")]
    made = []
    for item in sorted(found, key=lambda item: (item.body.get("order", 0), item.id)):
        try:
            route = Uri.parse(item.body["route"])
        except ValueError as problem:
            log.error("voice.trunk_wrong", trunk=item.id, error=str(problem))
            continue
        target = Uri(route.scheme, number, route.host, route.port, route.parameters)
        made.append(Way(target, route, trunk=item.id, caller_id=item.body.get("caller_id")))
    return made


def _hours(item: Item) -> dict[str, object]:
    return {key: item.body[key] for key in ("zone", "week", "special")}


def _trunks(items: Iterable[Item]) -> Iterable[Trunk]:
    for item in items:
        try:
            given = item.body.get("route")
            yield Trunk.of(item.id, *_with_own(item.body["networks"]), route=Uri.parse(given) if given else None)
        except (ValueError, Invalid) as problem:
            log.error("voice.trunk_wrong", trunk=item.id, error=str(problem))


def _with_own(networks: list[str]) -> list[str]:
    """Add this machine's own address to a trunk of the loopback: many soft phones speak from it even to 127.0.0.1."""
    if not any(ipaddress.ip_address("127.0.0.1") in ipaddress.ip_network(one) for one in networks):
        return networks
    own = own_address(OUTSIDE)
    return networks if own is None else [*networks, own]
