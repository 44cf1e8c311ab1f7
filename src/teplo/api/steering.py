"""Acting on the floor: where a talk may be handed over to, and a supervisor's hand on an agent's state."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from ..services import steering, targets
from ..services.config_kinds import Channel
from ..services.texts import Named, Strict
from .deps import CallerDep, ServicesDep
from .shapes import Range

router = APIRouter(tags=["floor"])


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class TargetColleague(_Read):
    """A colleague: `free` can take a contact now, `busy` later, `away` not at all. `skills`: levels 1 to 5."""

    id: str
    display_name: str
    team: str | None
    state: Literal["free", "busy", "away"]
    skills: dict[str, int]


class TargetQueue(_Read):
    """A queue; `estimate` is seconds (low, high), null where nothing honest can be said. Closed ones take nothing."""

    id: str
    name: Named
    waiting: int
    estimate: Range | None
    open: bool


class TargetSkill(_Read):
    """A skill, and how many colleagues who have it are free, and at work at all."""

    id: str
    name: Named
    free: int
    present: int


class Targets(_Read):
    """Where a contact may be handed over to; free colleagues first."""

    colleagues: list[TargetColleague]
    queues: list[TargetQueue]
    skills: list[TargetSkill]


class SentAway(Strict):
    """Where a supervisor sends an agent. Running talks return to their queues only with `offline`."""

    presence: Literal["break", "offline"]


class Lowered(Strict):
    """A supervisor lowers a hand; nobody raises another's."""

    raised: Literal[False]


@router.get("/floor/targets", operation_id="listTargets")
async def list_targets(
    caller: CallerDep, services: ServicesDep, channel: Annotated[Channel, Query()] = "chat"
) -> Targets:
    """List colleagues, queues and skills that a contact may be handed over to, as they are now."""
    found = await targets.read_targets(caller, services.db, services.feed.floor, services.clock, channel)
    return Targets.model_validate(found)


@router.put("/floor/agents/{agent}/presence", operation_id="setAgentPresence", status_code=204)
async def set_agent_presence(caller: CallerDep, services: ServicesDep, agent: UUID, body: SentAway) -> None:
    """Send an agent into a break or off the line (supervisors). The audit keeps who did it."""
    await steering.set_presence(services.chat, caller, str(agent), body.presence)


@router.put("/floor/agents/{agent}/hand", operation_id="lowerAgentHand", status_code=204)
async def lower_agent_hand(caller: CallerDep, services: ServicesDep, agent: UUID, body: Lowered) -> None:
    """Lower an agent's raised hand: the supervisor comes (supervisors). The audit keeps who did it."""
    await steering.lower_hand(services.chat, caller, str(agent))
