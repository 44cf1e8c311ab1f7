"""Reading the audit."""

from ..storage import audit
from ..storage.audit import Entry
from ..storage.db import Database
from .access import Caller, require

MOST = 200


async def audit_page(
    caller: Caller,
    db: Database,
    *,
    before: int | None,
    limit: int,
    person: str | None = None,
    action: str | None = None,
    object_kind: str | None = None,
    object_id: str | None = None,
) -> list[Entry]:
    """Return lines older than `before`, newest first, that match what is given; at most 200."""
    require(caller, "audit.read")
    async with db.connection() as conn:
        return await audit.page(
            conn,
            before=before,
            limit=min(limit, MOST),
            person=person,
            action=action,
            object_kind=object_kind,
            object_id=object_id,
        )
