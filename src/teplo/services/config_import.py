"""Bringing many configuration items in at once: at the first start and when the demo centre is laid out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from uuid_utils import uuid7

from ..storage import audit, config, inbox
from ..storage.config import Item
from ..storage.db import Connection
from .access import Caller, require
from .config_kinds import BODIES
from .config_references import Centre
from .configuration import check_body
from .floor_config import floor_configuration

Given = tuple[str, str, Mapping[str, Any]]
"""Kind, id and body."""


async def bring_in(caller: Caller, conn: Connection, given: Sequence[Given], now: float) -> list[Item]:
    """Store the items that are new or that no person has ever changed; return what was stored.

    What people changed or removed stays as they left it. The floor hears of it in the same transaction.
    """
    require(caller, "config.write")
    require(caller, "people.write")
    await config.lock(conn)
    there = {(item.kind, item.id): item for item in await config.items(conn, BODIES, removed=True)}
    stored: dict[tuple[str, str], Item] = {}
    for kind, id, body in given:
        checked = check_body(kind, id, body)
        current = there.get((kind, id))
        if current is None:
            stored[kind, id] = Item(kind, id, 1, True, checked, now, caller.actor)
        elif current.active and current.changed_by is None and current.body != checked:
            stored[kind, id] = replace(current, version=current.version + 1, body=checked, changed_at=now, comment="")
    if not stored:
        return []
    in_force = [item for item in {**there, **stored}.values() if item.active]
    centre = Centre(in_force)
    for item in stored.values():
        centre.check(item.kind, item.id, item.body)
    await config.save(conn, stored.values())
    await audit.add_many(conn, caller.actor, "config.brought_in", stored, {})
    body = {**await floor_configuration(conn), "complete": True}
    await inbox.put(conn, [inbox.Command(str(uuid7()), "", "configure", body)])
    return list(stored.values())
