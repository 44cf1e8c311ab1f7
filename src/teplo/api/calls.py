"""What an agent does with a running call; how it then stands comes over the live socket."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from ..services import call_people, calls_out, voicemail
from ..services.texts import Slug, Strict
from .deps import CallerDep, ServicesDep

router = APIRouter(tags=["calls"])

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]


class CallAct(Strict):
    """What is to be done; `digits` (0-9, *, #, A-D) only with the action of that name."""

    action: Literal["hold", "resume", "pause_recording", "resume_recording", "digits", "merge"]
    digits: Annotated[str, Field(max_length=64)] | None = None


class ConsultColleague(Strict):
    """Ask this colleague in."""

    agent: UUID


class ConsultQueue(Strict):
    """Ask in whoever of those that serve a queue has been idle longest."""

    queue: Slug


class ConsultNumber(Strict):
    """Call an outside number in. `id` (made by the client) makes a retry harmless."""

    number: Annotated[str, Field(min_length=2, max_length=40)]
    id: UUID | None = None


class Consulted(Strict):
    """Whom to ask into the call."""

    to: ConsultColleague | ConsultQueue | ConsultNumber


class HandedOver(Strict):
    """To whom the call is left: a colleague who is in it, or the outside number (null)."""

    guest: UUID | None = None


class CallNumber(Strict):
    """Call this number."""

    number: Annotated[str, Field(min_length=2, max_length=40)]


class CallSubscriber(Strict):
    """Call the subscriber of this contact: the number need not be known."""

    contact: UUID


class CalledOut(Strict):
    """Whom to call. `id` (made by the client) becomes the contact; `anyway`: also outside of calling hours."""

    id: UUID
    to: CallNumber | CallSubscriber
    anyway: bool = False


class CallOutcome(BaseModel):
    """Why nobody was reached, None while it rings or was answered."""

    outcome: str | None


class Parted(Strict):
    """Who goes: a guest of one's call, or oneself as a guest (null): who does not come, or who was there and leaves."""

    guest: Id | None = None
    why: Literal["declined", "left"] = "declined"


class Monitored(Strict):
    """How a supervisor takes part: hears both, speaks to the agent alone, speaks to both, takes over, leaves."""

    mode: Literal["listen", "whisper", "barge", "take_over", "off"]


@router.post("/calls/out", operation_id="callOut", status_code=202)
async def call_out(services: ServicesDep, caller: CallerDep, body: CalledOut) -> None:
    """Call a subscriber out of one's own wish; how it goes comes over the live socket as a contact in hand."""
    to = {key: str(value) for key, value in body.to.model_dump().items()}
    await calls_out.call_out(services.chat, caller, str(body.id), to, anyway=body.anyway)


@router.get("/calls/out/{contact}", operation_id="getCallOutcome")
async def call_outcome(services: ServicesDep, caller: CallerDep, contact: UUID) -> CallOutcome:
    """Tell why an own call out that is over reached nobody."""
    return CallOutcome(outcome=await calls_out.outcome(services.chat, caller, str(contact)))


@router.post("/contacts/{contact}/call/consult", operation_id="consultInCall", status_code=202)
async def consult(services: ServicesDep, caller: CallerDep, contact: UUID, body: Consulted) -> None:
    """Ask somebody into one's call: the two speak alone, the subscriber is held."""
    to = {key: str(value) for key, value in body.to.model_dump(exclude_none=True).items()}
    id = to.pop("id", None)
    await call_people.consult(services.chat, services.calls, caller, str(contact), to, id)


@router.post("/contacts/{contact}/call/hand-over", operation_id="handCallOver", status_code=204)
async def hand_over(services: ServicesDep, caller: CallerDep, contact: UUID, body: HandedOver) -> None:
    """Leave one's call to somebody who is in it already."""
    guest = None if body.guest is None else str(body.guest)
    await call_people.hand_over(services.chat, caller, str(contact), guest)


@router.post("/contacts/{contact}/call/part", operation_id="partFromCall", status_code=202)
async def part(services: ServicesDep, caller: CallerDep, contact: UUID, body: Parted) -> None:
    """Let a guest go, or leave a colleague's call; nothing to do where nobody is."""
    await call_people.part(services.chat, services.calls, caller, str(contact), body.guest, body.why)


@router.post("/contacts/{contact}/call/monitor", operation_id="monitorCall", status_code=204)
async def monitor(services: ServicesDep, caller: CallerDep, contact: UUID, body: Monitored) -> None:
    """Listen to a running call, whisper, join it, take it over, leave it. The record and the audit show who did."""
    await call_people.monitor(services.chat, caller, str(contact), body.mode)


@router.post("/contacts/{contact}/call/back", operation_id="callBack", status_code=202)
async def call_back(services: ServicesDep, caller: CallerDep, contact: UUID) -> None:
    """Call who left the voicemail that one has; how it goes comes over the live socket."""
    await voicemail.ring_back(services.chat, caller, str(contact))


@router.post("/contacts/{contact}/call", operation_id="actOnCall", status_code=202)
async def act(services: ServicesDep, caller: CallerDep, contact: UUID, body: CallAct) -> None:
    """Hold the subscriber, pause the recording, send digits: call.gone when no worker carries the call any more."""
    await services.calls.act(caller, str(contact), body.action, body.digits)
