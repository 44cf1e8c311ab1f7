"""The floor as the supervisor sees it now; the live socket's topic `floor` sends the same."""

from fastapi import APIRouter
from pydantic import BaseModel

from ..services.access import require
from ..services.rows import FloorAgent, FloorQueue, FloorTotals, FloorWaiting
from .deps import CallerDep, ServicesDep

router = APIRouter(tags=["floor"])


class FloorView(BaseModel):
    """Rows by id; their fields are those of the live topic `floor`. `seq` is the last fact that is in them."""

    seq: int
    at: float
    agents: dict[str, FloorAgent]
    queues: dict[str, FloorQueue]
    waiting: dict[str, FloorWaiting]
    totals: FloorTotals


@router.get("/floor", operation_id="getFloor")
async def floor(caller: CallerDep, services: ServicesDep) -> FloorView:
    """Show agents, queues and waiting contacts as they are now."""
    require(caller, "floor.read")
    return FloorView(seq=services.feed.seq, at=services.clock(), **services.live.floor_state())
