"""Trunks as the configuration has them, read when needed."""

import ipaddress
from collections.abc import Iterable

import structlog

from ...channels.voice.addresses import OUTSIDE, own_address
from ...channels.voice.sip.trunk import Trunk
from ...channels.voice.sip.uri import Uri
from ...domain.errors import Invalid
from ...storage import config
from ...storage.config import Item
from ...storage.db import Database
from .outgoing import Way

log = structlog.get_logger()


async def trunks(db: Database) -> list[Trunk]:
    """Return the trunks in force. One that cannot be understood is left out and logged."""
    async with db.connection() as conn:
        found = await config.items(conn, ["trunk"])
    return list(_trunks(found))


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


def _trunks(items: Iterable[Item]) -> Iterable[Trunk]:
    for item in items:
        try:
            given = item.body.get("route")
            route, relearn = Uri.parse(given) if given else None, item.body.get("relearn", True)
            yield Trunk.of(item.id, *_with_own(item.body["networks"]), route=route, relearn=relearn)
        except (ValueError, Invalid) as problem:
            log.error("voice.trunk_wrong", trunk=item.id, error=str(problem))


def _with_own(networks: list[str]) -> list[str]:
    """Add this machine's own address to a trunk of the loopback: many soft phones speak from it even to 127.0.0.1."""
    if not any(ipaddress.ip_address("127.0.0.1") in ipaddress.ip_network(one) for one in networks):
        return networks
    own = own_address(OUTSIDE)
    return networks if own is None else [*networks, own]
