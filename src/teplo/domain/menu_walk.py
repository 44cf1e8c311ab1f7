"""Walking through a menu: `step(menu, state, input, now) -> (state, actions)`, pure and deterministic.

The driver keeps the state, does the actions in order, and sends: `Started`, then `Digit`, `Said` (with the turn of
the `Say` that finished), `Facts` when the subscriber is looked up, and `Timeout` once `state.deadline` has come. Every
state but the first and the last has a deadline. What comes late (a turn that is over, a deadline that moved) changes
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from . import menu as m
from .calendar import Hours
from .ids import Instant, Seconds

SAY_LIMIT: Seconds = 180.0
"""The longest that anything is said; after it the menu goes on as if it was finished."""

_TYPED = 16


@dataclass(frozen=True, slots=True)
class Started:
    """The call is answered."""


@dataclass(frozen=True, slots=True)
class Digit:
    """One key."""

    key: str


@dataclass(frozen=True, slots=True)
class Said:
    """The `Say` of this turn was played to its end."""

    turn: int


@dataclass(frozen=True, slots=True)
class Timeout:
    """The state's deadline has come."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the subscriber; all empty: nobody known. `language` is the one they prefer."""

    known: bool = False
    segment: str | None = None
    region: str | None = None
    language: str | None = None


Input = Started | Digit | Said | Timeout | Facts


