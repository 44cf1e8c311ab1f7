"""What an agent does with a running call; how it then stands comes over the live socket."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from ..services.texts import Strict
from .deps import CallerDep, ServicesDep

router = APIRouter(tags=["calls"])


class CallAct(Strict):
    """What is to be done; `digits` (0-9, *, #, A-D) only with the action of that name."""

    action: Literal["hold", "resume", "pause_recording", "resume_recording", "digits"]
    digits: Annotated[str, Field(max_length=64)] | None = None


@router.post("/contacts/{contact}/call", operation_id="actOnCall", status_code=202)
async def act(services: ServicesDep, caller: CallerDep, contact: UUID, body: CallAct) -> None:
    """Hold the subscriber, pause the recording, send digits: call.gone when no worker carries the call any more."""
    await services.calls.act(caller, str(contact), body.action, body.digits)
