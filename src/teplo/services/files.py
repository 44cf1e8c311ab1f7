"""Files of chats: taken by what they are, not by what they are called."""

import asyncio
import io
import re
import warnings
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from PIL import Image

from ..domain.errors import Invalid, NotFound
from ..storage import audit, files
from ..storage.db import Database
from ..storage.files import StoredFile
from .access import Caller, require
from .contact_access import may_read
from .feed import Feed
from .texts import clean

LIMIT: Final = 10 * 1024 * 1024
"""Bytes of one file."""

_IMAGES: Final = {
    "image/png": ("PNG", (".png",)),
    "image/jpeg": ("JPEG", (".jpg", ".jpeg", ".jpe", ".jfif")),
    "image/gif": ("GIF", (".gif",)),
    "image/webp": ("WEBP", (".webp",)),
}
_PDF: Final = "application/pdf"
_ENDINGS: Final = {_PDF: (".pdf",)} | {media: endings for media, (_, endings) in _IMAGES.items()}
_SIDE: Final = 16_000
_PIXELS: Final = {"JPEG": 120_000_000, "PNG": 40_000_000, "GIF": 40_000_000, "WEBP": 40_000_000}
"""A JPEG is decoded at an eighth of its size; the others cost four bytes a pixel."""
_PROGRESSIVE: Final = 24_000_000
"""A progressive JPEG is kept whole while it is decoded, six bytes a pixel, and each scan goes over all of it."""
_SCANS: Final = 100
_ALL_FRAMES: Final = 500_000_000
_VAGUE: Final = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_JPEG_ALIASES: Final = frozenset({"image/jpg", "image/pjpeg"})
_PDF_HEADER: Final = re.compile(rb"%PDF-[12]\.\d")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that is what it says. `width` and `height` are pixels of an image."""

    name: str
    media_type: str
    data: bytes
    width: int | None
    height: int | None


def check(name: str, declared: str | None, data: bytes) -> Checked:
    """Return the file with its true type.

    Refusals: file.empty, file.too_large, file.type_refused (not png, jpeg, gif, webp or pdf), file.type_mismatch (the
    name or the declared type says something else), file.broken (cut off or damaged), file.dimensions (a picture too
    large to open).
    """
    if not data:
        raise Invalid("file.empty")
    if len(data) > LIMIT:
        raise Invalid("file.too_large", limit=LIMIT)
    media_type = _sniff(data)
    if media_type is None:
        raise Invalid("file.type_refused")
    name = clean(PurePosixPath(name.replace("\\", "/")).name)[-150:] or "file"
    ending = PurePosixPath(name).suffix.lower()
    declared = (declared or "").split(";")[0].strip().lower()
    declared = "image/jpeg" if declared in _JPEG_ALIASES else declared
    if declared not in _VAGUE and declared != media_type:
        raise Invalid("file.type_mismatch", found=media_type)
    if ending not in _ENDINGS[media_type]:
        if any(ending in endings for endings in _ENDINGS.values()):
            raise Invalid("file.type_mismatch", found=media_type)
        name += _ENDINGS[media_type][0]
    width, height = (None, None) if media_type == _PDF else _size(data, _IMAGES[media_type][0])
    return Checked(name, media_type, data, width, height)


def _sniff(data: bytes) -> str | None:
    if _PDF_HEADER.match(data):
        if b"%%EOF" not in data[-2048:]:
            raise Invalid("file.broken")
        return _PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def _size(data: bytes, form: str) -> tuple[int, int]:
    """Check that an image can be opened within limits and decoded to its end; return (width, height)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=[form]) as image:
                width, height = image.size
                pixels = width * height
                if max(width, height) > _SIDE or pixels > _PIXELS[form]:
                    raise Invalid("file.dimensions", width=width, height=height)
                if image.info.get("progressive") and (pixels > _PROGRESSIVE or data.count(b"\xff\xda") > _SCANS):
                    raise Invalid("file.dimensions", width=width, height=height)
                image.verify()
            with Image.open(io.BytesIO(data), formats=[form]) as image:
                frames = int(getattr(image, "n_frames", 1))
                if frames * pixels > _ALL_FRAMES:
                    raise Invalid("file.dimensions", frames=frames)
                if form == "JPEG":
                    image.draft(image.mode, (max(1, width // 8), max(1, height // 8)))
                image.load()
    except Invalid:
        raise
    except Image.DecompressionBombError:
        raise Invalid("file.dimensions") from None
    except Exception as damage:  # noqa: BLE001 - decoders fail in any way on hostile input
        raise Invalid("file.broken", why=type(damage).__name__) from None
    return width, height


class Files:
    """Taking files in and giving them out again."""

    def __init__(self, db: Database, feed: Feed) -> None:
        self._db = db
        self._feed = feed
        self._decoding = asyncio.Semaphore(2)

    async def checked(self, name: str, declared: str | None, data: bytes) -> Checked:
        """Run `check` in a thread, two files at a time: a picture may take 160 MB while it is decoded."""
        async with self._decoding:
            return await asyncio.to_thread(check, name, declared, data)

    async def of_thread(self, thread: str, id: str) -> StoredFile:
        """Read a file of the subscriber's own thread."""
        async with self._db.connection() as conn:
            owner = await files.owner(conn, id)
            found = await files.get(conn, id) if owner and owner[0] == thread else None
        if found is None:
            raise NotFound("file.unknown")
        return found

    async def of_person(self, caller: Caller, id: str) -> StoredFile:
        """Read a file of a contact that the caller may read; the access is audited."""
        require(caller, "contact.read")
        async with self._db.transaction() as conn:
            owner = await files.owner(conn, id)
            readable = False
            for contact in owner[1] if owner else ():
                readable = readable or await may_read(conn, self._feed.floor, caller, contact)
            found = await files.get(conn, id) if readable else None
            if found is None:
                raise NotFound("file.unknown")
            await audit.add(conn, caller.actor, "file.read", "file", id, {"contact": found.contacts[0]})
        return found
