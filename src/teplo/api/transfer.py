"""Files over HTTP: reading an upload within its limits, and answers that no browser runs."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from ..domain.errors import Invalid
from ..services.files import LIMIT
from ..storage.files import StoredFile


@dataclass(frozen=True, slots=True)
class Upload:
    """What came in: the sender's id of the message, the file's name, declared type and content."""

    id: str
    name: str
    declared: str | None
    data: bytes


async def read_upload(request: Request) -> Upload:
    """Read the form with `id` and `file`. The whole body is limited as it streams in (see `middleware.BodyLimit`)."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Invalid("upload.form")
    async with request.form(max_files=1, max_fields=4, max_part_size=1024) as form:
        id, file = form.get("id"), form.get("file")
        if not isinstance(id, str) or not isinstance(file, UploadFile):
            raise Invalid("upload.form")
        try:
            message = str(UUID(id))
        except ValueError:
            raise Invalid("upload.id") from None
        data = await file.read(LIMIT + 1)
        if len(data) > LIMIT:
            raise Invalid("file.too_large", limit=LIMIT)
        return Upload(message, file.filename or "file", file.content_type, data)


def file_response(file: StoredFile) -> Response:
    """Answer with a file so that a browser shows or saves it, and never runs it."""
    info = file.info
    shown = "inline" if info.media_type.startswith("image/") else "attachment"
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in info.name)
    return Response(
        file.data,
        media_type=info.media_type,
        headers={
            "Content-Disposition": f"{shown}; filename=\"{plain}\"; filename*=UTF-8''{quote(info.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


FILE_RESPONSES: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The file",
        "content": {
            media: {"schema": {"type": "string", "format": "binary"}}
            for media in ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf")
        },
    }
}
"""`responses=` of routes that answer with a file."""
