"""What the chat needs of the centre's configuration, remembered for a moment so that a busy widget costs no queries."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from ..storage import config
from ..storage.db import Database, Unavailable

Language = Literal["ru", "en"]
_REMEMBERED: Final = 2.0
_KEPT: Final = 5000


@dataclass(frozen=True, slots=True)
class Option:
    """What a subscriber may choose at the start, and the queue it leads to."""

    reason: str
    name: dict[str, str]
    icon: str
    queue: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A page where chats begin. `line`: whom its visitors may call.

    `return_hours`: for how long a thread may be continued; `idle_minutes`: see idle.py.
    """

    id: str
    version: int
    greeting: dict[str, str]
    origins: tuple[str, ...]
    options: tuple[Option, ...]
    default_queue: str
    line: str | None
    survey: bool
    return_hours: float
    idle_minutes: float

    def allows(self, origin: str | None) -> bool:
        """Whether a page of this origin may carry the widget. Programs send no origin."""
        return origin is None or "*" in self.origins or origin in self.origins

    def option(self, reason: str | None) -> Option | None:
        """Return the option that the subscriber chose, None if there is no such any more."""
        return next((option for option in self.options if option.reason == reason), None)


class Directory:
    """Entry points, names of people, reasons, zones of regions. A change is seen within two seconds."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._items: dict[tuple[str, str], tuple[float, config.Item | None]] = {}
        self._origins: tuple[float, frozenset[str]] = (-_REMEMBERED, frozenset())

    async def entry(self, id: str) -> Entry | None:
        """Find an entry point that is in force."""
        item = await self._item("entry", id)
        return None if item is None else _entry(item)

    async def origins(self) -> frozenset[str]:
        """Return the origins of all entry points together; "*" means any."""
        now = asyncio.get_running_loop().time()
        if now - self._origins[0] >= _REMEMBERED:
            try:
                async with self._db.connection() as conn:
                    entries = await config.items(conn, ["entry"])
            except Unavailable:
                return self._origins[1]  # what was true a moment ago; the request itself will say what is wrong
            self._origins = now, frozenset(origin for item in entries for origin in item.body.get("origins", ["*"]))
        return self._origins[1]

    async def number_of_line(self, line: str | None) -> str | None:
        """Return a number that is dialled to reach a line; None where there is none."""
        item = await self._item("line", line) if line else None
        return next((number for number in item.body["numbers"] if number != "*"), "*") if item else None

    async def display_name(self, person: str | None) -> str | None:
        """Return how a person is called before subscribers."""
        item = await self._item("person", person, removed=True) if person else None
        return None if item is None else item.body.get("display_name") or None

    async def zone(self, region: str | None) -> ZoneInfo | None:
        """Return the time zone of a region, None where it tells none."""
        item = await self._item("region", region) if region else None
        zone = item.body.get("zone") if item else None
        return ZoneInfo(zone) if zone else None

    async def reason_is_valid(self, reason: str, now: float, zone: ZoneInfo) -> bool:
        """Whether a contact reason exists, is no group and is in force on the zone's day that holds `now`."""
        item = await self._item("reason", reason)
        if item is None or item.body.get("group"):
            return False
        today = datetime.fromtimestamp(now, UTC).astimezone(zone).date()
        begins, ends = (item.body.get(key) for key in ("valid_from", "valid_to"))
        return (not begins or date.fromisoformat(begins) <= today) and (not ends or today <= date.fromisoformat(ends))

    async def break_reason_exists(self, reason: str) -> bool:
        """Whether people may be away for this reason."""
        return await self._item("break_reason", reason) is not None

    async def _item(self, kind: str, id: str, *, removed: bool = False) -> config.Item | None:
        now = asyncio.get_running_loop().time()
        found = self._items.get((kind, id))
        if found is None or now - found[0] >= _REMEMBERED:
            if found is not None:
                self._items[kind, id] = now, found[1]  # one asks again; the others take what was true a moment ago
            async with self._db.connection() as conn:
                found = now, await config.one(conn, kind, id)
            if len(self._items) >= _KEPT:
                self._items.clear()
            self._items[kind, id] = found
        item = found[1]
        return item if item is not None and (item.active or removed) else None


def text_in(texts: dict[str, Any], language: str) -> str:
    """Choose a text in the language, else in any that there is."""
    return str(texts.get(language) or texts.get("ru") or texts.get("en") or "")


def _entry(item: config.Item) -> Entry:
    body = item.body
    options = tuple(Option(o["reason"], o["name"], o["icon"], o["queue"]) for o in body.get("options", ()))
    return Entry(
        id=item.id,
        version=item.version,
        greeting=body.get("greeting", {}),
        origins=tuple(body.get("origins", ("*",))),
        options=options,
        default_queue=body["default_queue"],
        line=body.get("line"),
        survey=bool(body.get("survey", True)),
        return_hours=float(body.get("return_hours", 72)),
        idle_minutes=float(body.get("idle_minutes", 30)),
    )
