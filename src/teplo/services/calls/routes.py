"""Where dialled numbers lead, as the configuration says: read once for each state of it, looked at by every call.

The statement that writes a call down tells the revision of what routes are made of. A call that was routed by another
one is undone and routed anew, so a change is in force for the next call without a look of its own.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

from ...channels.voice.sip.session import Session
from ...domain import menu_talk as talk
from ...domain.calendar import Hours
from ...domain.floor import Floor
from ...domain.menu import Menu, announcement_from_json
from ...domain.menu_nodes import Announcement
from ...storage import config
from ...storage.config import Item
from ...storage.db import Connection
from .arrival import ROUTED_BY, Caller, Rerouted, recognise
from .house import House
from .own_prompts import OwnPrompts

_READ: Final = [kind for kind in ROUTED_BY if kind != "prompt"]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a dialled number leads, by this `revision` of the configuration."""

    menu: Menu
    around: talk.Around
    revision: int


class Routes:
    """The lines, menus, hours, regions, incidents and prompts that are in force, as this worker knows them."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._own_prompts = OwnPrompts()
        self._revision = -1
        self._items: dict[str, dict[str, Item]] = {}
        self._hours: dict[str, Hours] = {}
        self._regions: dict[str, str | None] = {}
        self._incidents: tuple[Announcement, ...] = ()
        self._menus: dict[str, Menu] = {}

    async def refresh(self, conn: Connection) -> None:
        """Read what is in force where it has changed; prompts are played as they are now from here on."""
        async with self._one_at_a_time:
            revision = await config.revision(conn, ROUTED_BY)
            if revision == self._revision:
                return
            await self._own_prompts.refresh(conn)
            found = await config.items(conn, _READ)  # maybe newer than the revision: then it is read once more
            by_kind: dict[str, dict[str, Item]] = {kind: {} for kind in _READ}
            for item in found:
                by_kind[item.kind][item.id] = item
            self._hours = {id: Hours.from_json(_hours(item)) for id, item in by_kind["hours"].items()}
            self._regions = {id: item.body.get("parent") for id, item in by_kind["region"].items()}
            self._incidents = tuple(
                announcement_from_json(item.body["announcement"]) for item in by_kind["incident"].values()
            )
            self._menus = {}
            self._items = by_kind
            self._revision = revision

    def find(self, floor: Floor, called: str) -> Route | None:
        """Return where a dialled number leads; None where nobody answers it, as far as is known."""
        lines = sorted(self._items.get("line", {}).values(), key=lambda line: "*" in line.body["numbers"])
        line = next((line for line in lines if {called, "*"} & set(line.body["numbers"])), None)
        menu = self._menu(line.body["menu"]) if line else None
        if menu is None:
            return None
        around = talk.Around(
            queues={id: state.config.hours for id, state in floor.queues.items()},
            hours=self._hours,
            regions=self._regions,
            incidents=self._incidents,
        )
        return Route(menu, around, self._revision)

    def _menu(self, id: str) -> Menu | None:
        item = self._items["menu"].get(id)
        if item is not None and id not in self._menus:
            self._menus[id] = Menu.from_json({**item.body["menu"], "id": id, "version": item.version})
        return self._menus.get(id)


async def look_up(house: House, session: Session, routes: Routes) -> tuple[Route, Caller] | None:
    """Return what a call needs, and write it down; None where nobody answers this number. Raises Unavailable."""
    floor, called = house.feed.floor, session.called.user
    route = routes.find(floor, called)
    while True:
        if route is not None:
            try:
                return route, await recognise(house, session, route.revision)
            except Rerouted:
                pass
        async with house.db.connection() as conn:
            await routes.refresh(conn)
        route = routes.find(floor, called)
        if route is None:
            return None


def _hours(item: Item) -> dict[str, object]:
    return {key: item.body[key] for key in ("zone", "week", "special")}
