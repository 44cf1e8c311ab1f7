"""Simulated subscribers: they arrive by chance, write, wait while they have patience, talk, grade, may return."""

import asyncio
import random
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import structlog

from . import people
from .dialogues import Dialogue, Phrases
from .people import Person
from .subscriber import SubscriberClient
from .wire import ApiError, NotReached, http_client

log = structlog.get_logger()

_AWAY = 120.0
"""Seconds for which a subscriber puts up with a server that is away."""


class Subscribers:
    """The stream of visits."""

    def __init__(
        self, url: str, phrases: Phrases, *, per_hour: float, outages: float, pace: float, seed: int, zone: str
    ) -> None:
        """`outages` an hour bring a wave of one matter. `pace` stretches what people do: 2 means twice as slow."""
        self._url = url
        self._phrases = phrases
        self._per_hour = per_hour
        self._outages = outages
        self._pace = pace
        self._seed = seed
        self._zone = ZoneInfo(zone)
        self._people = people.population(seed)
        self.present = 0
        self.arrived = 0

    async def run(self, head_start: int = 0) -> None:
        """Let subscribers arrive until cancelled; the first `head_start` come within some seconds."""
        dice = random.Random(f"{self._seed}:arrivals")
        async with http_client(self._url, connections=60) as http, asyncio.TaskGroup() as visits:
            if self._outages > 0:
                visits.create_task(self._waves(http, visits))
            while True:
                if self.arrived < head_start:
                    await asyncio.sleep(dice.expovariate(1.0))
                else:
                    hour = datetime.now(self._zone).hour  # noqa: TID251 - people live by the clock on the wall
                    rate = self._per_hour * people.hour_factor(hour) / 3600
                    await asyncio.sleep(dice.expovariate(rate))
                self._arrive(http, visits)

    async def _waves(self, http: httpx.AsyncClient, visits: asyncio.TaskGroup) -> None:
        """Now and then a place is without network and many write at once, fewer with every minute."""
        dice = random.Random(f"{self._seed}:outages")
        outage = next(dialogue for dialogue in self._phrases.dialogues if dialogue.reason == "NET.05")
        while True:
            await asyncio.sleep(dice.expovariate(self._outages / 3600))
            log.info("simulator.outage")
            for index in range(dice.randint(12, 24)):
                await asyncio.sleep(dice.expovariate(1.0) * (1 + index / 6))
                self._arrive(http, visits, outage)

    def _arrive(self, http: httpx.AsyncClient, visits: asyncio.TaskGroup, about: Dialogue | None = None) -> None:
        self.arrived += 1
        visits.create_task(self._visit(http, random.Random(f"{self._seed}:{self.arrived}"), about))

    async def _visit(self, http: httpx.AsyncClient, dice: random.Random, about: Dialogue | None) -> None:
        self.present += 1
        try:
            dialogue = about or people.matter(dice, self._phrases)
            person = people.foreigner(dice) if dialogue.language == "en" else dice.choice(self._people)
            await Visit(self._url, http, dice, self._pace, self._phrases).live(person, dialogue)
        except (ApiError, NotReached, TimeoutError) as error:
            log.info("simulator.visit_broken", error=str(error))
        finally:
            self.present -= 1


