"""Trying a voice menu before callers meet it: all its defects, and what a caller would hear."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from ..channels.voice.prompts import catalogue, names, spoken
from ..clock import Clock
from ..domain import menu_talk as talk
from ..domain.calendar import Hours
from ..domain.errors import Invalid, NotFound
from ..domain.menu import Menu, announcement_from_json
from ..domain.menu_check import Heard, Known, Problem, dry_run, problems
from ..domain.menu_nodes import LANGUAGES
from ..storage import config
from ..storage.config import Item
from ..storage.db import Database
from .access import Caller, require
from .config_prompt import language_and_name

_AROUND: Final = ("queue", "hours", "region", "incident", "reason", "prompt")


@dataclass(frozen=True, slots=True)
class Given:
    """The circumstances of a dry run. `at`: POSIX seconds, None is now; `keys`: see `menu_check.dry_run`."""

    facts: talk.Facts
    at: float | None
    keys: Sequence[str]
    stop: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a dry run with its words; `sounds` are the prompts to be played for it, by name, in `language`."""

    kind: str
    node: str
    what: str
    text: str
    language: str
    sounds: tuple[str, ...]


class Menus:
    """Use cases on menus that are stored or only thought of."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def check(self, caller: Caller, menu: Any) -> list[Problem]:
        """Return all defects of a menu, with all that it points to; none: it may be stored."""
        require(caller, "config.read")
        return _problems(menu, await self._centre())

    async def dry_run(self, caller: Caller, menu: Any, given: Given) -> list[Line]:
        """Return what a caller hears; raise Invalid("menu.problems", problems=[..]) for a menu that has defects."""
        require(caller, "config.read")
        centre = await self._centre()
        if found := _problems(menu, centre):
            raise Invalid("menu.problems", count=len(found))
        now = self._clock() if given.at is None else given.at
        lines = dry_run(
            Menu.from_json(_whole(menu)), given.keys, given.facts, now, centre.around(), centre.texts(), given.stop
        )
        return list(_lines(lines, now))

    async def stored(self, caller: Caller, id: str) -> dict[str, Any]:
        """Return the menu in force of this id."""
        require(caller, "config.read")
        async with self._db.connection() as conn:
            item = await config.one(conn, "menu", id)
        if item is None or not item.active:
            raise NotFound("config.unknown", kind="menu", id=id)
        menu: dict[str, Any] = item.body["menu"]
        return menu

    async def _centre(self) -> "_Centre":
        async with self._db.connection() as conn:
            return _Centre(await config.items(conn, _AROUND))


class _Centre:
    """What exists around menus."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.by_kind: dict[str, dict[str, Item]] = {kind: {} for kind in _AROUND}
        for item in items:
            self.by_kind[item.kind][item.id] = item

    def texts(self) -> dict[str, dict[str, str]]:
        """Return language -> prompt -> words."""
        found: dict[str, dict[str, str]] = {
            language: {**dict.fromkeys(names(language), ""), **catalogue.texts(language)} for language in LANGUAGES
        }
        for id, item in self.by_kind["prompt"].items():
            language, name = language_and_name(id) or ("", "")
            if language in found:
                found[language][name] = item.body["text"]
        return found

    def known(self) -> Known:
        """Return what a menu may point to."""
        return Known(
            prompts=self.texts(),
            queues={id for id, item in self.by_kind["queue"].items() if "voice" in item.body["channels"]},
            hours=self.by_kind["hours"],
            regions=self.by_kind["region"],
            reasons=self.by_kind["reason"],
        )

    def around(self) -> talk.Around:
        """Return what a menu looks at while it is walked through."""
        hours = {
            id: Hours.from_json({key: item.body[key] for key in ("zone", "week", "special")})
            for id, item in self.by_kind["hours"].items()
        }
        return talk.Around(
            queues={id: hours.get(item.body["hours"] or "") for id, item in self.by_kind["queue"].items()},
            hours=hours,
            regions={id: item.body.get("parent") for id, item in self.by_kind["region"].items()},
            incidents=tuple(
                announcement_from_json(item.body["announcement"]) for item in self.by_kind["incident"].values()
            ),
        )


def _whole(menu: Any) -> Any:
    return {**menu, "id": "menu", "version": 1} if isinstance(menu, Mapping) else menu


def _problems(menu: Any, centre: _Centre) -> list[Problem]:
    return problems(_whole(menu), centre.known())


def _lines(lines: Sequence[Heard], now: float) -> Iterator[Line]:
    for line in lines:
        match line.part:
            case talk.Prompt(name, language):
                yield Line(line.kind, line.node, name, line.what or name, language, (name,))
            case talk.Moment(at, zone, language):
                here = ZoneInfo(zone)
                words = spoken.moment(datetime.fromtimestamp(at, here), datetime.fromtimestamp(now, here), language)
                yield Line(line.kind, line.node, line.what, catalogue.text(words, language), language, tuple(words))
            case None:
                yield Line(line.kind, line.node, line.what, "", "", ())
