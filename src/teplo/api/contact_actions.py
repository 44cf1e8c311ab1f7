"""What people do with contacts and with themselves. Every answer comes after the floor has decided and stored it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BeforeValidator, Field

from ..services import contact_actions as actions
from ..services.texts import Slug, Strict, clean
from .deps import CallerDep, ServicesDep

router = APIRouter(tags=["contact actions"])


def _lines_or_none(value: object) -> object:
    return (clean(value, lines=True) or None) if isinstance(value, str) else value


OfferId = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9:._-]+$")]
NoteOrNone = Annotated[Annotated[str, Field(max_length=4000)] | None, BeforeValidator(_lines_or_none)]


class Accept(Strict):
    """Which offer is taken."""

    offer: OfferId


class Decline(Strict):
    """Which offer is refused and why: a code, as the log keeps no words of people."""

    offer: OfferId
    reason: Slug = "unspecified"


class ToAgent(Strict):
    """A colleague."""

    agent: UUID


class ToQueue(Strict):
    """Another queue."""

    queue: Slug


class ToSkill(Strict):
    """Anybody with the skill."""

    skill: Slug
    min: Annotated[int, Field(ge=1, le=5)] = 1


class Transfer(Strict):
    """Where the contact goes, with a private note for the colleague."""

    to: ToAgent | ToQueue | ToSkill
    note: NoteOrNone = None


class Dispose(Strict):
    """Reasons (the main one first), result and a private note."""

    reasons: Annotated[list[Slug], Field(min_length=1, max_length=10)]
    outcome: Literal["resolved", "promise", "passed", "unresolved"]
    note: NoteOrNone = None


class Move(Strict):
    """The queue that the contact goes to."""

    queue: Slug


class Prioritise(Strict):
    """Minutes of head start."""

    priority: Annotated[float, Field(ge=-10_000, le=10_000)]


class Presence(Strict):
    """What one is doing; `reason` is a break reason."""

    presence: Literal["available", "break", "training", "busy", "offline"]
    reason: Slug | None = None


class Hand(Strict):
    """Whether one asks for help, maybe about a contact."""

    raised: bool
    contact: UUID | None = None


class Nothing(Strict):
    """No parameters."""


@router.post("/contacts/{contact}/accept", operation_id="acceptOffer", status_code=204)
async def accept(services: ServicesDep, caller: CallerDep, contact: UUID, body: Accept) -> None:
    """Take an offered contact; offer.taken or offer.gone when it is too late."""
    await actions.accept(services.chat, caller, str(contact), body.offer)


@router.post("/contacts/{contact}/decline", operation_id="declineOffer", status_code=204)
async def decline(services: ServicesDep, caller: CallerDep, contact: UUID, body: Decline) -> None:
    """Refuse an offered contact."""
    await actions.decline(services.chat, caller, str(contact), body.offer, body.reason)


@router.post("/contacts/{contact}/end", operation_id="endContact", status_code=204)
async def end(services: ServicesDep, caller: CallerDep, contact: UUID, body: Nothing | None = None) -> None:
    """End the conversation; supervisors may end any."""
    await actions.end(services.chat, caller, str(contact))


@router.post("/contacts/{contact}/transfer", operation_id="transferContact", status_code=204)
async def transfer(services: ServicesDep, caller: CallerDep, contact: UUID, body: Transfer) -> None:
    """Hand the conversation over; place, wait and context stay."""
    to: dict[str, Any] = body.to.model_dump(mode="json")
    await actions.transfer(services.chat, caller, str(contact), to, body.note)


@router.post("/contacts/{contact}/dispose", operation_id="disposeContact", status_code=204)
async def dispose(services: ServicesDep, caller: CallerDep, contact: UUID, body: Dispose) -> None:
    """Store subject and result and end the wrap-up; after its time it is stored as late."""
    await actions.dispose(services.chat, caller, str(contact), list(body.reasons), body.outcome, body.note)


@router.post("/contacts/{contact}/extend", operation_id="extendWrapUp", status_code=204)
async def extend(services: ServicesDep, caller: CallerDep, contact: UUID, body: Nothing | None = None) -> None:
    """Ask for more time for the wrap-up."""
    await actions.extend(services.chat, caller, str(contact))


@router.post("/contacts/{contact}/move", operation_id="moveContact", status_code=204)
async def move(services: ServicesDep, caller: CallerDep, contact: UUID, body: Move) -> None:
    """Put a waiting contact into another queue (supervisors)."""
    await actions.move(services.chat, caller, str(contact), body.queue)


@router.post("/contacts/{contact}/prioritise", operation_id="prioritiseContact", status_code=204)
async def prioritise(services: ServicesDep, caller: CallerDep, contact: UUID, body: Prioritise) -> None:
    """Change the priority of a waiting contact (supervisors)."""
    await actions.prioritise(services.chat, caller, str(contact), body.priority)


@router.put("/me/presence", operation_id="setPresence", status_code=204)
async def set_presence(services: ServicesDep, caller: CallerDep, body: Presence) -> None:
    """Declare what one is doing."""
    await actions.set_presence(services.chat, caller, body.presence, body.reason)


@router.put("/me/hand", operation_id="setHand", status_code=204)
async def set_hand(services: ServicesDep, caller: CallerDep, body: Hand) -> None:
    """Ask a supervisor for help, or take it back."""
    await actions.set_hand(services.chat, caller, body.raised, str(body.contact) if body.contact else None)
