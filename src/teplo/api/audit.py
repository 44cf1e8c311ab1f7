"""The audit: who looked at or changed what."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from ..services.audit import audit_page
from .deps import CallerDep, ServicesDep

router = APIRouter(tags=["audit"])

Word = Annotated[str | None, Query(max_length=100, pattern=r"^[A-Za-z0-9._-]+$")]


class AuditEntry(BaseModel):
    """One line; `person` is null for the system and for somebody unknown. `at` is POSIX seconds."""

    seq: int
    at: float
    person: str | None
    action: str
    object_kind: str
    object_id: str | None
    details: dict[str, Any]


class AuditPage(BaseModel):
    """Lines, newest first; `next` is the value of `before` for the following page, null at the end."""

    items: list[AuditEntry]
    next: int | None


@router.get("/audit", operation_id="listAudit")
async def list_audit(
    caller: CallerDep,
    services: ServicesDep,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    person: UUID | None = None,
    action: Word = None,
    object_kind: Word = None,
    object_id: Word = None,
) -> AuditPage:
    """List who looked at or changed what, newest first."""
    found = await audit_page(
        caller,
        services.db,
        before=before,
        limit=limit,
        person=str(person) if person else None,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
    )
    items = [AuditEntry.model_validate(entry, from_attributes=True) for entry in found]
    return AuditPage(items=items, next=items[-1].seq if len(items) == limit else None)
