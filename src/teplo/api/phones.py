"""SIP phones: administrators give them to agents, agents choose how they work."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from ..services.phones import Phones
from ..services.texts import Strict
from ..storage.phones import Standing
from .deps import CallerDep, ServicesDep

router = APIRouter(tags=["phones"])

Login = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$", examples=["7301"])]


class Phone(BaseModel):
    """The phone of an agent. `login`: user name of its registration; `uri`: fixed address, called where none is
    registered.

    `registered_for`: seconds for which it is still registered, 0 where it is not; `in_use`: the agent works by phone.
    """

    agent: str
    login: str | None
    uri: str | None
    in_use: bool
    registered_for: float


class PhoneList(BaseModel):
    """Everybody who has a phone."""

    items: list[Phone]


class PhoneSecret(BaseModel):
    """What to enter into the phone: told this once, kept only as a hash."""

    login: str
    secret: str


class NewSecret(Strict):
    """User name of the phone; null: the login of the person."""

    login: Login | None = None


class PhoneAddress(Strict):
    """Fixed address of the phone, null for one that registers."""

    uri: Annotated[str, Field(max_length=200, examples=["sip:7301@192.0.2.20"])] | None


class OwnPhone(BaseModel):
    """How the caller works, and the phone if there is one."""

    by: Literal["browser", "phone"]
    phone: Phone | None


class WorkBy(Strict):
    """Whether calls come to the browser or to the phone, from the next one on."""

    by: Literal["browser", "phone"]


def _shown(found: Standing) -> Phone:
    return Phone(
        agent=found.agent, login=found.login, uri=found.uri, in_use=found.in_use, registered_for=round(found.seconds, 1)
    )


def _own(found: Standing | None) -> OwnPhone:
    return OwnPhone(by="phone" if found and found.in_use else "browser", phone=_shown(found) if found else None)


@router.get("/phones", operation_id="listPhones")
async def list_phones(caller: CallerDep, services: ServicesDep) -> PhoneList:
    """List all phones and whether they are registered."""
    return PhoneList(items=[_shown(one) for one in await Phones(services.db).all(caller)])


@router.post("/phones/{agent}/secret", operation_id="issuePhoneSecret", status_code=201)
async def issue_secret(caller: CallerDep, services: ServicesDep, agent: UUID, body: NewSecret) -> PhoneSecret:
    """Make a new secret for the phone of an agent; the old one and its registrations are void."""
    made = await Phones(services.db).issue(caller, str(agent), body.login)
    return PhoneSecret(login=made.login, secret=made.secret)


@router.put("/phones/{agent}/address", operation_id="setPhoneAddress")
async def set_address(caller: CallerDep, services: ServicesDep, agent: UUID, body: PhoneAddress) -> Phone:
    """Set the fixed address at which the phone of an agent is called."""
    return _shown(await Phones(services.db).set_address(caller, str(agent), body.uri))


@router.delete("/phones/{agent}", operation_id="removePhone", status_code=204)
async def remove(caller: CallerDep, services: ServicesDep, agent: UUID) -> None:
    """Take the phone of an agent out of use."""
    await Phones(services.db).remove(caller, str(agent))


@router.get("/me/phone", operation_id="getOwnPhone")
async def own(caller: CallerDep, services: ServicesDep) -> OwnPhone:
    """Tell how the caller works."""
    return _own(await Phones(services.db).mine(caller))


@router.put("/me/phone", operation_id="workByPhone")
async def work_by(caller: CallerDep, services: ServicesDep, body: WorkBy) -> OwnPhone:
    """Choose how calls come; phone.none where the caller has none."""
    return _own(await Phones(services.db).work_by(caller, body.by == "phone"))
