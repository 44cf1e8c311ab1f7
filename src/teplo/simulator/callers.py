"""Simulated people with telephones: they call, choose in the menu, wait as long as they can, talk and grade."""

import asyncio
import random
from dataclasses import dataclass

import structlog

from . import people
from .hearing import Hearing
from .people import Person
from .phone import PhoneCall, Phones
from .voices import MATTERS, REPLIES, say

log = structlog.get_logger()

_FIRST = 4.0
"""Seconds until the first call: the voice worker may still be starting."""
_RING = 20.0
_PATIENCE = 130.0
"""Mean seconds of waiting on the telephone; in a chat people do something else meanwhile."""
_LONGEST_TURN = 15.0
_MOST_CALLS = 12
"""At once; more people find the line busy, that is, they do not call."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Where calls go: the voice worker's SIP address and the number to dial."""

    host: str
    port: int
    number: str = "611"


class Callers:
    """A stream of telephone calls. Who calls and about what follows from the seed, not from the machine's speed."""

    def __init__(self, phones: Phones, exchange: Exchange, *, per_hour: float, pace: float, seed: int) -> None:
        """`per_hour`: calls an hour, the same at all times."""
        self._phones = phones
        self._exchange = exchange
        self._per_hour = per_hour
        self._pace = pace
        self._seed = seed
        self._people = [person for person in people.population(seed) if person.number]
        self.made = 0
        self.present = 0

    async def run(self) -> None:
        """Call and call again, until cancelled: whoever still talks then hangs up."""
        dice = random.Random(f"{self._seed}:calls")
        async with asyncio.TaskGroup() as group:
            await asyncio.sleep(_FIRST)
            while True:
                if self.present < _MOST_CALLS:
                    self.made += 1
                    group.create_task(self._call(random.Random(f"{self._seed}:call:{self.made}")))
                # Half steady, half by chance: never two minutes without a call, yet never a beat.
                await asyncio.sleep((0.5 + 0.5 * dice.expovariate(1.0)) * 3600 / self._per_hour)

    async def _call(self, dice: random.Random) -> None:
        self.present += 1
        try:
            await Visit(self._phones, self._exchange, dice, self._pace).live(dice.choice(self._people))
        except OSError as error:
            log.info("simulator.call_broken", error=str(error))
        finally:
            self.present -= 1


class Visit:
    """One call of one person."""

    def __init__(self, phones: Phones, exchange: Exchange, dice: random.Random, pace: float) -> None:
        self._phones = phones
        self._exchange = exchange
        self._dice = dice
        self._pace = pace

    async def live(self, person: Person) -> None:
        """Call, be led through the menu, wait, talk; whatever comes first ends it: goodbye, patience, the far end."""
        there = self._exchange
        call = await self._phones.call((there.host, there.port), there.number, person.number or "anonymous")
        hearing = Hearing(call.leg)
        self._phones.mixer.add(hearing)
        try:
            async with asyncio.TaskGroup() as group:
                story = group.create_task(self._story(call, hearing))
                over = group.create_task(call.over.wait())
                await asyncio.wait((story, over), return_when=asyncio.FIRST_COMPLETED)
                story.cancel()
                over.cancel()
        finally:
            self._phones.mixer.remove(hearing)
            call.hang_up()

    async def _story(self, call: PhoneCall, hearing: Hearing) -> None:
        dice = self._dice
        matter = dice.choices(list(MATTERS), (5, 4, 4, 1))[0]
        try:
            async with asyncio.timeout(_RING):
                await call.answered.wait()
            await asyncio.sleep(dice.uniform(2.0, 5.0))
            for key in MATTERS[matter]:  # they have called before and do not hear everything out
                call.press(key)
                await asyncio.sleep(dice.uniform(4.0, 7.0))
        except (TimeoutError, ValueError):
            return  # nobody answers, or no keys here
        hearing.loud = 0
        if not await hearing.turn(people.patience(dice, _PATIENCE) * self._pace):
            return
        await say(call.leg, matter)
        for line in REPLIES:
            if not await hearing.turn(_LONGEST_TURN):
                await say(call.leg, "yes")
                await hearing.turn(_LONGEST_TURN)
            await asyncio.sleep(dice.uniform(0.3, 1.5))
            await say(call.leg, line)
        await hearing.turn(_LONGEST_TURN)
        if dice.random() < 0.6:
            await self._grade(call, hearing)

    async def _grade(self, call: PhoneCall, hearing: Hearing) -> None:
        """Stay for the question: keys count only then, so one is pressed after each sentence until the line closes."""
        key = str(people.grade(self._dice))
        for _ in range(3):
            await hearing.turn(20.0)
            await asyncio.sleep(self._dice.uniform(0.3, 1.0))
            call.press(key)
