"""What the floor is told of the configuration: ids, skills and rules; never names or logins of people."""

from collections import defaultdict
from typing import Any

from ..domain.agent import AgentProfile
from ..domain.queue import FloorSettings, Queue
from ..storage import config
from ..storage.config import Item
from ..storage.db import Connection
from .access import HANDLES_CONTACTS
from .config_kinds import SETTINGS_ID

FLOOR_KINDS = frozenset({"settings", "queue", "hours", "person", "skill", "team", "region"})
"""Kinds whose changes the floor must hear of."""


async def floor_configuration(conn: Connection) -> dict[str, Any]:
    """Return the arguments of the floor's command `configure` for the whole centre.

    Raises Invalid where the floor would not take it, so that nothing is stored that it refuses.
    """
    items = await config.items(conn, ("settings", "queue", "hours", "person", "region"))
    kinds: dict[str, dict[str, Item]] = defaultdict(dict)
    for item in items:
        kinds[item.kind][item.id] = item
    settings = kinds["settings"].get(SETTINGS_ID)
    within = _regions_within({id: item.body for id, item in kinds["region"].items()})
    return {
        "settings": FloorSettings.from_json(settings.body if settings else {}).to_json(),
        "queues": [_queue(item, kinds["hours"]) for item in kinds["queue"].values()],
        "agents": [_agent(item, within) for item in kinds["person"].values() if item.body["role"] in HANDLES_CONTACTS],
    }


def _queue(item: Item, hours: dict[str, Item]) -> dict[str, Any]:
    named = item.body["hours"]
    resolved = {k: hours[named].body[k] for k in ("zone", "week", "special")} if named else None
    return Queue.from_json({**item.body, "id": item.id, "hours": resolved}).to_json()


def _agent(item: Item, within: dict[str, list[str]]) -> dict[str, Any]:
    body = item.body
    return AgentProfile.from_json(
        {
            "id": item.id,
            "team": body["team"],
            "skills": body["skills"],
            "languages": body["languages"],
            "regions": list(dict.fromkeys(code for region in body["regions"] for code in within.get(region, [region]))),
            "capacity": body["capacity"],
            "total": body["total"],
            "active": True,
        }
    ).to_json()


def _regions_within(regions: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """Return for each region itself and everything inside: who serves the Urals serves each of its subjects."""
    inside: dict[str, list[str]] = {id: [id] for id in regions}
    for id, body in regions.items():
        parent = body["parent"]
        while parent in inside and id not in inside[parent]:
            inside[parent].append(id)
            parent = regions[parent]["parent"]
    return inside