class Visit:
    """One subscriber with the widget open."""

    def __init__(self, url: str, http: httpx.AsyncClient, dice: random.Random, pace: float, phrases: Phrases) -> None:
        self._url = url
        self._http = http
        self._dice = dice
        self._pace = pace
        self._phrases = phrases

    async def live(self, person: Person, dialogue: Dialogue) -> None:
        """Come, write, be answered or give up, grade, maybe come back to the same thread."""
        client = SubscriberClient(self._url, language=dialogue.language, http=self._http, patience=_AWAY)
        async with client as me:
            try:
                entry = await me.look()
                chosen = people.option(dialogue, [item["reason"] for item in entry.get("options", [])])
                opening = self._dice.choice(dialogue.openings)
                await self._pause(people.typing_seconds(opening, self._dice, agent=False))
                await me.begin(opening, reason=chosen, name=person.name, number=person.number)
                if not await self._answered(me):
                    return
                await self._talk(me, list(dialogue.subscriber_turns), picture=dialogue.picture)
                await self._grade(me)
                if self._dice.random() < (0.4 if dialogue.again else 0.03):
                    await self._come_back(me, dialogue)
            except asyncio.CancelledError:
                await self._leave(me)
                raise

    async def _come_back(self, me: SubscriberClient, dialogue: Dialogue) -> None:
        await self._pause(self._dice.uniform(60, 300))
        await me.send(dialogue.again[0] if dialogue.again else "Спасибо ещё раз, всё работает!")
        await me.wait_phase("waiting", "talking", "deferred", timeout=30)
        if await self._answered(me):
            await self._talk(me, ["Спасибо!"], picture=False)
            await self._grade(me)

    async def _answered(self, me: SubscriberClient) -> bool:
        """Wait for an agent; False when the patience ended first or the centre is closed."""
        loop = asyncio.get_running_loop()
        gives_up = loop.time() + people.patience(self._dice) * self._pace
        asks = loop.time() + self._dice.uniform(30, 90) * self._pace
        while (now := loop.time()) < gives_up:
            try:
                phase = await me.wait_phase(
                    "talking", "ended", "deferred", timeout=max(0.01, min(asks, gives_up) - now)
                )
            except TimeoutError:
                if loop.time() >= asks and self._dice.random() < 0.3:
                    await me.send(self._dice.choice(self._phrases.still_there))
                if loop.time() >= asks:
                    asks = float("inf")
                continue
            if phase == "deferred":
                await self._pause(10)
            return phase == "talking"
        if self._dice.random() < 0.7:
            await me.end()  # the others just close the tab
        return False

    async def _talk(self, me: SubscriberClient, lines: list[str], *, picture: bool) -> None:
        """Answer each turn of the agent with the next line; then end, or let the agent end."""
        heard = len(me.texts("agent"))
        while lines and await self._agent_spoke(me, heard):
            heard = len(me.texts("agent"))
            for line in lines.pop(0).split("\n"):
                await me.typing()
                await self._pause(people.typing_seconds(line, self._dice, agent=False))
                if me.phase == "ended":
                    return
                if picture:
                    await me.send_file("чек.png", people.picture(self._dice), "image/png")
                    picture = False
                await me.send(line)
        try:
            await me.wait_phase("ended", timeout=self._pace * self._dice.choice((12.0, 25.0, 150.0, 150.0)))
        except TimeoutError:
            await me.end()

    async def _agent_spoke(self, me: SubscriberClient, heard: int) -> bool:
        """Wait until the agent said something new and paused; False when the talk is over or nobody answers."""
        try:
            await me.wait_for(lambda me: len(me.texts("agent")) > heard or me.phase == "ended", 240 * self._pace)
        except TimeoutError:
            await me.end()
            return False
        while me.phase != "ended":  # it may wait again: a transfer
            texts, typing = len(me.texts("agent")), me.agent_typing
            await me.read()
            await self._pause(people.reading_seconds(me.texts("agent")[-1], self._dice) + 2.5)
            if (len(me.texts("agent")), me.agent_typing) == (texts, typing):
                return True
        return False

    async def _grade(self, me: SubscriberClient) -> None:
        if not me.state.get("can_grade") or self._dice.random() > people.ANSWER_SURVEY:
            return
        await self._pause(self._dice.uniform(2, 8))
        grade = people.grade(self._dice)
        words = self._dice.choice(self._phrases.words[grade]) if self._dice.random() < 0.4 else None
        await me.grade(grade, words)

    async def _leave(self, me: SubscriberClient) -> None:
        """The simulation stops: end the contact rather than leave it behind, if that is quickly done."""
        me.patience = 0.0
        if me.phase in ("waiting", "talking"):
            try:
                async with asyncio.timeout(3):
                    await me.end()
            except (ApiError, NotReached, TimeoutError):
                log.debug("simulator.left_behind")

    async def _pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self._pace)
