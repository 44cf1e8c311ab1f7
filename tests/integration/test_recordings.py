"""Listening to recordings: who may, what is told, parts of the sound, the audit."""

import asyncio
import io
import wave
from array import array
from collections.abc import AsyncIterator
from dataclasses import dataclass
from math import pi, sin
from pathlib import Path
from typing import Any

import pytest
from tests.chat_centre import Centre, Person, named, new_id, open_centre, until

from teplo.channels.voice.media.recording_file import WAV_HEADER, Writer
from teplo.services.recording_folder import Folder, place
from teplo.storage import calls, recordings, secrets

pytestmark = pytest.mark.anyio

SECONDS = 9
LOUD = array("h", [v for n in range(8000) for v in (int(16000 * sin(n * pi / 10)), 3000)]).tobytes()
QUIET = bytes(32000)


@dataclass
class Talk:
    """A call that was talked in: its centre, contact, agent and folder of recordings."""

    centre: Centre
    contact: str
    anna: Person
    folder: Folder
    path: Path

    async def get(self, person: Person, path: str = "", **headers: str) -> Any:
        url = f"/contacts/{self.contact}/recording{path}"
        return await person.http.get(url, headers=headers)

    async def opened(self, person: Person) -> str:
        answer = await person.post(f"/contacts/{self.contact}/recording/openings")
        assert answer.status_code == 201, answer.text
        return str(answer.json()["token"])

    async def lines(self) -> list[tuple[Any, ...]]:
        return await self.centre.rows(
            "select person::text, object_id from audit where action = 'recording.listened' order by seq"
        )

    async def row(self, change: str) -> None:
        async with self.centre.services.db.transaction() as conn:
            await conn.execute(f"update recording set {change}".encode())


async def open_call(centre: Centre, contact: str) -> None:
    async with centre.services.db.transaction() as conn:
        call = new_id()
        await calls.begin(
            conn,
            id=call,
            node=new_id(),
            trunk="city",
            number="+79735551830",
            called="611",
            subscriber=None,
            region=None,
            language="ru",
        )
        await calls.set_contact(conn, call, contact)


@pytest.fixture
async def talk(database_url: str) -> AsyncIterator[Talk]:
    async with open_centre(database_url) as centre:
        steps = [{"after": 0, "require": {}, "match": []}]
        await centre.bring_in(("queue", "calls", {"name": named("Звонки"), "channels": ["voice"], "steps": steps}))
        services = centre.services
        await until(lambda: "calls" in services.feed.floor.queues)
        anna, contact = await centre.at_work("anna"), new_id()
        await open_call(centre, contact)
        await services.commands.send("arrive", {"contact": contact, "channel": "voice", "queue": "calls"})
        await anna.takes(contact)
        for command in ("hold", "resume"):
            await services.commands.send(command, {"contact": contact, "agent": anna.id})
        folder = Folder.open(services.settings.data / "recordings")
        path = folder.path / place(contact)
        path.parent.mkdir(parents=True)
        async with services.db.transaction() as conn:
            key = await secrets.recording_key(conn)
            where = {"path": place(contact), "folder": folder.id, "host": "host-a"}
            await recordings.begun(conn, contact, node=new_id(), **where)
        writer = Writer(path, key)
        for second in range(SECONDS):
            writer.write(QUIET if second in (3, 4) else LOUD)
        writer.write(LOUD[:16000])
        writer.close()
        yield Talk(centre, contact, anna, folder, path)


async def ended(talk: Talk) -> None:
    """The agent ends the talk; the worker writes down what was recorded."""
    assert (await talk.anna.post(f"/contacts/{talk.contact}/end")).status_code == 204
    async with talk.centre.services.db.transaction() as conn:
        await recordings.done(conn, talk.contact, SECONDS - 1.5, 2.0, [(3.0, 5.0)])
        await conn.execute("update call set ended_at = clock_timestamp()")


