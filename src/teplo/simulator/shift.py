"""Simulated agents: sign in, be available, answer offers, type, end, wrap up, take breaks, sometimes ask for help."""

import asyncio
import random
from collections.abc import Coroutine
from typing import Any

import structlog

from ..channels.voice.media.mixer import Mixer
from . import people
from .desk import DeskClient
from .dialogues import Dialogue, Phrases
from .headset import Headset
from .wire import ApiError, NotReached

log = structlog.get_logger()

_AWAY = 120.0
_TYPING_EVERY = 2.0


class Agent:
    """One agent for one shift. `pace` stretches everything that people do."""

    def __init__(
        self,
        url: str,
        login: str,
        password: str,
        phrases: Phrases,
        *,
        pace: float,
        seed: int,
        mixer: Mixer | None = None,
    ) -> None:
        """`mixer`: where the sound of calls is made; without one an agent has no ears, and declines calls."""
        self._desk = DeskClient(url, login, password, patience=_AWAY)
        self._phrases = phrases
        self._pace = pace
        self._dice = random.Random(f"{seed}:{login}")
        self._headset = Headset(self._desk, mixer, self._dice, pace) if mixer is not None else None
        self._busy: set[str] = set()
        self._away = False
        self._reasons: list[str] = []
        self._breaks: list[str] = []
        self._queues: list[str] = []
        self._tasks: asyncio.TaskGroup

    async def run(self) -> None:
        """Work until cancelled, then finish what is open and leave."""
        async with self._desk as desk:
            self._reasons = [item["id"] for item in await desk.config("reason") if item["body"].get("parent")]
            self._breaks = [item["id"] for item in await desk.config("break_reason")]
            self._queues = [item["id"] for item in await desk.config("queue") if not item["body"].get("hours")]
            await desk.presence("available")
            try:
                async with asyncio.TaskGroup() as self._tasks:
                    while True:
                        self._look()
                        await desk.next_change()
            finally:
                await self._leave()

    # --- what there is to do --------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Begin what the work list asks for and nobody has begun."""
        for item in self._desk.works():
            contact = item["id"]
            if item["state"] == "offered":
                self._begin(f"offer:{item['offer']}", self._answer(contact, item["offer"]))
            elif item["state"] == "talking":
                self._begin(f"talk:{contact}", self._work(contact))
            elif item["state"] == "wrap_up":
                self._begin(f"wrap_up:{contact}", self._wrap_up(contact))
        presence = self._desk.me.get("presence", "available")
        if presence != "available" and not self._away and self._desk.live.connected:
            self._begin("return", self._return())

    def _begin(self, key: str, work: Coroutine[Any, Any, None]) -> None:
        if key in self._busy:
            work.close()
            return
        self._busy.add(key)
        self._tasks.create_task(self._guarded(key, work))

    async def _guarded(self, key: str, work: Coroutine[Any, Any, None]) -> None:
        """Somebody else may have ended, moved or taken what we work on: that is no fault."""
        try:
            await work
        except (ApiError, NotReached, TimeoutError) as error:
            log.info("simulator.work_refused", work=key.partition(":")[0], error=str(error))
            await asyncio.sleep(1)
        finally:
            if not key.startswith("offer:"):
                self._busy.discard(key)
                self._desk.changed()

    async def _answer(self, contact: str, offer: str) -> None:
        mood = self._dice.random()
        await asyncio.sleep(min(1.0 + self._dice.lognormvariate(0.5, 0.6), 6.0) * self._pace)
        if contact not in self._desk.work or mood < 0.01:
            return  # one in a hundred is missed
        if mood < 0.03:
            await self._desk.decline(contact, "busy", offer)
        elif self._desk.work[contact]["channel"] == "voice" and not self._is_message(contact):
            await self._pick_up(contact, offer)
        else:
            await self._desk.accept(contact, offer)

    async def _pick_up(self, contact: str, offer: str) -> None:
        """Have audio first, then accept: the talk begins at once."""
        headset = self._headset
        if headset is None or not await headset.put_on(contact):
            await self._desk.decline(contact, "busy", offer)
            return
        try:
            await self._desk.accept(contact, offer)
        except (ApiError, NotReached):
            headset.take_off()
            raise

    async def _return(self) -> None:
        """Come back from where the system put us: a missed offer, or a server that was away."""
        await self._pause(self._dice.uniform(5, 20))
        await self._desk.presence("available")

    # --- talking --------------------------------------------------------------------------------------------------

    def _work(self, contact: str) -> Coroutine[Any, Any, None]:
        if self._is_message(contact):
            return self._hear_out(contact)
        return self._call(contact) if self._desk.work[contact]["channel"] == "voice" else self._talk(contact)

    def _is_message(self, contact: str) -> bool:
        left = self._desk.work.get(contact, {}).get("voicemail")
        return bool(left and left["absent"])

    async def _hear_out(self, contact: str) -> None:
        """Listen to a voicemail, to its end."""
        left = self._desk.work[contact]["voicemail"]
        await self._pause((left["seconds"] or 5.0) + self._dice.uniform(3, 10))
        if self._talking(contact):
            await self._desk.end(contact)
        await self._maybe_break()

    async def _talk(self, contact: str) -> None:
        desk, dice = self._desk, self._dice
        history = await desk.history(contact)
        dialogue, lines = self._matter(contact)
        said = {m.get("text") for m in history if m["author"] == "agent"}
        remaining = [line for line in lines if line not in said]
        if not any(m.get("agent") == desk.id for m in history):
            item = desk.work.get(contact, {})
            name = desk.session["person"]["display_name"]
            await self._say(contact, self._phrases.greeting(item.get("language", "ru"), name, item.get("name")))
        if dice.random() < 0.03:
            self._begin(f"hand:{contact}", self._ask_for_help(contact))
        hands_over = remaining and dialogue is not None and dice.random() < 0.04
        heard = 0
        while self._talking(contact):
            limit = (90.0 if remaining or dialogue is None else dice.uniform(12, 30)) * self._pace
            try:
                heard = await self._subscriber_spoke(contact, heard, limit)
            except TimeoutError:
                break
            if hands_over and len(remaining) == len(lines) - 1:
                await self._hand_over(contact)
            elif remaining and self._talking(contact):
                await self._say(contact, remaining.pop(0))
        if self._talking(contact):
            await desk.end(contact)
            await self._maybe_break()

    async def _call(self, contact: str) -> None:
        """Talk on the telephone. A page that is new here (the simulation was started again) takes the call back."""
        headset = self._headset
        if headset is None or not (headset.on or await headset.put_on(contact)):
            await self._desk.end(contact)
            return
        async with asyncio.TaskGroup() as group:
            talk = group.create_task(headset.talk())
            ended = group.create_task(self._desk.wait_for(lambda _: not self._talking(contact), 900 * self._pace))
            await asyncio.wait((talk, ended), return_when=asyncio.FIRST_COMPLETED)
            talk.cancel()
            ended.cancel()
        headset.take_off()
        if self._talking(contact):
            await self._desk.end(contact)
        await self._maybe_break()

    def _matter(self, contact: str) -> tuple[Dialogue | None, tuple[str, ...]]:
        """Recognise what it is about by the newest words that begin a dialogue."""
        messages = self._desk.messages.get(contact, {})
        texts = [messages[seq].get("text") or "" for seq in sorted(messages) if messages[seq]["author"] == "subscriber"]
        for text in reversed(texts):
            dialogue, lines = self._phrases.answers(text)
            if dialogue is not None:
                return dialogue, lines
        return None, self._phrases.unknown

    def _talking(self, contact: str) -> bool:
        return self._desk.work.get(contact, {}).get("state") == "talking"

    async def _subscriber_spoke(self, contact: str, heard: int, limit: float) -> int:
        """Wait for new words of the subscriber, read them, and return the seq of the last."""
        desk = self._desk

        def newest() -> int:
            messages = desk.messages.get(contact, {}).values()
            return max((m["seq"] for m in messages if m["author"] == "subscriber"), default=0)

        await desk.wait_for(lambda _: newest() > heard or not self._talking(contact), limit)
        while True:
            seen = newest()
            text = desk.messages.get(contact, {}).get(seen, {}).get("text") or ""
            await self._pause(people.reading_seconds(text, self._dice))
            if newest() == seen:
                break
        if self._talking(contact):
            await desk.read(contact, seen)
        return seen

    async def _say(self, contact: str, text: str) -> None:
        left = people.typing_seconds(text, self._dice, agent=True) * self._pace
        while left > 0 and self._talking(contact):
            await self._desk.typing(contact)
            await asyncio.sleep(min(left, _TYPING_EVERY))
            left -= _TYPING_EVERY
        if self._talking(contact):
            await self._desk.send(contact, text)

    async def _hand_over(self, contact: str) -> None:
        """Give the contact to colleagues who know more; who takes it reads on where we stopped."""
        others = [queue for queue in self._queues if queue != self._desk.work[contact]["queue"]]
        if others:
            await self._desk.transfer(
                contact, {"queue": self._dice.choice(others)}, "Нужна ваша помощь, всё в переписке."
            )
            await self._desk.wait_for(lambda desk: not self._talking(contact), 10)

    async def _ask_for_help(self, contact: str) -> None:
        await self._pause(self._dice.uniform(5, 20))
        await self._desk.hand(True, contact)
        await self._pause(self._dice.uniform(20, 60))
        await self._desk.hand(False)

    # --- afterwards -----------------------------------------------------------------------------------------------

    async def _wrap_up(self, contact: str) -> None:
        if contact not in self._desk.work:
            return  # its time was over before we came to it
        if contact not in self._desk.messages and self._desk.work[contact]["channel"] != "voice":
            await self._desk.history(contact)
        dialogue, _ = self._matter(contact)
        group = str(self._desk.work.get(contact, {}).get("reason") or "")
        await self._pause(self._dice.uniform(4, 22))
        if self._desk.work.get(contact, {}).get("state") != "wrap_up":
            return  # its time is over, or this is the echo of what was stored a moment ago
        reason = dialogue.reason if dialogue and dialogue.reason in self._reasons else self._any_reason(group)
        await self._desk.dispose(contact, [reason] if reason else [], dialogue.outcome if dialogue else "resolved")
        self._desk.messages.pop(contact, None)

    def _any_reason(self, group: str) -> str | None:
        fitting = [reason for reason in self._reasons if reason.startswith(f"{group}.")] or self._reasons
        return self._dice.choice(fitting) if fitting else None

    async def _maybe_break(self) -> None:
        if self._breaks and not self._away and self._dice.random() < 0.05:
            self._begin("break", self._break(self._dice.choice(self._breaks)))

    async def _break(self, reason: str) -> None:
        self._away = True
        try:
            await self._desk.presence("break", reason)
            await self._desk.wait_for(lambda desk: not desk.works("talking", "offered"), 900)
            await self._pause(self._dice.uniform(60, 240))
            await self._desk.presence("available")
        finally:
            self._away = False

    async def _leave(self) -> None:
        """End what is open and go offline, quickly; what cannot be done now the server's deadlines do."""
        self._desk.patience = 0.0
        if self._headset is not None:
            self._headset.take_off()
        try:
            async with asyncio.timeout(3):
                for item in self._desk.works("talking"):
                    await self._desk.end(item["id"])
                await self._desk.presence("offline")
        except (ApiError, NotReached, TimeoutError) as error:
            log.debug("simulator.left_in_a_hurry", error=str(error))

    async def _pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self._pace)
