"""Is this process able to serve, and how far has it read the log."""

from fastapi import APIRouter
from pydantic import BaseModel

from .. import __version__
from .deps import ServicesDep

router = APIRouter(tags=["health"])


class TrunkCounts(BaseModel):
    """How many trunks are configured, and how many of them do not answer, are not registered although they want to be,
    or are watched by no living voice worker. All but `configured` are 0 where all is well.
    """

    configured: int
    down: int
    unregistered: int
    unwatched: int


class Health(BaseModel):
    """State of the process that answers. `trunks`: those of the installation, null where the database does not tell."""

    status: str
    version: str
    dispatcher: bool
    seq: int
    trunks: TrunkCounts | None


@router.get("/health", operation_id="getHealth")
async def health(services: ServicesDep) -> Health:
    """Tell whether this process serves; needs no sign-in and tells nothing private."""
    counts = services.trunk_health.counts
    ready = services.feed.ready.is_set()
    return Health(
        status="ok" if ready else "starting",
        version=__version__,
        dispatcher=services.dispatcher.leading,
        seq=services.feed.seq,
        trunks=None if counts is None else TrunkCounts.model_validate(counts, from_attributes=True),
    )
