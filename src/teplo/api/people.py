"""Colleagues: names beside ids."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from ..services.configuration import Configuration
from .deps import CallerDep, ServicesDep

router = APIRouter(tags=["people"])


class Colleague(BaseModel):
    """How a person is called; `active` is False for those who left, so that old records keep their names."""

    id: str
    name: str
    display_name: str
    team: str | None
    role: Literal["agent", "senior", "supervisor", "quality", "planner", "administrator"]
    active: bool


class Colleagues(BaseModel):
    """Everybody."""

    items: list[Colleague]


@router.get("/people", operation_id="listPeople")
async def list_people(caller: CallerDep, services: ServicesDep) -> Colleagues:
    """List everybody who works or worked here; any signed-in person may."""
    found = await Configuration(services.db, services.commands, services.clock).colleagues(caller)
    return Colleagues(
        items=[
            Colleague(
                id=item.id,
                name=item.body["name"],
                display_name=item.body["display_name"],
                team=item.body["team"],
                role=item.body["role"],
                active=item.active,
            )
            for item in found
        ]
    )
