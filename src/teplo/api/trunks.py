"""How trunks stand, and the secret that a carrier asks for."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field, SecretStr

from ..services.texts import Strict
from ..services.trunks import Trunks
from .config import Id
from .deps import CallerDep, ServicesDep

router = APIRouter(tags=["trunks"])


class TrunkState(BaseModel):
    """How a trunk stands. `registration` is null where none is wanted, `status` the carrier's last answer to it.

    `up`: whether it answers (asked every 30 s); null where no calls go out over it. Moments are POSIX seconds.
    """

    trunk: str
    registration: Literal["trying", "registered", "refused", "unreachable"] | None
    status: int
    registration_since: float | None
    up: bool | None
    up_since: float | None


class TrunkStates(BaseModel):
    """All trunks that a worker has seen."""

    items: list[TrunkState]


class TrunkSecret(Strict):
    """What the carrier asks for; null: nothing."""

    secret: Annotated[SecretStr, Field(min_length=1, max_length=200)] | None


@router.get("/trunks", operation_id="listTrunkStates")
async def list_states(caller: CallerDep, services: ServicesDep) -> TrunkStates:
    """Tell of each trunk whether it is registered and answers, and since when."""
    found = await Trunks(services.db).states(caller)
    return TrunkStates(items=[TrunkState.model_validate(one, from_attributes=True) for one in found])


@router.put("/trunks/{id}/secret", operation_id="setTrunkSecret", status_code=204)
async def set_secret(caller: CallerDep, services: ServicesDep, id: Id, body: TrunkSecret) -> None:
    """Keep the secret of a trunk, sealed with the installation's key; it cannot be read again."""
    await Trunks(services.db).set_secret(caller, id, body.secret.get_secret_value() if body.secret else None)
