"""What has been kept long enough is deleted for good, and it is written down what went by which rule."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.office import Hands
from uuid_utils import uuid7

from teplo.channels.voice.media.recording_file import Writer
from teplo.services.access import SYSTEM
from teplo.services.config_import import bring_in
from teplo.services.recording_folder import Folder, place
from teplo.services.recording_keeper import Keeper
from teplo.services.retention import Retention
from teplo.storage import recordings, secrets
from teplo.storage.db import Database

pytestmark = pytest.mark.anyio

DAY = 86_400.0
NODE = "019478a0-0000-7000-8000-000000000001"


async def rows(db: Database, query: str, *args: Any) -> list[tuple[Any, ...]]:
    async with db.connection() as conn:
        return await (await conn.execute(query.encode(), args)).fetchall()


async def run(db: Database, query: str, *args: Any) -> None:
    async with db.transaction() as conn:
        await conn.execute(query.encode(), args)


async def rules(db: Database, **days: int | None) -> None:
    async with db.transaction() as conn:
        await bring_in(SYSTEM, conn, [("retention", "centre", days)], 1.0)


async def recorded(
    db: Database, folder: Folder, age_days: float, *, seconds: int = 1, row: bool = True, left_by: str | None = None
) -> str:
    """A recording that was begun so long before now; `left_by`: the voicemail of this contact."""
    contact = left_by or str(uuid7())
    part: recordings.Part = "talk" if left_by is None else "voicemail"
    async with db.transaction() as conn:
        key = await secrets.recording_key(conn)
        if row:
            where = {"path": place(contact, part), "folder": folder.id, "host": "here"}
            await recordings.begun(conn, contact, part, node=NODE, **where)
            await recordings.done(conn, contact, seconds, 0.0, [], part)
            await conn.execute(
                "update recording set started_at = now() - %s * interval '1 day' where contact = %s and part = %s",
                (age_days, contact, part),
            )
    file = folder.path / place(contact, part)
    file.parent.mkdir(parents=True, exist_ok=True)
    writer = Writer(file, key)
    for _ in range(seconds):
        writer.write(bytes(32000))
    writer.close()
    file.with_suffix(".peaks").write_text("{}")
    return contact


async def a_contact(db: Database, id: str, *, thread: str | None = None, state: str = "ended") -> None:
    await run(
        db,
        "insert into contact (id, channel, queue, language, state, arrived_at, thread)"
        " values (%s, 'chat', 'q', 'ru', %s, now(), %s)",
        id, state, thread,
    )  # fmt: skip


def files(folder: Folder) -> set[str]:
    return {file.name for file in folder.path.glob("??/*")}


async def test_recordings_go_after_their_days_with_picture_row_and_audit(db: Database, tmp_path: Path) -> None:
    folder, clock = Folder.open(tmp_path), Hands(time.time())
    old, new = await recorded(db, folder, 91), await recorded(db, folder, 89)
    elsewhere = await recorded(db, Folder(tmp_path, NODE), 91)
    await run(db, "update recording set folder = null where contact = %s", new)
    retention, keeper = Retention(db, clock), Keeper(db, clock, folder)
    await rules(db, recordings=90, texts=None, numbers=None, audit=None)
    assert await retention.step() == 2
    assert await retention.step() == 0
    assert files(folder) >= {f"{old}.rec", f"{old}.peaks"}, "condemned; the keeper of the folder removes it"
    assert await keeper.remove() == 1
    assert await keeper.remove() == 0
    assert files(folder) == {f"{one}.{kind}" for one in (new, elsewhere) for kind in ("rec", "peaks")}
    found = await rows(
        db, "select contact::text, condemned_at is not null, deleted_at is not null, rule from recording order by 1"
    )
    rule = "recordings: 90 days, version 1"
    assert found == sorted([(old, True, True, rule), (new, False, False, None), (elsewhere, True, False, rule)])
    lines = await rows(db, "select person, object_id, details from audit where action = 'retention.deleted'")
    assert lines == [(None, old, {"rule": rule})]

    await keeper.place()
    assert await rows(db, "select folder::text from recording where contact = %s", new) == [(folder.id,)]
    clock.now += 2 * DAY
    assert await retention.step() == await keeper.remove() == 1
    await rules(db, recordings=None, texts=None, numbers=None, audit=None)


async def test_a_call_that_goes_on_keeps_its_recording_and_a_database_whose_date_jumped_costs_nothing(
    db: Database, tmp_path: Path
) -> None:
    folder = Folder.open(tmp_path)
    contact = await recorded(db, folder, 1000)
    await run(
        db,
        "insert into call (id, contact, node, trunk, called) values (%s, %s, %s, 't', '611')",
        NODE, contact, NODE,
    )  # fmt: skip
    assert await Retention(db, Hands(time.time())).step() == 0
    await run(db, "update call set ended_at = now()")
    assert await Retention(db, Hands(time.time() - 900 * DAY)).step() == 0, "the process's own clock counts"
    assert await Retention(db, Hands(time.time())).step() == 1


async def test_texts_of_people_go_and_ids_and_figures_stay(db: Database) -> None:
    threads = {name: str(uuid7()) for name in ("old", "new", "open")}
    for name, thread in threads.items():
        contact, file = str(uuid7()), str(uuid7())
        await a_contact(db, contact, thread=thread, state="talking" if name == "open" else "ended")
        await run(
            db,
            "insert into thread (id, token_hash, entry, name, number, language, queue, active_at, contact, last_seq)"
            " values (%s, %s, 'site', 'Имя', '+79735551830', 'ru', 'q', now() - %s * interval '1 day', %s, 2)",
            thread, name.encode(), 5 if name == "new" else 20, contact,
        )  # fmt: skip
        await run(
            db,
            "insert into file (id, thread, name, media_type, size, data) values (%s, %s, 'a.png', 'image/png', 1, 'x')",
            file, thread,
        )  # fmt: skip
        for seq, (kind, text, attached) in enumerate((("text", "слова", None), ("file", None, file)), 1):
            await run(
                db,
                "insert into message (thread, seq, id, contact, author, kind, text, file)"
                " values (%s, %s, %s, %s, 'subscriber', %s, %s, %s)",
                thread, seq, str(uuid7()), contact, kind, text, attached,
            )  # fmt: skip
        await run(
            db,
            "insert into note (id, contact, agent, text, at)"
            " values (%s, %s, %s, 'заметка', now() - interval '20 days')",
            str(uuid7()), contact, NODE,
        )  # fmt: skip
        await run(db, "insert into survey (contact, grade, words, at) values (%s, 5, 'спасибо', now())", contact)
    await run(db, "update survey set at = now() - interval '20 days'")
    await rules(db, recordings=None, texts=10, numbers=None, audit=None)
    retention = Retention(db, Hands(time.time()), batch=2)
    while await retention.step():
        pass
    kept = {threads["new"], threads["open"]}
    for table in ("message", "file"):
        assert {row[0] for row in await rows(db, f"select distinct thread::text from {table}")} == kept, table
    cleared = await rows(db, "select id::text, name, number, cleared_rule from thread where cleared_at is not null")
    assert cleared == [(threads["old"], None, None, "texts: 10 days, version 1")]
    assert await rows(db, "select count(*) from thread where token_hash = 'old'") == [(0,)]
    assert await rows(db, "select count(*) from note") == [(1,)], "the contact that is open keeps its notes"
    assert await rows(db, "select grade, words from survey") == [(5, None)] * 3
    lines = await rows(db, "select object_kind, count(*) from audit where action = 'retention.deleted' group by 1")
    assert dict(lines) == {"thread": 1, "note": 2, "survey": 3}
    assert "слова" not in str(await rows(db, "select details from audit"))


async def test_numbers_and_old_lines_of_the_audit_go(db: Database) -> None:
    for age in (5, 20):
        await run(
            db,
            "insert into call (id, node, trunk, called, number, started_at, ended_at)"
            " values (%s, %s, 't', '611', '+79735551830', now() - %s * interval '1 day', now())",
            str(uuid7()), NODE, age,
        )  # fmt: skip
        for state in ("ended", "waiting"):
            contact = str(uuid7())
            await a_contact(db, contact, state=state)
            await run(
                db,
                "insert into callback (contact, number, language, called, asked_at)"
                " values (%s, '+79735551830', 'ru', '611', now() - %s * interval '1 day')",
                contact, age,
            )  # fmt: skip
        await run(
            db,
            "insert into audit (action, object_kind, at)"
            " values ('contact.card', 'contact', now() - %s * interval '1 day')",
            age,
        )
    await rules(db, recordings=None, texts=None, numbers=10, audit=10)
    retention = Retention(db, Hands(time.time()))
    assert await retention.step() == 3
    assert await retention.step() == 0
    assert await rows(db, "select count(*) from callback") == [(3,)], "an open one keeps whom to call"
    assert await rows(db, "select count(number), count(*) from call") == [(1, 2)]
    assert await rows(db, "select count(*) from audit where action = 'contact.card'") == [(1,)]
    told = await rows(db, "select object_kind, details->>'count' from audit where action = 'retention.deleted'")
    assert sorted(told, key=str) == [("audit", "1"), ("call", None), ("callback", None)]


async def test_files_without_a_row_are_registered_or_removed_after_a_day(db: Database, tmp_path: Path) -> None:
    folder, clock = Folder.open(tmp_path), Hands(time.time())
    known, stray, fresh = [await recorded(db, folder, 0, seconds=3, row=False) for _ in range(3)]
    await a_contact(db, known)
    for contact in (known, stray):
        os.utime(folder.path / place(contact), (clock.now - DAY - 60, clock.now - DAY - 60))
    foreign = folder.path / place(str(uuid7()))
    foreign.parent.mkdir(exist_ok=True)
    writer = Writer(foreign, b"another installation's key......")
    writer.write(bytes(32000))
    writer.close()
    os.utime(foreign, (1, 1))
    await Keeper(db, clock, folder).sweep()
    assert {name for name in files(folder) if name.endswith(".rec")} == {f"{known}.rec", f"{fresh}.rec", foreign.name}
    assert await rows(db, "select contact::text, recorded, folder::text from recording") == [(known, 3.0, folder.id)]
    assert {(line[0], line[1]) for line in await rows(db, "select action, object_id from audit")} == {
        ("recording.registered", known),
        ("recording.orphan_removed", stray),
    }


async def test_a_voicemail_is_kept_in_step_beside_the_talk_of_its_contact(db: Database, tmp_path: Path) -> None:
    folder, clock = Folder.open(tmp_path), Hands(time.time())
    old, fresh = await recorded(db, folder, 89), await recorded(db, folder, 0)
    await recorded(db, folder, 91, left_by=old)
    await recorded(db, folder, 1, seconds=4, left_by=fresh)
    await run(db, "update recording set recorded = null where contact = %s and part = 'voicemail'", fresh)
    lost = await recorded(db, folder, 0, row=False, left_by=str(uuid7()))
    await a_contact(db, lost)
    os.utime(folder.path / place(lost, "voicemail"), (clock.now - DAY - 60, clock.now - DAY - 60))
    keeper = Keeper(db, clock, folder)
    await rules(db, recordings=90, texts=None, numbers=None, audit=None)
    assert await Retention(db, clock).step() == await keeper.remove() == 1
    await keeper.finish()
    await keeper.sweep()
    found = await rows(db, "select contact::text, part, recorded, deleted_at is null from recording order by 1, 2")
    assert found == sorted(
        [
            (old, "talk", 1.0, True), (old, "voicemail", 1.0, False), (fresh, "talk", 1.0, True),
            (fresh, "voicemail", 4.0, True), (lost, "voicemail", 1.0, True),
        ]
    )  # fmt: skip
    sounds = {name for name in files(folder) if name.endswith(".rec")}
    assert sounds == {f"{old}.rec", f"{fresh}.rec", f"{fresh}.voicemail.rec", f"{lost}.voicemail.rec"}


async def test_a_recording_whose_worker_was_killed_gets_its_length(db: Database, tmp_path: Path) -> None:
    folder = Folder.open(tmp_path)
    broken, running = await recorded(db, folder, 0, seconds=4), await recorded(db, folder, 0)
    forgotten = await recorded(db, folder, 1, seconds=2)
    await run(db, "update recording set recorded = null, paused = null")
    worker = str(uuid7())
    await run(db, "insert into voice_node (id, host) values (%s, 'here')", worker)
    await run(db, "update recording set node = %s where contact = any(%s::uuid[])", worker, [running, forgotten])
    await Keeper(db, Hands(time.time()), folder).finish()
    found = dict(await rows(db, "select contact::text, recorded from recording"))
    assert found == {broken: 4.0, running: None, forgotten: 2.0}, "one that its worker has just begun is left alone"


KILLED = """
import asyncio, sys
from pathlib import Path
from teplo.clock import SteadyClock
from teplo.services.recording_folder import Folder
from teplo.services.recording_keeper import Keeper
from teplo.services.retention import Retention
from teplo.storage.db import Database

