"""Recordings of contacts: what there is, the picture of the voices, and the sound in parts."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from ..channels.voice.media.recording_file import Reading, Unreadable
from ..domain.errors import Conflict
from ..services.recording_marks import MarkKind
from ..services.recordings import Part, State
from .deps import CallerDep, ServicesDep
from .errors import problem

router = APIRouter(tags=["recordings"])

_PIECE = 128 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_SOUND: dict[str, Any] = {"content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}}


PartQuery = Annotated[Part, Query(description="what was talked, or the message that was left")]


class RecordingMark(BaseModel):
    """Something that happened at `at` (seconds of the file); what lasts has `until`. `agent` took part."""

    model_config = ConfigDict(from_attributes=True)

    kind: MarkKind
    at: float
    until: float | None
    agent: str | None


class Recording(BaseModel):
    """What there is of a recording. Left is the subscriber, right the agents.

    `state`: ready; making, while the call goes on; silent, paused all the time; deleted at `deleted_at` by `rule`;
    elsewhere, in the folder of `host`, which this server cannot reach; missing; damaged. `seconds`: length of the
    file, `recorded` those with sound, `paused` those of silence for card data. Listening begins with an opening.
    """

    state: State
    seconds: float | None
    recorded: float | None
    paused: float | None
    started_at: float
    deleted_at: float | None
    rule: str | None
    host: str | None
    marks: list[RecordingMark]


class RecordingPeaks(BaseModel):
    """For each `step` seconds the loudest moment of the subscriber (left) and of the agents (right), 0 to 100."""

    model_config = ConfigDict(from_attributes=True)

    step: float
    left: list[Annotated[int, Field(ge=0, le=100)]]
    right: list[Annotated[int, Field(ge=0, le=100)]]


class RecordingOpening(BaseModel):
    """The right to read the sound until `expires_at`; `token` goes into the address of the sound as `opening`."""

    model_config = ConfigDict(from_attributes=True)

    token: str
    expires_at: float


@router.get("/contacts/{contact}/recording", operation_id="readRecording")
async def read_recording(
    services: ServicesDep, caller: CallerDep, contact: UUID, part: PartQuery = "talk"
) -> Recording:
    """Say whether there is a recording, how long it is and what happened when in it."""
    found = await services.recordings.about(caller, str(contact), part)
    row = found.row
    return Recording(
        state=found.state,
        seconds=found.seconds,
        recorded=row.recorded,
        paused=row.paused,
        started_at=row.started_at,
        deleted_at=row.deleted_at or row.condemned_at,
        rule=row.rule,
        host=row.host if found.state == "elsewhere" else None,
        marks=[RecordingMark.model_validate(mark) for mark in found.marks],
    )


@router.get("/contacts/{contact}/recording/peaks", operation_id="readRecordingPeaks")
async def read_peaks(
    services: ServicesDep, caller: CallerDep, contact: UUID, part: PartQuery = "talk"
) -> RecordingPeaks:
    """Return the picture of both voices."""
    return RecordingPeaks.model_validate(await services.recordings.peaks(caller, str(contact), part))


@router.post("/contacts/{contact}/recording/openings", operation_id="openRecording", status_code=201)
async def open_recording(
    services: ServicesDep, caller: CallerDep, contact: UUID, part: PartQuery = "talk"
) -> RecordingOpening:
    """Begin to listen. The audit keeps who listened to what and when: one line for an opening, however it is read."""
    return RecordingOpening.model_validate(await services.recordings.open(caller, str(contact), part))


@router.get(
    "/contacts/{contact}/recording/audio",
    operation_id="readRecordingAudio",
    response_class=Response,
    responses={
        200: {"description": "The whole sound: WAV, 8 kHz, 16 bits, stereo", **_SOUND},
        206: {"description": "The part that was asked for", **_SOUND},
        416: {"description": "No such part", "content": {"application/problem+json": {}}},
    },
)
async def read_audio(
    services: ServicesDep,
    caller: CallerDep,
    contact: UUID,
    opening: Annotated[str, Query(max_length=100)],
    part: PartQuery = "talk",
    range: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """Return the sound, decrypted as it is sent; `Range` gives a part (RFC 9110 section 14), for seeking."""
    reading = await services.recordings.audio(caller, str(contact), opening, part)
    span = _part(range, reading.size)
    if span is None:
        reading.close()
        answer = problem(416, "recording.range", "The recording is shorter.", {"size": reading.size})
        answer.headers["Content-Range"] = f"bytes */{reading.size}"
        return answer
    begin, end = span
    pieces = _pieces(reading, begin, end)
    try:
        first = await anext(pieces)  # a damaged file is told before anything is sent
    except Unreadable:
        raise Conflict("recording.damaged") from None
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(end - begin)}
    if range is not None and _RANGE.fullmatch(range.strip()):
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{reading.size}"
        return StreamingResponse(_with(first, pieces), 206, headers, "audio/wav")
    return StreamingResponse(_with(first, pieces), 200, headers, "audio/wav")


def _part(asked: str | None, size: int) -> tuple[int, int] | None:
    """Return begin and end of one range; several, or another unit, give the whole. None: it lies outside."""
    found = _RANGE.fullmatch((asked or "").strip())
    if found is None:
        return 0, size
    first, last = found.groups()
    if first:
        begin, end = int(first), min(size, int(last) + 1) if last else size
    elif last:
        begin, end = max(0, size - int(last)), size
    else:
        return None
    return (begin, end) if begin < end else None


async def _pieces(reading: Reading, begin: int, end: int) -> AsyncIterator[bytes]:
    """Read piece by piece, so that memory does not grow with the talk."""
    try:
        while begin < end:
            piece = await asyncio.to_thread(reading.read, begin, min(_PIECE, end - begin))
            if not piece:
                raise Unreadable("cut off while it was read")
            yield piece
            begin += len(piece)
    finally:
        reading.close()


async def _with(first: bytes, others: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in others:
        yield piece
