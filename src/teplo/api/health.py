"""Is this process able to serve, and how far has it read the log."""

from fastapi import APIRouter
from pydantic import BaseModel

from .. import __version__
from .deps import ServicesDep

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """State of the process that answers."""

    status: str
    version: str
    dispatcher: bool
    seq: int


@router.get("/health", operation_id="getHealth")
async def health(services: ServicesDep) -> Health:
    """Tell whether this process serves; needs no sign-in and tells nothing private."""
    ready = services.feed.ready.is_set()
    return Health(
        status="ok" if ready else "starting",
        version=__version__,
        dispatcher=services.dispatcher.leading,
        seq=services.feed.seq,
    )