async def test_a_recording_is_told_with_its_marks_and_heard_in_parts_and_audited_once(talk: Talk) -> None:
    making = (await talk.get(talk.anna)).json()
    assert (making["state"], making["seconds"], making["marks"]) == ("making", None, [])
    assert (await talk.get(talk.anna, "/peaks")).json()["code"] == "recording.making"
    await ended(talk)
    zoya = await talk.centre.sign_in("zoya")
    about = (await talk.get(zoya)).json()
    assert (about["state"], about["seconds"], about["recorded"], about["paused"]) == ("ready", 9.5, 7.5, 2.0)
    kinds = [mark["kind"] for mark in about["marks"]]
    assert sorted(kinds) == ["answered", "ended", "hold", "pause"]
    assert next((m["at"], m["until"]) for m in about["marks"] if m["kind"] == "pause") == (3.0, 5.0)

    peaks = (await talk.get(zoya, "/peaks")).json()
    assert peaks["step"] == 0.1 and len(peaks["left"]) == len(peaks["right"]) == 95
    assert (max(peaks["left"]), max(peaks["right"])) == (46, 9)
    assert peaks["left"][30:50] == peaks["right"][30:50] == [0] * 20
    kept = talk.path.with_suffix(".peaks")
    kept.write_bytes(kept.read_bytes().replace(b"46", b"50"))
    assert max((await talk.get(zoya, "/peaks")).json()["left"]) == 50, "made once"

    assert await talk.lines() == []
    token = await talk.opened(zoya)
    whole = await talk.get(zoya, f"/audio?opening={token}")
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/wav")
    assert len(whole.content) == int(whole.headers["content-length"]) == WAV_HEADER + round(9.5 * 32000)
    with wave.open(io.BytesIO(whole.content)) as sound:
        assert (sound.getnchannels(), sound.getframerate(), sound.getnframes()) == (2, 8000, 76000)
    size = len(whole.content)
    for asked, begin, end in (
        ("bytes=0-", 0, size),
        ("bytes=40-50", 40, 51),
        ("bytes=31000-200000", 31000, 200001),
        ("bytes=-100", size - 100, size),
        (f"bytes={size - 1}-{size + 9}", size - 1, size),
    ):
        part = await talk.get(zoya, f"/audio?opening={token}", Range=asked)
        assert (part.status_code, part.headers["content-range"]) == (206, f"bytes {begin}-{end - 1}/{size}")
        assert part.content == whole.content[begin:end]
    assert (await talk.get(zoya, f"/audio?opening={token}", Range="lines=1-2")).status_code == 200
    for asked in (f"bytes={size}-", "bytes=-0", "bytes=9-3"):
        outside = await talk.get(zoya, f"/audio?opening={token}", Range=asked)
        assert (outside.status_code, outside.json()["code"]) == (416, "recording.range")
        assert outside.headers["content-range"] == f"bytes */{size}"
    assert await talk.lines() == [(zoya.id, talk.contact)]
    await talk.opened(zoya)
    assert len(await talk.lines()) == 2


