"""Prompts of the voice channel: the list, listening, uploading. `DELETE /config/prompt/…` goes back to the default."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from ..channels.voice.prompts.convert import MOST_BYTES
from ..domain.errors import Invalid
from ..services.config_prompt import PromptBody
from ..services.prompts import Prompts
from .config import Comment, ConfigItem, ConfigurationDep, IfMatch, IfNoneMatch, expected_version, one_item
from .deps import CallerDep, ServicesDep

router = APIRouter(tags=["prompts"])

Language = Literal["ru", "en", "any"]
PromptName = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,57}$", examples=["greeting"])]


class PromptRow(BaseModel):
    """A prompt of one language (`any`: a sound without words). `default_text` is null where nothing was shipped.

    `version` is null where the default plays; else it, `seconds`, `file` and the rest are those of what plays instead.
    """

    language: Language
    name: str
    group: Literal["own", "phrase", "sound", "fragment"]
    text: str
    default_text: str | None
    version: int | None
    seconds: float | None
    file: str | None
    changed_at: float | None
    changed_by: str | None


class PromptRows(BaseModel):
    """All prompts."""

    items: list[PromptRow]


async def _prompts(services: ServicesDep, configuration: ConfigurationDep) -> Prompts:
    return Prompts(services.db, configuration)


PromptsDep = Annotated[Prompts, Depends(_prompts)]


@router.get("/prompts", operation_id="listPrompts")
async def list_prompts(caller: CallerDep, prompts: PromptsDep) -> PromptRows:
    """List the default set and what the centre made itself."""
    rows: list[PromptRow] = []
    for one in await prompts.all(caller):
        own = one.own.body if one.own else {}
        row: dict[str, Any] = {
            "language": one.language,
            "name": one.name,
            "group": one.group,
            "default_text": one.default,
        }
        row |= {"text": own.get("text", one.default), "seconds": own.get("seconds"), "file": own.get("file")}
        for field in ("version", "changed_at", "changed_by"):
            row[field] = getattr(one.own, field, None)
        rows.append(PromptRow.model_validate(row))
    return PromptRows(items=rows)


@router.get(
    "/prompts/{language}/{name}/sound",
    operation_id="hearPrompt",
    response_class=Response,
    responses={
        200: {
            "description": "WAV, 8 kHz mono",
            "content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def hear(
    caller: CallerDep,
    prompts: PromptsDep,
    language: Language,
    name: PromptName,
    default: Annotated[bool, Query(description="the shipped one, also where another plays")] = False,
    version: Annotated[int | None, Query(ge=1, lt=10**9, description="as it was in this version")] = None,
) -> Response:
    """Return the sound of a prompt."""
    sound = await prompts.sound(caller, language, name, default=default, version=version)
    return Response(sound, media_type="audio/wav", headers={"Cache-Control": "private, no-cache"})


_FORM = {
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "wav, ogg, mp3 or flac"},
                    "text": {
                        "type": "string",
                        "maxLength": 2000,
                        "description": "its words; empty: those of the default",
                    },
                },
            }
        }
    },
    "required": True,
}


@router.put(
    "/prompts/{language}/{name}/sound",
    operation_id="uploadPrompt",
    response_model=ConfigItem[PromptBody],
    responses={201: {"model": ConfigItem[PromptBody], "description": "Created"}},
    openapi_extra={"requestBody": _FORM},
)
async def upload(
    request: Request,
    caller: CallerDep,
    prompts: PromptsDep,
    language: Language,
    name: PromptName,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
    comment: Comment = "",
) -> Response:
    """Play an uploaded file from the next call on, converted to 8 kHz and made as loud as the others.

    `If-None-Match: *` where the default plays so far, `If-Match: version` where another upload does. At most 10 MiB and
    three minutes. What is no good is refused and nothing is stored.
    """
    version = expected_version(if_match, if_none_match)
    given = await _form(request)
    item = await prompts.upload(caller, language, name, *given, version=version, comment=comment)
    return one_item(item, 201 if version is None else 200)


async def _form(request: Request) -> tuple[bytes, str, str]:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Invalid("upload.form")
    async with request.form(max_files=1, max_fields=2, max_part_size=16_384) as form:
        file, text = form.get("file"), form.get("text", "")
        if not isinstance(file, UploadFile) or not isinstance(text, str) or len(text) > 2000:
            raise Invalid("upload.form")
        return await file.read(MOST_BYTES + 1), file.filename or "file", text
