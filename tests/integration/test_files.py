"""Files of chats: what is taken, what is refused, who may have them."""

import io
import struct
import zipfile
import zlib
from collections.abc import AsyncIterator

import pytest
from PIL import Image
from tests.chat_centre import Centre, new_id, open_centre

from teplo.domain.errors import Invalid
from teplo.services.files import check

pytestmark = pytest.mark.anyio

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(form: str = "PNG", size: tuple[int, int] = (64, 32)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form)
    return out.getvalue()


def bomb_png(width: int, height: int) -> bytes:
    """A PNG whose header promises far more pixels than anybody may open."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(5_000_000))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "declared", "data", "media_type"),
    [
        ("a.png", "image/png", picture("PNG"), "image/png"),
        ("a.jpg", "image/jpeg", picture("JPEG"), "image/jpeg"),
        ("a.jpeg", "image/jpg", picture("JPEG"), "image/jpeg"),
        ("a.gif", "image/gif", picture("GIF"), "image/gif"),
        ("a.webp", "application/octet-stream", picture("WEBP"), "image/webp"),
        ("договор.pdf", "application/pdf", PDF, "application/pdf"),
    ],
)
def test_pictures_and_pdf_are_taken_by_their_content(name: str, declared: str, data: bytes, media_type: str) -> None:
    found = check(name, declared, data)
    assert (found.name, found.media_type) == (name, media_type)
    assert (found.width, found.height) == ((64, 32) if media_type.startswith("image/") else (None, None))


@pytest.mark.parametrize(
    ("name", "declared", "data", "code"),
    [
        ("empty.png", "image/png", b"", "file.empty"),
        ("page.html", "text/html", b"<html><script>alert(1)</script>", "file.type_refused"),
        ("drawing.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file.type_refused"),
        ("bomb.zip", "application/zip", zip_bomb(), "file.type_refused"),
        ("bomb.png", "image/png", zip_bomb(), "file.type_refused"),
        ("program.png", "image/png", b"MZ" + bytes(200), "file.type_refused"),
        ("photo.pdf", "application/pdf", picture(), "file.type_mismatch"),
        ("photo.jpg", "image/jpeg", picture("PNG"), "file.type_mismatch"),
        ("paper.png", None, PDF, "file.type_mismatch"),
        ("cut.png", "image/png", picture()[:-30], "file.broken"),
        ("cut.jpg", "image/jpeg", picture("JPEG")[:-30], "file.broken"),
        ("head.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(100), "file.broken"),
        ("cut.pdf", "application/pdf", PDF[:-8], "file.broken"),
        ("late.pdf", "application/pdf", b"<html>" + PDF, "file.type_refused"),
        ("wide.png", "image/png", bomb_png(60_000, 10), "file.dimensions"),
        ("huge.png", "image/png", bomb_png(15_000, 15_000), "file.dimensions"),
        ("short.png", "image/png", bomb_png(4_000, 4_000), "file.broken"),
    ],
)
def test_what_is_something_else_is_refused(name: str, declared: str | None, data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check(name, declared, data)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\temp\\снимок.png", "снимок.png"),
        ("no ending", "no ending.png"),
        ("run.exe", "run.exe.png"),
        ("a\r\nSet-Cookie: x.png", "a Set-Cookie: x.png"),
        ("", "file.png"),
    ],
)
def test_names_are_made_harmless(given: str, kept: str) -> None:
    assert check(given, None, picture()).name == kept


@pytest.fixture
async def centre(database_url: str) -> AsyncIterator[Centre]:
    async with open_centre(database_url) as opened:
        yield opened


async def test_a_picture_reaches_the_other_side_unchanged(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    await widget.open()
    contact = await anna.takes()
    data, id = picture(), new_id()
    answers = [await widget.attach("снимок.png", data, "image/png", id) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    message = answers[0].json()
    assert answers[1].json() == message and message["kind"] == "file" and message["text"] is None
    file = message["file"]
    assert (file["name"], file["media_type"], file["size"], file["width"]) == ("снимок.png", "image/png", len(data), 64)
    for answer in (
        await widget.call("GET", f"/files/{file['id']}"),
        await anna.call("GET", f"/files/{file['id']}"),
    ):
        assert answer.status_code == 200 and answer.content == data
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert "filename*=UTF-8''%D1%81" in answer.headers["content-disposition"]
    sent = await anna.call(
        "POST", f"/contacts/{contact}/files", data={"id": new_id()}, files={"file": ("a.pdf", PDF, "application/pdf")}
    )
    assert sent.status_code == 201
    got = await widget.call("GET", f"/files/{sent.json()['file']['id']}")
    assert got.content == PDF and got.headers["content-disposition"].startswith("attachment")


async def test_files_are_for_their_thread_and_its_people_only(centre: Centre) -> None:
    anna, boris, vera = await centre.at_work("anna"), await centre.sign_in("boris"), await centre.sign_in("vera")
    widget, stranger = centre.subscriber(), centre.subscriber()
    await widget.open()
    await stranger.open()
    file = (await widget.attach("a.png", picture(), "image/png")).json()["file"]["id"]
    assert (await stranger.call("GET", f"/files/{file}")).status_code == 404
    assert (await boris.call("GET", f"/files/{file}")).status_code == 404
    assert (await widget.http.get(f"/files/{file}")).status_code == 401
    assert (await vera.call("GET", f"/files/{file}")).status_code == 200
    assert (await vera.call("GET", f"/files/{new_id()}")).status_code == 404
    assert await centre.rows("select person, object_id from audit where action = 'file.read'") == [(vera.id, file)]
    assert anna.id


async def test_refused_uploads_leave_nothing(centre: Centre) -> None:
    widget = centre.subscriber()
    await widget.open()
    page = await widget.attach("page.png", b"<html>", "image/png")
    assert (page.status_code, page.json()["code"]) == (422, "file.type_refused")
    large = await widget.attach("large.png", bytes(10 * 1024 * 1024 + 1), "image/png")
    assert large.status_code == 413
    larger = await widget.attach("larger.png", bytes(12 * 1024 * 1024), "image/png")
    assert larger.status_code == 413

    async def endless() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        for _ in range(200):
            yield bytes(65536)

    streamed = await widget.http.post(
        "/chat/thread/files",
        headers=widget.headers() | {"Content-Type": "multipart/form-data; boundary=x"},
        content=endless(),
    )
    assert (streamed.status_code, streamed.json()["code"]) == (413, "request.too_large")
    for wrong in (
        {"json": {"id": new_id()}},
        {"data": {"id": new_id()}},
        {"files": {"file": ("a.png", picture(), "image/png")}},
        {"data": {"id": "x"}, "files": {"file": ("a.png", picture(), "image/png")}},
    ):
        assert (await widget.call("POST", "/thread/files", **wrong)).status_code == 422, wrong
    broken = await widget.http.post(
        "/chat/thread/files",
        headers=widget.headers() | {"Content-Type": "multipart/form-data; boundary=x"},
        content=b"garbage",
    )
    assert broken.status_code in (400, 422)
    assert await centre.rows("select count(*) from file") == [(0,)]
    assert await centre.rows("select count(*) from message where kind = 'file'") == [(0,)]