async def main():
    async with Database(sys.argv[1], size=2) as db:
        while await Retention(db, SteadyClock()).step():
            pass
        while await Keeper(db, SteadyClock(), Folder.open(Path(sys.argv[2]))).remove():
            pass

asyncio.run(main())
"""


async def test_a_deletion_that_is_killed_is_done_to_its_end_and_told_once(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    folder = Folder.open(tmp_path)
    contacts = [await recorded(db, folder, 400) for _ in range(60)]
    await asyncio.to_thread(_killed_while, lambda: len(files(folder)) < 100, database_url, tmp_path)
    left = len(files(folder))
    assert 0 < left < 120, "killed in the middle"
    told = await rows(db, "select count(*) from recording where deleted_at is not null")
    gone = [c for c in contacts if not (folder.path / place(c)).exists()]
    assert told[0][0] <= len(gone), "no row says deleted of a file that is there"
    keeper = Keeper(db, Hands(time.time()), folder)
    while await keeper.remove():
        pass
    assert files(folder) == set()
    assert await rows(db, "select count(*) from recording where deleted_at is null") == [(0,)]
    lines = await rows(db, "select object_id from audit where action = 'retention.deleted'")
    assert sorted(line[0] for line in lines) == sorted(contacts)


def _killed_while(condition: Callable[[], bool], database_url: str, folder: Path) -> None:
    """Run the deletion in a process of its own and kill it as soon as the condition holds."""
    with subprocess.Popen([sys.executable, "-c", KILLED, database_url, str(folder)]) as process:
        end = time.monotonic() + 60
        while not condition():
            assert process.poll() is None, "it ended before it was killed"
            assert time.monotonic() < end
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
