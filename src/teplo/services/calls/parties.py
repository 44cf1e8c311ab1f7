"""Calling somebody in: an outside number over the trunks, or an agent's phone."""

from . import setup
from .house import House
from .outgoing import Outcome, OutgoingLine
from .phone_book import Known


async def call_number(house: House, line: OutgoingLine, number: str, *, shown: str, ring_s: float) -> Outcome:
    """Call a telephone number; it sees `shown` where the trunk has no number of its own. Raises Unavailable."""
    ways = await setup.ways(house.db, number)
    return await line.dial(ways, shown=shown, ring_s=ring_s)


async def call_phone(
    house: House, line: OutgoingLine, phone: Known, *, contact: str, shown: str, ring_s: float
) -> Outcome:
    """Call the phone of an agent about a contact; `shown`: the number that the subscriber dialled."""
    headers = [("x-teplo-contact", contact)]
    return await line.dial(house.phones.ways(phone), shown=shown, display="Teplo", headers=headers, ring_s=ring_s)