async def test_who_may_listen(talk: Talk) -> None:
    await ended(talk)
    centre = talk.centre
    await centre.hire("sveta", "senior")
    await centre.hire("plato", "planner")
    for login, status, code in (
        ("anna", 200, None),
        ("sveta", 200, None),
        ("vera", 200, None),
        ("zoya", 200, None),
        ("boris", 404, "contact.unknown"),
        ("plato", 403, "access.denied"),
    ):
        answer = await talk.get(await centre.sign_in(login))
        assert (answer.status_code, answer.json().get("code")) == (status, code), login
    stranger = await centre.sign_in("boris")
    assert (await stranger.post(f"/contacts/{talk.contact}/recording/openings")).status_code == 404

    vera, zoya = await centre.sign_in("vera"), await centre.sign_in("zoya")
    token = await talk.opened(vera)
    expired = f"1{token[token.index('.') :]}"
    for foreign in (f"/audio?opening={token}x", f"/audio?opening={expired}", "/audio?opening=", "/audio?opening=zz.zz"):
        answer = await talk.get(vera, foreign)
        assert (answer.status_code, answer.json()["code"]) == (403, "recording.opening")
    assert (await talk.get(zoya, f"/audio?opening={token}")).json()["code"] == "recording.opening"
    assert (await talk.get(vera, "/audio")).status_code == 422
    assert (await vera.http.get(f"/contacts/{new_id()}/recording")).json()["code"] == "contact.unknown"

    # An agent who serves the subscriber again reads the record and does not listen.
    async with centre.services.db.transaction() as conn:
        await conn.execute("insert into subscriber (id) values (%s)", (new_id(),))
        await conn.execute("update contact set subscriber = (select id from subscriber) where id = %s", (talk.contact,))
        subscriber = (await (await conn.execute("select id::text from subscriber")).fetchone())[0]  # type: ignore[index]
    boris, again = await centre.at_work("boris"), new_id()
    body = {"contact": again, "channel": "voice", "queue": "calls", "subscriber": subscriber, "preferred": boris.id}
    await centre.services.commands.send("arrive", body)
    await boris.takes(again)
    assert (await boris.http.get(f"/contacts/{talk.contact}")).status_code == 200
    assert (await talk.get(boris)).json()["code"] == "recording.not_yours"
    assert (await boris.http.get(f"/contacts/{again}/recording")).json()["code"] == "recording.none"


async def test_what_cannot_be_heard_is_told_plainly_before_anything_is_sent(talk: Talk) -> None:
    await ended(talk)
    zoya = await talk.centre.sign_in("zoya")
    token, data = await talk.opened(zoya), talk.path.read_bytes()

    async def told(state: str, status: int) -> None:
        about = (await talk.get(zoya)).json()
        assert (about["state"], about["host"]) == (state, "host-a" if state == "elsewhere" else None)
        before = len(await talk.lines())
        refused = await zoya.post(f"/contacts/{talk.contact}/recording/openings")
        assert (refused.status_code, refused.json()["code"]) == (status, f"recording.{state}")
        assert len(await talk.lines()) == before, "nothing was listened to"
        for path in ("/peaks", f"/audio?opening={token}") if state != "silent" else ():
            answer = await talk.get(zoya, path)
            assert (answer.status_code, answer.json()["code"]) == (status, f"recording.{state}"), path

    await talk.row("recorded = 0")
    await told("silent", 409)
    await talk.row("recorded = 7.5")
    talk.path.write_bytes(data[:60] + bytes([data[60] ^ 1]) + data[61:])
    await told("damaged", 409)
    talk.path.unlink()
    await told("missing", 404)
    await talk.row("folder = '00000000-0000-0000-0000-000000000001'")
    await told("elsewhere", 409)
    await talk.row("condemned_at = now(), rule = 'recordings: 180 days'")
    await told("deleted", 404)

    await talk.row("condemned_at = null")
    talk.path.write_bytes(data[:200_000] + bytes([data[200_000] ^ 1]) + data[200_001:])
    assert (await talk.get(zoya, f"/audio?opening={token}", Range="bytes=0-31999")).status_code == 206
    broken = await talk.get(zoya, f"/audio?opening={token}", Range="bytes=192100-192200")
    assert (broken.status_code, broken.json()["code"]) == (409, "recording.damaged")
    assert (await talk.get(zoya, "/peaks")).json()["code"] == "recording.damaged"


def test_two_processes_that_start_at_once_name_the_folder_once(tmp_path: Path) -> None:
    async def both() -> list[Folder]:
        return list(await asyncio.gather(*(asyncio.to_thread(Folder.open, tmp_path / "r") for _ in range(8))))

    opened = asyncio.run(both())
    assert len({folder.id for folder in opened}) == 1
    assert [file.name for file in (tmp_path / "r").iterdir()] == ["folder.id"]
    assert Folder.found(tmp_path / "none") is None
