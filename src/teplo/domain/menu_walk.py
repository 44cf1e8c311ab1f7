"""Walking through a menu: `step(menu, state, input, now) -> (state, actions)`, pure and deterministic.

The driver keeps the state, does the actions in order, and sends: `Started`, then `Digit`, `Said` (with the turn of
the `Say` that finished), `Facts` when the subscriber is looked up, and `Timeout` once `state.deadline` has come. Every
state but the first and the last has a deadline. What comes late (a turn that is over, a deadline that moved) changes
nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from . import menu as m
from . import menu_nodes as n
from .ids import Instant, Seconds
from .menu_talk import (
    NOTHING,
    Action,
    Around,
    Ask,
    Digit,
    Facts,
    HangUp,
    Input,
    Moment,
    OfferCallback,
    Prompt,
    Said,
    Say,
    Started,
    State,
    TakeMessage,
    ToQueue,
)  # fmt: skip

SAY_LIMIT: Seconds = 180.0
"""The longest that anything is said; after it the menu goes on as if it was finished."""

_TYPED = 16


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
        if key not in n.KEYS:
            return
        node, target = self._node(), self.menu.keys.get(key)
        if target is not None and not (isinstance(node, n.Collect) and key != "*") and not isinstance(node, n.End):
            self._set(typed="")
            self._go(target)
        elif self.state.phase == "asking":
            self._key(key)
        else:
            self._set(typed=(self.state.typed + key)[:_TYPED])
            if self.state.phase == "saying" and isinstance(node, n.Say) and _may_interrupt(node):
                self._said()

    def _said(self) -> None:
        self._set(playing=False)
        node = self._node()
        if isinstance(node, n.Question):
            self._set(deadline=self.now + node.timeout)
        elif isinstance(node, n.End):
            self._finish(node)
        else:
            if isinstance(node, n.Notice):
                self._set(noticed=True)
            self._go(_next_of(node))

    def _late(self) -> None:
        if self.state.phase == "facts":
            self._know(Facts())
        elif self.state.playing:
            self._said()
        else:
            node = self._node()
            if isinstance(node, n.Question):
                self._silence(node)

    # --- keys at a question -----------------------------------------------------------------------------------

    def _key(self, key: str) -> None:
        node, entered = self._node(), self.state.entered + key
        if isinstance(node, n.Collect):
            self._collect(node, key)
        elif isinstance(node, (n.Digits, n.Language)):
            longer = any(keys != entered and keys.startswith(entered) for keys in node.options)
            if entered in node.options and not longer:
                self._choose(node, entered)
            elif longer:
                self._wait(entered, node.timeout)
            else:
                self._again(node, node.invalid)

    def _collect(self, node: n.Collect, key: str) -> None:
        entered = self.state.entered
        if key != "#":
            entered += key
            if len(entered) < node.most:
                self._wait(entered, node.timeout)
                return
        self._collected(node, entered)

    def _collected(self, node: n.Collect, entered: str) -> None:
        if len(entered) < node.least or not entered.isdigit():
            self._again(node, node.invalid)
        else:
            self._set(collected={**self.state.collected, node.name: entered})
            self._go(node.next)

    def _silence(self, node: n.Question) -> None:
        entered = self.state.entered
        if isinstance(node, n.Collect) and entered:
            self._collected(node, entered)
        elif isinstance(node, (n.Digits, n.Language)) and entered in node.options:
            self._choose(node, entered)
        else:
            self._again(node, node.invalid if entered else node.silent)

    def _choose(self, node: n.Digits | n.Language, keys: str) -> None:
        if isinstance(node, n.Language):
            self._set(language=node.options[keys])
            self._go(node.next)
        else:
            self._go(node.options[keys])

    def _wait(self, entered: str, timeout: Seconds) -> None:
        self._set(entered=entered, playing=False, deadline=self.now + timeout)

    def _again(self, node: n.Question, why: tuple[str, ...]) -> None:
        if self.state.tries >= node.retries:
            self._set(typed="")
            self._go(node.failed)
            return
        self._set(tries=self.state.tries + 1, typed="")
        self._ask(node, why + node.prompts)

    # --- nodes ------------------------------------------------------------------------------------------------

    def _go(self, target: str) -> None:
        visits = self.state.visits + 1
        if visits > self.menu.most_visits and not isinstance(self.menu.nodes.get(target), n.End):
            target = self.menu.give_up
        self._set(node=target, visits=visits, tries=0, entered="", playing=False)
        self._enter()

    def _enter(self) -> None:
        node = self._node()
        if node is None or (self.state.visits > self.menu.most_visits and not isinstance(node, n.End)):
            self._end(HangUp("menu"))
        elif self.state.facts is None and _needs_facts(node):
            self._set(phase="facts", deadline=self.now + self.menu.facts_seconds)
        elif isinstance(node, n.Say):
            self._say(node)
        elif isinstance(node, n.Announcements):
            self._announce(node)
        elif isinstance(node, n.End):
            if not self._speak("saying", node.prompts, False):
                self._finish(node)
        elif isinstance(node, n.Question):
            self._question(node)
        else:
            self._pass(node)

    def _say(self, node: n.Say) -> None:
        if self.state.typed and _may_interrupt(node):
            self._go(node.next)
        elif not self._speak("saying", node.prompts, _may_interrupt(node)):
            self._go(node.next)

    def _announce(self, node: n.Announcements) -> None:
        facts = self.state.facts or Facts()
        regions = self.around.chain(facts.region)
        held = [item for item in (*self.around.incidents, *node.items) if item.holds(self.now, regions)]
        prompts = tuple(name for item in held for name in item.prompts)
        if not self._speak("saying", prompts, False):
            self._go(node.next)

    def _question(self, node: n.Question) -> None:
        if isinstance(node, n.Language) and node.skip_known and self.state.facts is not None:
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

    def _ask(self, node: n.Question, prompts: tuple[str, ...]) -> None:
        self._set(entered="")
        if not self._speak("asking", prompts, True):
            self._set(phase="asking", playing=False, deadline=self.now + node.timeout)
        self.actions.append(Ask(_most(node), node.timeout))

    def _pass(self, node: n.Node) -> None:
        facts = self.state.facts or Facts()
        if isinstance(node, n.Branch):
            value = _fact(facts, node.field)
            self._go(node.cases.get(value, node.default) if value is not None else node.default)
        elif isinstance(node, n.Priority):
            self._set(priority=self.state.priority + node.by_segment.get(facts.segment or "", 0.0))
            self._go(node.next)
        elif isinstance(node, n.HoursOf):
            found = self.around.hours.get(node.hours) if node.hours else self.around.queues.get(node.queue or "")
            is_open, change = found.state(self.now) if found is not None else (True, None)
            if found is not None and not is_open:
                self._set(opens=None if change is None else (change, found.zone))
            self._go(node.open if is_open else node.closed)

    def _finish(self, node: n.End) -> None:
        state, language = self.state, self.state.language
        own = node.priority if isinstance(node, (n.ToLine, n.Message, n.Callback)) else 0.0
        priority = max(-m.MOST_PRIORITY, min(m.MOST_PRIORITY, state.priority + own))
        if isinstance(node, n.ToLine):
            self._end(
                ToQueue(node.queue, priority, language, node.reason, node.require, state.noticed, state.collected)
            )
        elif isinstance(node, n.Message):
            self._end(TakeMessage(node.queue, node.seconds, language, node.reason, priority))
        elif isinstance(node, n.Callback):
            self._end(OfferCallback(node.queue, priority, language, node.reason))
        else:
            self._end(HangUp(node.why if isinstance(node, n.HangUp) else "menu"))

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
            if name != n.OPENS:
                parts.append(Prompt(name, language or self.state.language))
            elif self.state.opens is not None:
                parts.append(Moment(*self.state.opens, language or self.state.language))
        return tuple(parts)

    def _end(self, action: Action) -> None:
        self._set(phase="over", deadline=None, playing=False)
        self.actions.append(action)

    def _node(self) -> n.Node | None:
        return self.menu.nodes.get(self.state.node)

    def _set(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)


def _may_interrupt(node: n.Say) -> bool:
    return node.interruptible and not isinstance(node, n.Notice)


def _next_of(node: n.Node | None) -> str:
    return node.next if isinstance(node, (n.Say, n.Announcements)) else ""


def _needs_facts(node: n.Node) -> bool:
    return isinstance(node, (n.Branch, n.Priority, n.Announcements)) or (
        isinstance(node, n.Language) and node.skip_known
    )


def _most(node: n.Question) -> int:
    if isinstance(node, n.Collect):
        return node.most
    return max(map(len, node.options)) if isinstance(node, (n.Digits, n.Language)) else 1


def _fact(facts: Facts, name: str) -> str | None:
    if name == "known":
        return "yes" if facts.known else "no"
    return {"segment": facts.segment, "region": facts.region, "language": facts.language}[name]