@dataclass(frozen=True, slots=True)
class Prompt:
    """A piece of speech: a name in the prompt set and its language."""

    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A piece of speech: an instant, spoken as day and time in a zone."""

    at: Instant
    zone: str
    language: str


@dataclass(frozen=True, slots=True)
class Say:
    """Play this in place of whatever plays, then send `Said(turn)`. `interruptible`: the first key stops the sound."""

    turn: int
    parts: tuple[Prompt | Moment, ...]
    interruptible: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """Keys are awaited: at most `most`, `timeout` seconds for each once what is said is over. Nothing is to be done."""

    most: int
    timeout: Seconds


@dataclass(frozen=True, slots=True)
class ToQueue:
    """The end: into a queue. `noticed`: the recording notice was heard. `collected`: what the caller typed, by name."""

    queue: str
    priority: float
    language: str
    reason: str | None
    require: Mapping[str, Any]
    noticed: bool
    collected: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """The end: record a message of at most `seconds`."""

    queue: str
    seconds: Seconds
    language: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class OfferCallback:
    """The end: the caller will be called back from a queue."""

    queue: str
    priority: float
    language: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class HangUp:
    """The end: close the call."""

    why: str


Action = Say | Ask | ToQueue | TakeMessage | OfferCallback | HangUp
ENDS = (ToQueue, TakeMessage, OfferCallback, HangUp)


@dataclass(frozen=True, slots=True)
class Around:
    """What the menu looks at outside itself: hours of queues and calendars, regions (child -> parent), incidents."""

    queues: Mapping[str, Hours | None] = field(default_factory=dict)
    hours: Mapping[str, Hours] = field(default_factory=dict)
    regions: Mapping[str, str | None] = field(default_factory=dict)
    incidents: tuple[m.Announcement, ...] = ()

    def chain(self, region: str | None) -> tuple[str, ...]:
        """Return the region and those around it, the smallest first."""
        found: list[str] = []
        while region and region not in found:
            found.append(region)
            region = self.regions.get(region)
        return tuple(found)


NOTHING = Around()


@dataclass(frozen=True, slots=True)
class State:
    """Where a caller is. `phase`: new, saying, asking (a prompt may still play), facts (waits for them), over."""

    language: str
    phase: str = "new"
    node: str = ""
    deadline: Instant | None = None
    turn: int = 0
    visits: int = 0
    tries: int = 0
    playing: bool = False
    entered: str = ""
    typed: str = ""
    """Keys pressed ahead, for the questions to come."""
    facts: Facts | None = None
    priority: float = 0.0
    noticed: bool = False
    opens: tuple[Instant, str] | None = None
    collected: dict[str, str] = field(default_factory=dict)


Step = tuple[State, list[Action]]


def begin(menu: m.Menu) -> State:
    """Return the state before the call is answered."""
    return State(language=menu.language)


def step(menu: m.Menu, state: State, given: Input, now: Instant, around: Around = NOTHING) -> Step:
    """Return the state after an input, and what is to be done. `now`: POSIX seconds."""
    walk = _Walk(menu, state, now, around)
    walk.take(given)
    return walk.state, walk.actions


class _Walk:
    """One step: the state so far and the actions so far."""

    def __init__(self, menu: m.Menu, state: State, now: Instant, around: Around) -> None:
        self.menu, self.state, self.now, self.around = menu, state, now, around
        self.actions: list[Action] = []

    def take(self, given: Input) -> None:
        state = self.state
        if state.phase == "over":
            return
        if isinstance(given, Started):
            if state.phase == "new":
                self._go(self.menu.start)
        elif isinstance(given, Facts):
            self._know(given)
        elif state.phase == "new":
            return
        elif isinstance(given, Digit):
            self._digit(given.key)
        elif isinstance(given, Said):
            if given.turn == state.turn and state.playing:
                self._said()
        elif state.deadline is not None and self.now >= state.deadline:
            self._late()

    # --- inputs -----------------------------------------------------------------------------------------------

    def _know(self, facts: Facts) -> None:
        if self.state.facts is None:
            self._set(facts=facts)
            if self.state.phase == "facts":
                self._enter()

    def _digit(self, key: str) -> None:
        if key not in m.KEYS:
            return
        node, target = self._node(), self.menu.keys.get(key)
        if target is not None and not (isinstance(node, m.Collect) and key != "*") and not isinstance(node, m.End):
            self._set(typed="")
            self._go(target)
        elif self.state.phase == "asking":
            self._key(key)
        else:
            self._set(typed=(self.state.typed + key)[:_TYPED])
            if self.state.phase == "saying" and isinstance(node, m.Say) and _may_interrupt(node):
                self._said()

    def _said(self) -> None:
        self._set(playing=False)
        node = self._node()
        if isinstance(node, m.Question):
            self._set(deadline=self.now + node.timeout)
        elif isinstance(node, m.End):
            self._finish(node)
        else:
            if isinstance(node, m.Notice):
                self._set(noticed=True)
            self._go(_next_of(node))

    def _late(self) -> None:
        if self.state.phase == "facts":
            self._know(Facts())
        elif self.state.playing:
            self._said()
        else:
            node = self._node()
            if isinstance(node, m.Question):
                self._silence(node)

    # --- keys at a question -----------------------------------------------------------------------------------

    def _key(self, key: str) -> None:
        node, entered = self._node(), self.state.entered + key
        if isinstance(node, m.Collect):
            self._collect(node, key)
        elif isinstance(node, (m.Digits, m.Language)):
            longer = any(keys != entered and keys.startswith(entered) for keys in node.options)
            if entered in node.options and not longer:
                self._choose(node, entered)
            elif longer:
                self._wait(entered, node.timeout)
            else:
                self._again(node, node.invalid)

    def _collect(self, node: m.Collect, key: str) -> None:
        entered = self.state.entered
        if key != "#":
            entered += key
            if len(entered) < node.most:
                self._wait(entered, node.timeout)
                return
        self._collected(node, entered)

    def _collected(self, node: m.Collect, entered: str) -> None:
        if len(entered) < node.least or not entered.isdigit():
            self._again(node, node.invalid)
        else:
            self._set(collected={**self.state.collected, node.name: entered})
            self._go(node.next)

    def _silence(self, node: m.Question) -> None:
        entered = self.state.entered
        if isinstance(node, m.Collect) and entered:
            self._collected(node, entered)
        elif isinstance(node, (m.Digits, m.Language)) and entered in node.options:
            self._choose(node, entered)
        else:
            self._again(node, node.invalid if entered else node.silent)

    def _choose(self, node: m.Digits | m.Language, keys: str) -> None:
        if isinstance(node, m.Language):
            self._set(language=node.options[keys])
            self._go(node.next)
        else:
            self._go(node.options[keys])

    def _wait(self, entered: str, timeout: Seconds) -> None:
        self._set(entered=entered, playing=False, deadline=self.now + timeout)

    def _again(self, node: m.Question, why: tuple[str, ...]) -> None:
        if self.state.tries >= node.retries:
            self._set(typed="")
            self._go(node.failed)
            return
        self._set(tries=self.state.tries + 1, typed="")
        self._ask(node, why + node.prompts)

    # --- nodes ------------------------------------------------------------------------------------------------

    def _go(self, target: str) -> None:
        visits = self.state.visits + 1
        if visits > self.menu.most_visits and not isinstance(self.menu.nodes.get(target), m.End):
            target = self.menu.give_up
        self._set(node=target, visits=visits, tries=0, entered="", playing=False)
        self._enter()

    def _enter(self) -> None:
        node = self._node()
        if node is None or (self.state.visits > self.menu.most_visits and not isinstance(node, m.End)):
            self._end(HangUp("menu"))
        elif self.state.facts is None and _needs_facts(node):
            self._set(phase="facts", deadline=self.now + self.menu.facts_seconds)
        elif isinstance(node, m.Say):
            self._say(node)
        elif isinstance(node, m.Announcements):
            self._announce(node)
        elif isinstance(node, m.End):
            if not self._speak("saying", node.prompts, False):
                self._finish(node)
        elif isinstance(node, m.Question):
            self._question(node)
        else:
            self._pass(node)

    def _say(self, node: m.Say) -> None:
        if self.state.typed and _may_interrupt(node):
            self._go(node.next)
        elif not self._speak("saying", node.prompts, _may_interrupt(node)):
            self._go(node.next)

    def _announce(self, node: m.Announcements) -> None:
        facts = self.state.facts or Facts()
        regions = self.around.chain(facts.region)
        held = [item for item in (*self.around.incidents, *node.items) if item.holds(self.now, regions)]
        prompts = tuple(name for item in held for name in item.prompts)
        if not self._speak("saying", prompts, False):
            self._go(node.next)

    def _question(self, node: m.Question) -> None:
        if isinstance(node, m.Language) and node.skip_known and self.state.facts is not None:
            language = self.state.facts.language
            if language in self.menu.languages and language in node.options.values():
                self._set(language=language)
                self._go(node.next)
                return
        typed = self.state.typed
        if typed:
            self._set(phase="asking", playing=False, deadline=self.now + node.timeout, typed=typed[1:])
            here, tries = (self.state.node, self.state.visits), self.state.tries
            self._key(typed[0])
            while self.state.typed and (self.state.node, self.state.visits) == here and self.state.tries == tries:
                key, rest = self.state.typed[0], self.state.typed[1:]
                self._set(typed=rest)
                self._key(key)
            return
        self._ask(node, node.prompts)

    def _ask(self, node: m.Question, prompts: tuple[str, ...]) -> None:
        self._set(entered="")
        if not self._speak("asking", prompts, True):
            self._set(phase="asking", playing=False, deadline=self.now + node.timeout)
        self.actions.append(Ask(_most(node), node.timeout))

    def _pass(self, node: m.Node) -> None:
        facts = self.state.facts or Facts()
        if isinstance(node, m.Branch):
            value = _fact(facts, node.field)
            self._go(node.cases.get(value, node.default) if value is not None else node.default)
        elif isinstance(node, m.Priority):
            self._set(priority=self.state.priority + node.by_segment.get(facts.segment or "", 0.0))
            self._go(node.next)
        elif isinstance(node, m.HoursOf):
            found = self.around.hours.get(node.hours) if node.hours else self.around.queues.get(node.queue or "")
            is_open, change = found.state(self.now) if found is not None else (True, None)
            if found is not None and not is_open:
                self._set(opens=None if change is None else (change, found.zone))
            self._go(node.open if is_open else node.closed)

    def _finish(self, node: m.End) -> None:
        state, language = self.state, self.state.language
        if isinstance(node, m.ToLine):
            priority = max(-m.MOST_PRIORITY, min(m.MOST_PRIORITY, state.priority + node.priority))
            self._end(
                ToQueue(node.queue, priority, language, node.reason, node.require, state.noticed, state.collected)
            )
        elif isinstance(node, m.Message):
            self._end(TakeMessage(node.queue, node.seconds, language, node.reason))
        elif isinstance(node, m.Callback):
            priority = max(-m.MOST_PRIORITY, min(m.MOST_PRIORITY, state.priority + node.priority))
            self._end(OfferCallback(node.queue, priority, language, node.reason))
        else:
            self._end(HangUp(node.why if isinstance(node, m.HangUp) else "menu"))

    # --- small things -----------------------------------------------------------------------------------------

    def _speak(self, phase: str, prompts: tuple[str, ...], interruptible: bool) -> bool:
        parts = self._parts(prompts)
        if parts:
            turn = self.state.turn + 1
            self._set(phase=phase, turn=turn, playing=True, deadline=self.now + SAY_LIMIT)
            self.actions.append(Say(turn, parts, interruptible))
        return bool(parts)

    def _parts(self, prompts: tuple[str, ...]) -> tuple[Prompt | Moment, ...]:
        parts: list[Prompt | Moment] = []
        for given in prompts:
            name, _, language = given.partition("@")
            if name != m.OPENS:
                parts.append(Prompt(name, language or self.state.language))
            elif self.state.opens is not None:
                parts.append(Moment(*self.state.opens, language or self.state.language))
        return tuple(parts)

    def _end(self, action: Action) -> None:
        self._set(phase="over", deadline=None, playing=False)
        self.actions.append(action)

    def _node(self) -> m.Node | None:
        return self.menu.nodes.get(self.state.node)

    def _set(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)


def _may_interrupt(node: m.Say) -> bool:
    return node.interruptible and not isinstance(node, m.Notice)


def _next_of(node: m.Node | None) -> str:
    return node.next if isinstance(node, (m.Say, m.Announcements)) else ""


def _needs_facts(node: m.Node) -> bool:
    return isinstance(node, (m.Branch, m.Priority, m.Announcements)) or (
        isinstance(node, m.Language) and node.skip_known
    )


def _most(node: m.Question) -> int:
    if isinstance(node, m.Collect):
        return node.most
    return max(map(len, node.options)) if isinstance(node, (m.Digits, m.Language)) else 1


def _fact(facts: Facts, name: str) -> str | None:
    if name == "known":
        return "yes" if facts.known else "no"
    return {"segment": facts.segment, "region": facts.region, "language": facts.language}[name]
