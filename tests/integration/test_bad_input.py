"""What hostile or broken clients send: each a clear error or a closed socket with a code, and nothing stored half."""

import asyncio
import io
import json
import os
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing

import psycopg
import pytest
import websockets
from PIL import Image
from tests.chat_centre import Centre, Person, Socket, new_id, new_token, open_centre, until

from teplo.api import live as live_api
from teplo.api import protocol
from teplo.api.middleware import BodyLimit
from teplo.domain.errors import Invalid
from teplo.services import files
from teplo.services.access import SYSTEM
from teplo.services.configuration import Configuration

pytestmark = pytest.mark.anyio

PROBLEM = "application/problem+json"


@pytest.fixture
async def centre(database_url: str) -> AsyncIterator[Centre]:
    async with open_centre(database_url) as opened:
        yield opened


@asynccontextmanager
async def desk_socket(person: Person, *topics: str) -> AsyncIterator[Socket]:
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.http.cookies.jar)
    async with person.centre.socket("/live", {"Cookie": cookies}) as opened:
        if topics:
            await opened.send(type="hello", topics=list(topics))
        yield opened


async def raw(centre: Centre, *pieces: bytes) -> bytes:
    """Send bytes as they are; return what comes until the server closes the connection."""
    host, _, port = centre.host.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    with closing(writer):
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            async with asyncio.timeout(10):
                return await reader.read()
        except ConnectionError:
            return b""


# --- addresses ----------------------------------------------------------------------------------------------------


async def test_every_wrong_address_of_the_api_is_a_problem(centre: Centre) -> None:
    http = centre.subscriber().http
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        answer = await http.request(method, "/nothing/here")
        assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM), method
        assert answer.json()["code"] == "http.404"
    for method, path, allowed in (
        ("DELETE", "/health", "GET"),
        ("GET", "/chat/thread/end", "POST"),
        ("PATCH", f"/config/queue/{new_id()}", "DELETE, GET, PUT"),
    ):
        answer = await http.request(method, path)
        assert (answer.status_code, answer.json()["code"], answer.headers["allow"]) == (405, "http.405", allowed)


