"""The centre's configuration: checked, versioned, audited, and effective on the floor at once."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import structlog
from pydantic import ValidationError

from ..clock import Clock
from ..domain.errors import Conflict, Invalid, NotFound, Refused
from ..storage import audit, config, people, phones, prompts, trunks
from ..storage.config import Item
from ..storage.db import Connection, Database
from . import passwords
from .access import Caller, require
from .commands import Commands
from .config_kinds import BODIES, SETTINGS_ID
from .config_prompt import language_and_name
from .config_references import Centre
from .floor_config import FLOOR_KINDS, floor_configuration
from .passwords import Passwords
from .texts import Strict, clean

log = structlog.get_logger()

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_CONFIRM_SECONDS = 2.0


class Configuration:
    """Use cases on configuration items. Kinds and bodies: `config_kinds.BODIES`."""

    def __init__(
        self,
        db: Database,
        commands: Commands,
        clock: Clock,
        *,
        confirm: float = _CONFIRM_SECONDS,
        person_changed: Callable[[str], None] | None = None,
    ) -> None:
        self._person_changed = person_changed
        self._db = db
        self._commands = commands
        self._clock = clock
        self._confirm = confirm
        self._passwords = Passwords()

    async def items(self, caller: Caller, kind: str, *, removed: bool = False) -> list[Item]:
        """Return the items of a kind, maybe with those that were removed."""
        require(caller, _reading(kind))
        async with self._db.connection() as conn:
            return await config.items(conn, [kind], removed=removed)

    async def one(self, caller: Caller, kind: str, id: str) -> Item:
        """Return one item, also a removed one."""
        require(caller, _reading(kind))
        async with self._db.connection() as conn:
            found = await config.one(conn, kind, id)
        if found is None:
            raise NotFound("config.unknown", kind=kind, id=id)
        return found

    async def history(self, caller: Caller, kind: str, id: str) -> list[Item]:
        """Return the versions of one item, newest first."""
        require(caller, _reading(kind))
        async with self._db.connection() as conn:
            found = await config.history(conn, kind, id)
        if not found:
            raise NotFound("config.unknown", kind=kind, id=id)
        return found

    async def colleagues(self, caller: Caller) -> list[Item]:
        """Return everybody who works or worked here; for names beside ids, so any signed-in person may ask."""
        require(caller, "config.read")
        async with self._db.connection() as conn:
            return await config.items(conn, ["person"], removed=True)

    async def put(
        self,
        caller: Caller,
        kind: str,
        id: str,
        body: Strict | Mapping[str, Any],
        *,
        version: int | None,
        password: str | None = None,
        comment: str = "",
        first: Callable[[Connection], Awaitable[None]] | None = None,
    ) -> Item:
        """Create (`version` None) or replace (`version` is the one that was read) an item; return what is in force.

        The same body again makes no new version. `comment`: what the person says of this version; `first`: what is
        stored in the same transaction because the body points to it.
        Raises Invalid("config.invalid", errors), Conflict("config.version",
        current), Conflict("config.exists", current), Conflict("config.taken").
        """
        require(caller, _writing(kind))
        checked = check_body(kind, id, body)
        hashed = None
        if password is not None:
            passwords.check_new(password)
            hashed = await self._passwords.hash(password)
        command = None
        async with self._db.transaction() as conn:
            await config.lock(conn)
            current = await config.one(conn, kind, id)
            _check_version(current, version)
            if current and current.active and current.body == checked and hashed is None:
                return current
            if first is not None:
                await first(conn)
            centre = await self._centre(conn)
            centre.check(kind, id, checked)
            if kind == "prompt" and not await prompts.known(conn, checked["sound"]):
                raise Invalid("config.invalid", errors=[{"at": "sound", "error": "no such sound was uploaded"}])
            if kind == "person" and checked["role"] != "administrator":
                await _keep_administrator(conn, current)
            if current and current.active and current.body == checked:
                item = current
            else:
                item = await self._store(conn, caller, kind, id, checked, current, clean(comment))
                if kind in FLOOR_KINDS:
                    command = await self._tell_floor(conn)
            if kind == "person":
                await self._sign_in_data(conn, caller, item, hashed)
        await self._effective(kind, id, command)
        return item

    async def roll_back(self, caller: Caller, kind: str, id: str, *, to: int, version: int, comment: str = "") -> Item:
        """Make a new version that equals version `to`, also of a removed item; `version` is the one that was read.

        It is checked like any other change: what was right then may point to something that is gone.
        """
        require(caller, _writing(kind))
        async with self._db.connection() as conn:
            then = await config.at_version(conn, kind, id, to)
        if then is None:
            raise NotFound("config.unknown", kind=kind, id=id, version=to)
        return await self.put(caller, kind, id, then.body, version=version, comment=comment)

    async def remove(self, caller: Caller, kind: str, id: str, *, version: int) -> Item:
        """Take an item out of force; its history stays. Raises Conflict("config.in_use", by)."""
        require(caller, _writing(kind))
        async with self._db.transaction() as conn:
            await config.lock(conn)
            current = await config.one(conn, kind, id)
            if current is None or not current.active:
                raise NotFound("config.unknown", kind=kind, id=id)
            _check_version(current, version)
            centre = await self._centre(conn)
            used = centre.pointing_to(kind, id)
            if kind == "queue" and await config.queue_in_use(conn, id):
                used.append({"kind": "contact", "id": "", "at": "queue"})
            if used:
                raise Conflict("config.in_use", by=used[:20])
            if kind == "trunk":
                await trunks.drop_secret(conn, id)
            if kind == "person":
                if id == caller.id:
                    raise Conflict("config.self")
                await _keep_administrator(conn, current)
                await people.close_sessions(conn, id)
                await people.drop_credential(conn, id)
                await phones.drop(conn, id)
            item = replace(
                current,
                version=current.version + 1,
                active=False,
                changed_at=self._clock(),
                changed_by=caller.actor,
                comment="",
            )
            await config.save(conn, [item])
            await audit.add(conn, caller.actor, "config.removed", kind, id, {"version": item.version})
            command = await self._tell_floor(conn) if kind in FLOOR_KINDS else None
        await self._effective(kind, id, command)
        return item

    async def apply(self, caller: Caller) -> None:
        """Tell the floor the whole configuration; it takes note of what differs."""
        require(caller, "config.write")
        async with self._db.transaction() as conn:
            command = await self._tell_floor(conn)
        await self._effective("", "", command)

    # --- inside -------------------------------------------------------------------------------------------------

    async def _centre(self, conn: Connection) -> Centre:
        return Centre(await config.items(conn, BODIES))

    async def _store(
        self,
        conn: Connection,
        caller: Caller,
        kind: str,
        id: str,
        body: dict[str, Any],
        current: Item | None,
        comment: str,
    ) -> Item:
        version = current.version + 1 if current else 1
        item = Item(kind, id, version, True, body, self._clock(), caller.actor, comment)
        await config.save(conn, [item])
        new = current is None or not current.active
        before = current.body if current and current.active else {}
        fields = sorted(field for field in body if field not in before or before[field] != body[field])
        action = "config.created" if new else "config.changed"
        await audit.add(conn, caller.actor, action, kind, id, {"version": version, "fields": fields})
        return item

    async def _sign_in_data(self, conn: Connection, caller: Caller, item: Item, hashed: str | None) -> None:
        await people.rename_login(conn, item.id, item.body["login"])
        if hashed is not None:
            await people.set_password(conn, item.id, item.body["login"], hashed, self._clock())
            await people.close_sessions(conn, item.id)
            await audit.add(conn, caller.actor, "password.set", "person", item.id)

    async def _tell_floor(self, conn: Connection) -> str:
        body = await floor_configuration(conn)
        return await self._commands.send_in(conn, "configure", {**body, "complete": True})

    async def _effective(self, kind: str, id: str, command: str | None) -> None:
        """Wait a moment for the floor; what is late comes into force later, what is refused is a defect of ours."""
        if kind == "person" and self._person_changed is not None:
            self._person_changed(id)
        if command is None:
            return
        try:
            await self._commands.result(command, self._confirm)
        except Conflict as late:
            if late.code != "command.unconfirmed":
                log.error("configuration.refused_by_floor", code=late.code)
        except Refused as refused:
            log.error("configuration.refused_by_floor", code=refused.code)


def check_body(kind: str, id: str, body: Strict | Mapping[str, Any]) -> dict[str, Any]:
    """Return the body as it is stored; raise Invalid("config.invalid", errors) with the place of each error."""
    if kind not in BODIES:
        raise NotFound("config.kind", kind=kind)
    wrong = _wrong_id(kind, id)
    if wrong:
        raise Invalid("config.invalid", errors=[{"at": "id", "error": wrong}])
    if not isinstance(body, Strict):
        try:
            body = BODIES[kind].model_validate(body)
        except ValidationError as error:
            raise Invalid("config.invalid", errors=_places(error)) from None
    return body.model_dump(mode="json", by_alias=True)


def _wrong_id(kind: str, id: str) -> str | None:
    if kind in ("settings", "retention", "dialling"):
        return None if id == SETTINGS_ID else f"the only {kind} is {SETTINGS_ID}"
    if kind == "prompt":
        named = language_and_name(id) is not None
        return None if named else "the id of a prompt is a language and a name, like ru.greeting"
    if kind == "person":
        try:
            return None if str(UUID(id)) == id else "the id of a person is a UUID in lower case"
        except ValueError:
            return "the id of a person is a UUID"
    return None if _ID.fullmatch(id) else "an id is 1 to 63 letters, digits, dots, dashes or underscores"


def _places(error: ValidationError) -> list[dict[str, str]]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [
        {"at": ".".join(str(part) for part in e["loc"] if not str(part).startswith("<")), "error": e["msg"]}
        for e in found[:20]
    ]


def _check_version(current: Item | None, version: int | None) -> None:
    exists = current is not None and current.active
    if version is None and exists:
        raise Conflict("config.exists", current=current.version if current else 0)
    if version is not None and (current is None or current.version != version):
        raise Conflict("config.version", current=current.version if current else 0)


async def _keep_administrator(conn: Connection, current: Item | None) -> None:
    if current and current.active and current.body["role"] == "administrator":
        if not await people.another_administrator(conn, current.id):
            raise Conflict("config.last_administrator")


def _reading(kind: str) -> str:
    return "people.read" if kind == "person" else "config.read"


def _writing(kind: str) -> str:
    return "people.write" if kind == "person" else "config.write"