@pytest.mark.parametrize(
    "path", ["/%00", "/" + "a" * 4000, "/%2e%2e/%2e%2e/pyproject.toml", "/assets/..%2f..%2f..%2fpackage.json",
             "/widget/%00", "/widget/..%2f..%2fpackage.json", "//etc/passwd", "/widget//etc/passwd"]
)  # fmt: skip
async def test_no_path_leads_out_of_the_front_ends(centre: Centre, path: str) -> None:
    told = await raw(centre, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert told.split(b" ")[1] in (b"200", b"404", b"503"), told[:200]
    for secret in (b"root:", b"[project]", b'"devDependencies"'):
        assert secret not in told


async def test_deeply_nested_json_is_a_clear_error(centre: Centre) -> None:
    widget = centre.subscriber()
    deep = b"[" * 100_000 + b"]" * 100_000
    headers = {**widget.headers(), "Content-Type": "application/json"}
    answer = await widget.http.post("/chat/thread", content=deep, headers=headers)
    assert answer.status_code in (400, 422) and answer.headers["content-type"] == PROBLEM


async def test_a_requirement_without_a_bottom_is_a_clear_error(centre: Centre) -> None:
    await centre.hire("root", "administrator")
    root = await centre.sign_in("root")
    require = '{"not":' * 5_000 + "{}" + "}" * 5_000
    body = f'{{"name": {{"ru": "а", "en": "a"}}, "steps": [{{"after": 0, "require": {require}}}]}}'
    headers = {"X-CSRF-Token": root.csrf, "If-None-Match": "*", "Content-Type": "application/json"}
    answer = await root.http.put("/config/queue/deep", content=body, headers=headers)
    assert answer.status_code in (400, 422) and answer.headers["content-type"] == PROBLEM


# --- the way to the server ----------------------------------------------------------------------------------------


async def test_a_head_without_end_is_cut_off(centre: Centre) -> None:
    line = b"X-Filler: " + b"a" * 8000 + b"\r\n"
    told = await raw(centre, b"GET /api/v1/health HTTP/1.1\r\n", *[line] * 100)
    assert told.startswith(b"HTTP/1.1 431") or told == b"", told[:100]
    assert (await centre.subscriber().http.get("/health")).status_code == 200


async def test_a_head_that_does_not_come_is_not_waited_for(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.3)
    assert await raw(centre) == b""
    assert (await raw(centre, b"GET / HTTP/1.1\r\nHost:")).startswith(b"HTTP/1.1 408")
    host, _, port = centre.host.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    with closing(writer):
        writer.write(b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert head.startswith(b"http/1.1 200")
        await reader.readexactly(int(head.partition(b"content-length: ")[2].split()[0]))
        writer.write(b"GET /api")  # the next one on the same connection
        async with asyncio.timeout(10):
            assert (await reader.read()).startswith(b"HTTP/1.1 408")


async def test_a_body_that_does_not_come_is_not_waited_for(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BodyLimit, "SECONDS", (0.3, 0.3))
    head = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n"
    told = await raw(centre, head, b'{"login":')
    assert told.startswith(b"HTTP/1.1 408") and b"request.too_slow" in told


@pytest.mark.parametrize(
    "lines",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 5x\r\n",
    ],
)
async def test_a_request_of_two_lengths_is_refused(centre: Centre, lines: bytes) -> None:
    """Behind a proxy such a request could carry another one inside."""
    hidden = b"0\r\n\r\nGET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n"
    told = await raw(centre, b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\n" + lines + b"\r\n" + hidden)
    assert told.count(b"HTTP/1.1 200") == 0, told[:300]


async def test_nobody_makes_up_an_address_for_the_limits(centre: Centre) -> None:
    """No proxy is trusted here, so what a client says of its address counts for nothing."""
    http = centre.subscriber().http
    wrong = {"login": "nobody", "password": "wrong wrong wrong"}
    statuses = [
        (await http.post("/session", json=wrong, headers={"X-Forwarded-For": f"203.0.113.{n}"})).status_code
        for n in range(12)
    ]
    assert statuses[-1] == 429 and set(statuses) == {401, 429}


async def test_a_foreign_page_signs_nobody_in(centre: Centre) -> None:
    http = centre.subscriber().http
    body = {"login": "anna", "password": "whatever it is"}
    for origin in ("https://evil.example", "null", "http://["):
        answer = await http.post("/session", json=body, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["code"]) == (403, "session.origin"), origin
    own = await http.post("/session", json=body, headers={"Origin": f"http://{centre.host}"})
    assert own.status_code == 401


# --- live sockets -------------------------------------------------------------------------------------------------


WRONG_FRAMES: list[str | bytes] = [
    b"\x00\xff", "", "nonsense", "[]", "null", '{"type":"typing"', '{"type":"resign"}', '{"type":5}', "[" * 3000,
    '{"type":"hello","topics":["all"],"token":5}', '{"type":"read","seq":-1}', '{"type":"read","seq":99999999999}',
]  # fmt: skip


async def test_a_wrong_frame_ends_either_socket_with_a_code(centre: Centre) -> None:
    widget, anna = centre.subscriber(), await centre.sign_in("anna")
    await widget.open()
    for frame in WRONG_FRAMES:
        async with widget.live() as opened:
            await opened.hear("state")
            await opened.ws.send(frame)
            assert await opened.closed() == 4400, frame
        async with desk_socket(anna, "me") as opened:
            await opened.hear("snapshot")
            await opened.ws.send(frame)
            assert await opened.closed() == 4400, frame
        for greeting in (desk_socket(anna), centre.socket("/chat/live", {})):
            async with greeting as opened:
                await opened.ws.send(frame)
                assert await opened.closed() == 4400, frame


async def test_frames_too_large_or_too_many_end_either_socket(centre: Centre) -> None:
    widget, anna = centre.subscriber(), await centre.sign_in("anna")
    await widget.open()
    async with widget.live() as opened:
        await opened.hear("state")
        await opened.ws.send(json.dumps({"type": "typing", "text": "а" * 5000}))
        assert await opened.closed() == 4413
    for socket in (widget.live(), desk_socket(anna, "me")):
        async with socket as opened:
            await opened.ws.send("x" * 70_000)
            assert await opened.closed() == 1009
    async with desk_socket(anna, "me") as opened:
        for n in range(200):
            await opened.send(type="ping", t=n)
        assert await opened.closed() == 4429


async def test_one_thread_has_no_end_of_sockets(centre: Centre) -> None:
    widget = centre.subscriber()
    await widget.open()
    async with AsyncExitStack() as stack:
        for _ in range(20):
            opened = await stack.enter_async_context(widget.live())
            await opened.hear("state")
        one_more = await stack.enter_async_context(widget.live())
        assert await one_more.closed() == 4429
    await until(lambda: centre.services.chat_hub.sockets == 0)
    async with widget.live() as opened:
        await opened.hear("state")


async def test_foreign_pages_and_forged_sessions_open_no_desk(centre: Centre) -> None:
    anna = await centre.sign_in("anna")
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in anna.http.cookies.jar)
    for origin in ("https://evil.example", "null", "http://["):
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with centre.socket("/live", {"Cookie": cookies, "Origin": origin}):
                pass
        assert refused.value.response.status_code == 403
    for cookie in ("", "teplo_session=forged", "teplo_session=" + "x" * 5000):
        async with centre.socket("/live", {"Cookie": cookie}) as opened:
            assert await opened.closed() == 4401
    async with desk_socket(anna, "floor") as opened:
        assert await opened.closed() == 4403


async def test_old_and_repeated_frames_of_a_widget_move_nothing_back(centre: Centre) -> None:
    """Frames that were kept and are sent again in another order."""
    anna, widget = await centre.at_work("anna"), centre.subscriber()
    await widget.open()
    contact = await anna.takes()
    for text in ("раз", "два", "три"):
        await anna.write(contact, text)
    last = (await widget.page())["last_seq"]
    async with widget.live() as opened:
        await opened.hear("state")
        for seq in (last, 1, 2, last, 1):
            await opened.send(type="read", seq=seq)
            await opened.send(type="delivered", seq=seq - 1)
        await opened.send(type="ping")
        await opened.hear("pong")
    receipts = (await widget.page())["receipts"]
    assert (receipts["subscriber_read"], receipts["subscriber_delivered"]) == (last, last)


async def test_a_replayed_message_is_stored_once_and_never_by_another_thread(centre: Centre) -> None:
    anna, widget, other = await centre.at_work("anna"), centre.subscriber(), centre.subscriber()
    await widget.open()
    await other.open()
    contact = await anna.takes()
    id = new_id()
    answers = await asyncio.gather(*(widget.write("один раз", id) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert (await other.write("чужой номер", id)).status_code == 409
    assert (await anna.write(contact, "и я", id)).status_code == 409
    assert await centre.rows("select count(*) from message where id = %s", id) == [(1,)]


async def test_who_loses_a_right_sees_the_floor_no_longer(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_api, "_CHECK_SESSION", 0.2)
    vera = await centre.sign_in("vera")
    async with desk_socket(vera, "floor") as opened:
        await opened.hear("snapshot")
        configuration = Configuration(centre.services.db, centre.services.commands, centre.services.clock)
        person = await configuration.one(SYSTEM, "person", vera.id)
        await configuration.put(SYSTEM, "person", vera.id, {**person.body, "role": "agent"}, version=person.version)
        assert await opened.closed() == 4403


# --- files --------------------------------------------------------------------------------------------------------


def png_bomb(width: int, height: int) -> bytes:
    """A picture of a few kilobytes that would take gigabytes when opened."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = b"\0" * (width * 3 + 1)
    packed = b"".join(packer.compress(row) for _ in range(min(height, 200))) + packer.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


async def test_bombs_and_disguises_are_refused_and_leave_nothing(centre: Centre) -> None:
    widget = centre.subscriber()
    await widget.open()
    hostile = [
        ("bomb.png", png_bomb(60_000, 60_000), "image/png"),
        ("bomb.png", png_bomb(15_000, 15_000), "image/png"),
        ("photo.png", b"MZ" + os.urandom(2000), "image/png"),
        ("photo.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/jpeg"),
        ("page.pdf", b"%PDF-1.7\n<script>alert(1)</script>", "application/pdf"),
        ("page.html", b"<html><script>alert(1)</script>", "text/html"),
        ("many.zip", b"PK\x03\x04" + os.urandom(500), "application/zip"),
    ]
    for name, data, media_type in hostile:
        answer = await widget.attach(name, data, media_type)
        assert answer.status_code == 422 and answer.headers["content-type"] == PROBLEM, (name, answer.text)
        assert answer.json()["code"].startswith("file."), name
    assert await centre.rows("select count(*) from file") == [(0,)]
    assert await centre.rows("select count(*) from message where kind = 'file'") == [(0,)]


def test_a_progressive_jpeg_that_would_fill_the_memory_is_not_opened() -> None:
    large = io.BytesIO()
    Image.new("L", (6000, 5000)).save(large, "JPEG", progressive=True, quality=1)
    with pytest.raises(Invalid) as refused:
        files.check("large.jpg", "image/jpeg", large.getvalue())
    assert refused.value.code == "file.dimensions"
    small = io.BytesIO()
    Image.new("RGB", (800, 600)).save(small, "JPEG", progressive=True)
    assert files.check("small.jpg", "image/jpeg", small.getvalue()).width == 800
    scans = small.getvalue().replace(b"\xff\xd9", b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" * 200 + b"\xff\xd9")
    with pytest.raises(Invalid):
        files.check("scans.jpg", "image/jpeg", scans)


async def test_a_full_disk_is_said_and_nothing_is_stored_half(centre: Centre) -> None:
    widget = centre.subscriber()
    await widget.open()
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    async with centre.services.db.transaction() as conn:
        await conn.execute(
            """create function full_disk() returns trigger language plpgsql as
               $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$"""
        )
        await conn.execute("create trigger full_disk before insert on file execute function full_disk()")
    answer = await widget.attach("a.png", picture.getvalue(), "image/png")
    assert (answer.status_code, answer.json()["code"]) == (503, "storage.full")
    assert await centre.rows("select count(*) from message where author = 'subscriber'") == [(1,)]
    assert await centre.rows("select last_seq - (select max(seq) from message) from thread") == [(0,)], "no gap"
    async with centre.services.db.transaction() as conn:
        await conn.execute("drop trigger full_disk on file")
    assert (await widget.attach("a.png", picture.getvalue(), "image/png")).status_code == 201


# --- the database away --------------------------------------------------------------------------------------------


async def test_sockets_outlive_lost_connections_of_the_database(centre: Centre) -> None:
    """Everything that happened meanwhile is told, to the desk and to the widget."""
    anna, widget = await centre.at_work("anna"), centre.subscriber()
    async with centre.services.db.connection() as conn:
        (name,) = await (await conn.execute("select current_database()")).fetchone() or ("",)
    await widget.open()
    async with widget.live() as opened:
        await opened.hear("state", state="waiting")
        offer = await anna.offered()
        real = centre.services.chat.directory.display_name
        failures = iter([True])

        async def once_away(person: str | None) -> str | None:
            if next(failures, False):
                raise psycopg.OperationalError("the connection is lost")
            return await real(person)

        centre.services.chat.directory.display_name = once_away  # type: ignore[method-assign]
        await anna.post(f"/contacts/{offer['id']}/accept", offer=offer["offer"])
        assert (await opened.hear("state", state="talking"))["agent"] == {"name": "Анна"}
        await _cut(centre, name)

        id = new_id()

        async def written() -> bool:
            return (await anna.write(offer["id"], "после обрыва", id)).status_code in (200, 201)

        await until(written)
        heard = await opened.hear("message")
        while heard["message"]["id"] != id:
            opened.frames.clear()
            heard = await opened.hear("message")
    assert centre.services.feed.floor.agents[anna.id].connected


async def _cut(centre: Centre, database: str) -> None:
    """End every connection that the process has."""
    async with await psycopg.AsyncConnection.connect(centre.services.db.url, autocommit=True) as conn:
        await conn.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and pid <> pg_backend_pid()",
            (database,),
        )


async def test_a_forged_token_opens_nothing(centre: Centre) -> None:
    for token in (new_token(), "x", "x" * 43, "x" * 4000, "ключ", "../../etc/passwd"):
        headers = {b"Authorization": f"Bearer {token}".encode()}
        answer = await centre.subscriber().http.get("/chat/thread", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "chat.token"), token
