"""What the floor looks up while it decides: who is free, who waits, what is due. All derived from the state.

Sets of agents are bit sets (`Agent.flag` is one bit), so that "able and free" is one operation for any number of
agents. Waiting contacts with the same needs stand in one `Line`, in order of rank; `Lines` keeps those that have
contacts in order of their first, so the best contact for an agent is the first line that the agent is able for.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from .agent import NO_CHANNELS, Agent
from .capacity import Plan
from .contact import Contact
from .ids import Instant, Seconds
from .queue import FloorSettings, Queue, QueueState
from .requirement import LEVELS, Requirement, parse
from .timers import AGENT, CONTACT, QUEUE, Timers

RECHECK: Seconds = 30.0
"""How often the overflow of a waiting contact is considered again, and whether anybody is left after closing."""

_FEW = 24
"""Up to this many candidates it is cheaper to take them one by one than to walk along the order of agents."""

Entry = tuple[float, int, Contact]
"""A waiting contact in a sorted list: rank, number of arrival, the contact."""

Rival = tuple[list[Entry], float, QueueState]
"""Contacts of a queue that compete for the same agents, and which share of them these agents serve."""

_place = attrgetter("place")
_DIGITS = bytes.maketrans(b"01", b"\x00\x01")


@dataclass(frozen=True, slots=True)
class Rivals:
    """Who competes for the agents of a queue in a channel, worked out when `staffing` had this value."""

    staffing: int
    tolerance: int
    slots: int
    closest: list[Rival]
    rest_share: float


class Line:
    """Waiting contacts that need the same: `able` are the agents who may take them."""

    __slots__ = (
        "able", "able_number", "accepts", "channel", "entries", "first", "next", "rank", "skills", "slots", "slots_at",
        "step",
    )  # fmt: skip

    def __init__(self, channel: str, step: int, able: int, skills: tuple[str, ...], size: int) -> None:
        self.channel = channel
        self.step = step
        self.next: Line | None = None
        """The line of a later step, where all who stand here go to the same one; the last that was looked up."""
        self.able = able
        self.able_number = able.bit_count()
        self.accepts = f"{able:0{size}b}"[::-1].encode().translate(_DIGITS)
        """The same set as one byte for each agent: quicker to ask about one."""
        self.skills = skills
        self.entries: list[Entry] = []
        self.rank: float | None = None
        """Rank of the first contact, and its number of arrival, while the line is among the `Lines`."""
        self.first = 0
        self.slots = 0
        self.slots_at = -1


class Lines:
    """The lines of a channel that have contacts, in order of their first.

    The ranks stand in a list of their own: numbers are compared three times as fast as what holds them.
    """

    __slots__ = ("lines", "ranks")

    def __init__(self) -> None:
        self.ranks: list[float] = []
        self.lines: list[Line] = []

    def put(self, line: Line) -> None:
        """Put the line where its first contact belongs; nowhere if there is none."""
        ranks, lines = self.ranks, self.lines
        if line.rank is not None:
            at = bisect_left(ranks, line.rank)
            while lines[at] is not line:
                at += 1
            del ranks[at], lines[at]
            line.rank = None
        if line.entries:
            rank, number, _ = line.entries[0]
            at = bisect_left(ranks, rank)
            while at < len(ranks) and ranks[at] == rank and lines[at].first < number:
                at += 1
            ranks.insert(at, rank)
            lines.insert(at, line)
            line.rank, line.first = rank, number


class Index:
    """Built from the state of a floor; then told of every change."""

    def __init__(
        self,
        settings: FloorSettings,
        queues: Mapping[str, QueueState],
        agents: Mapping[str, Agent],
        contacts: Mapping[str, Contact],
        now: Instant,
    ) -> None:
        self._settings = settings
        self._queues = queues
        self._agents = agents
        self.roster: list[Agent] = []
        self.plans: dict[tuple[object, ...], Plan] = {}
        self.ready = 0
        self.staffing = 0
        self.free: dict[str, int] = {}
        self.order: list[tuple[float, int, Agent]] = []
        self.total_waiting = 0
        self.entering: Line | None = None
        """The line of the contact that is about to wait, where the decider has just looked it up."""
        self.rivals: dict[tuple[str, str], Rivals] = {}
        self.waiting: dict[str, list[Entry]] = {queue: [] for queue in queues}
        self.deferred: dict[str, dict[str, Contact]] = {queue: {} for queue in queues}
        self.reserved: dict[str, list[Entry]] = {}
        self.live: defaultdict[str, Lines] = defaultdict(Lines)
        self.freed: dict[str, Agent] = {}
        self.unsettled: dict[str, Agent] = {}
        self.seeking: dict[str, Contact] = {}
        self._lines: dict[tuple[object, ...], Line] = {}
        self.timers = Timers()
        self._everybody = 0
        self._channel: dict[str, int] = {}
        self._skill: dict[str, list[int]] = {}
        self._language: dict[str, int] = {}
        self._any_language = 0
        self._region: dict[str, int] = {}
        self._any_region = 0
        for agent in agents.values():
            self._enrol(agent)
        for state in queues.values():
            state.timer = None
            self.queue_changed(state, now)
        for contact in sorted(contacts.values(), key=attrgetter("number")):
            contact.timer, contact.checked_at = None, 0.0
            self.contact_changed(contact)
        self.settle()

    # --- agents -----------------------------------------------------------------------------------------------

    def _enrol(self, agent: Agent) -> None:
        profile = agent.profile
        agent.number = len(self.roster)
        agent.flag = flag = 1 << agent.number
        self.roster.append(agent)
        agent.open = agent.listed = NO_CHANNELS
        agent.place = agent.timer = None
        key = (profile.total, *sorted(profile.capacity.items()))
        plan = self.plans.get(key)
        if plan is None:
            plan = self.plans[key] = Plan(profile, self._settings)
        plan.mask |= flag
        agent.plan = plan
        if profile.active:
            self._everybody |= flag
        for channel, limit in profile.capacity.items():
            if limit:
                self._channel[channel] = self._channel.get(channel, 0) | flag
        for skill, level in profile.skills.items():
            levels = self._skill.setdefault(skill, [0] * (LEVELS + 2))
            for lower in range(level + 1):
                levels[lower] |= flag
        for language in profile.languages:
            self._language[language] = self._language.get(language, 0) | flag
        for region in profile.regions:
            self._region[region] = self._region.get(region, 0) | flag
        self._any_language |= 0 if profile.languages else flag
        self._any_region |= 0 if profile.regions else flag
        self.agent_readiness(agent)

    def agent_readiness(self, agent: Agent) -> None:
        """The agent came, went or declared something."""
        if agent.ready != bool(self.ready & agent.flag):
            self.ready ^= agent.flag
            self.staffing += 1
        self.agent_changed(agent)
        hand = None if agent.hand is None else agent.hand + self._settings.hand_seconds
        due = agent.away_at if hand is None else hand if agent.away_at is None else min(hand, agent.away_at)
        self.timers.schedule(agent, AGENT, agent.profile.id, due)

    def agent_changed(self, agent: Agent) -> None:
        """The agent's contacts, or readiness, changed. What is lost counts at once, what is gained by `settle`."""
        plan = agent.plan
        assert plan is not None
        load, now_open = plan.standing(agent.used)
        if not agent.ready:
            now_open = NO_CHANNELS
        before = agent.open
        if now_open is not before:
            agent.open = now_open
            if not now_open <= before:
                self.freed[agent.profile.id] = agent
        listed, place = agent.listed, agent.place
        if listed is not now_open:
            if listed and not listed <= now_open:
                for channel in listed - now_open:
                    self.free[channel] ^= agent.flag
                agent.listed = listed & now_open
            self.unsettled[agent.profile.id] = agent
        if place is not None and (not now_open or place[0] != load or place[1] != agent.turn):
            del self.order[bisect_left(self.order, place)]
            agent.place = None
            self.unsettled[agent.profile.id] = agent
        agent.load = load

    def settle(self) -> None:
        """Put agents who are free for something where contacts look for them."""
        for agent in self.unsettled.values():
            now_open = agent.open
            if agent.listed is not now_open:
                for channel in now_open - agent.listed:
                    self.free[channel] = self.free.get(channel, 0) | agent.flag
                agent.listed = now_open
            if now_open and agent.place is None:
                agent.place = place = (agent.load, agent.turn, agent)
                insort(self.order, place)
        self.unsettled.clear()

    def first(self, mask: int, count: int) -> list[Agent]:
        """Return the first agents of this set: those without contacts, longest idle first, then the least loaded."""
        if mask.bit_count() <= _FEW:
            found = self.members(mask)
            if len(found) > 1:
                found.sort(key=_place)
            return found[:count]
        found = []
        for _, _, agent in self.order:
            if agent.flag & mask:
                found.append(agent)
                if len(found) == count:
                    break
        return found

    def members(self, mask: int) -> list[Agent]:
        """Return the agents of a bit set."""
        roster, found = self.roster, []
        while mask:
            low = mask & -mask
            found.append(roster[low.bit_length() - 1])
            mask ^= low
        return found

    def named(self, names: Iterable[str]) -> list[Agent]:
        """Return the agents with these ids that exist."""
        return [self._agents[name] for name in names if name in self._agents]

    def speakers(self, language: str) -> int:
        """Return the agents who serve this language."""
        return self._language.get(language, 0) | self._any_language

    def locals(self, region: str) -> int:
        """Return the agents who serve this region."""
        return self._region.get(region, 0) | self._any_region

    def slots(self, mask: int, channel: str) -> int:
        """Return how many contacts of a channel these agents may have at once."""
        return sum((mask & plan.mask).bit_count() * plan.slots(channel) for plan in self.plans.values())

    # --- waiting contacts -------------------------------------------------------------------------------------

    def contact_changed(self, contact: Contact) -> None:
        """The contact took its new state (it left its old one by `leave`)."""
        if contact.state == "waiting":
            self._enter(contact)
        elif contact.state == "deferred":
            self.deferred[contact.queue][contact.id] = contact
        self.reschedule(contact)

    def _enter(self, contact: Contact) -> None:
        contact.entry = entry = (contact.since - 60.0 * contact.priority, contact.number, contact)
        _insert(self.waiting[contact.queue], entry)
        self.total_waiting += 1
        self.seeking[contact.id] = contact
        if contact.reserved_until is not None and contact.preferred is not None:
            insort(self.reserved.setdefault(contact.preferred, []), entry)
            contact.line = self.entering = None
            return
        line = self.entering
        if line is None:
            line = self.line_of(contact)
        else:
            self.entering = None
        contact.line = line
        self._put_in(line, entry)

    def leave(self, contact: Contact) -> None:
        """The contact stops waiting or being deferred."""
        if contact.state == "deferred":
            del self.deferred[contact.queue][contact.id]
            return
        entry, line = contact.entry, contact.line
        if entry is None:
            return
        contact.entry = contact.line = None
        _remove(self.waiting[contact.queue], entry)
        self.total_waiting -= 1
        self.seeking.pop(contact.id, None)
        if line is None:
            assert contact.preferred is not None
            _remove(self.reserved[contact.preferred], entry)
            return
        self._take_out(line, entry)

    def step_changed(self, contact: Contact) -> None:
        """A waiting contact came to another step: it stays where it is in its queue and changes the line."""
        line, entry = contact.line, contact.entry
        if line is not None and entry is not None:
            following = line.next
            if following is None or following.step != contact.step:
                following = self._following(line, contact)
            self._take_out(line, entry)
            self._put_in(following, entry)
            contact.line = line = following
        if line is None or self.unsettled or line.able & self.free.get(contact.channel, 0):
            self.seeking[contact.id] = contact
        self.timers.schedule(contact, CONTACT, contact.id, self._waiting_due(contact))

    def _put_in(self, line: Line, entry: Entry) -> None:
        entries = line.entries
        if not entries or entry < entries[0]:
            entries.insert(0, entry)
            self.live[line.channel].put(line)
        elif entries[-1] < entry:
            entries.append(entry)
        else:
            insort(entries, entry)

    def _take_out(self, line: Line, entry: Entry) -> None:
        entries = line.entries
        if entries[0] is entry:
            del entries[0]
            self.live[line.channel].put(line)
        else:
            del entries[bisect_left(entries, entry)]

    def _following(self, line: Line, contact: Contact) -> Line:
        """Return the line of the contact's new step; the old one remembers it if it insists on the same or more."""
        following, steps = self.line_of(contact), self._queues[contact.queue].config.steps
        if set(steps[following.step].match) <= set(steps[line.step].match):
            line.next = following
        return following

    def line_of(self, contact: Contact) -> Line:
        """Return the line in which the contact stands or would stand."""
        config = self._queues[contact.queue].config
        return self.line(config, contact.step, contact.channel, contact.language, contact.region, contact.require)

    def line(
        self,
        config: Queue,
        step: int,
        channel: str,
        language: str | None,
        region: str | None,
        require: dict[str, object] | None = None,
    ) -> Line:
        """Return the line for these needs; `language` and `region` count only where the step insists on them."""
        key: tuple[object, ...]
        if require is not None:
            key = (config.id, channel, str(require))
        else:
            match = config.steps[step].match
            if "language" not in match:
                language = None
            if "region" not in match:
                region = None
            key = (config.id, step, channel, language, region)
        line = self._lines.get(key)
        if line is None:
            needed = config.steps[step].require if require is None else parse(require)
            if require is not None:
                language = region = None
            line = self._lines[key] = Line(
                channel, step, self.able(needed, channel, language, region), needed.wanted(), len(self.roster)
            )
        return line

    def able(self, needed: Requirement, channel: str, language: str | None = None, region: str | None = None) -> int:
        """Return the agents, present or not, who may take such a contact."""
        mask = needed.able(self._skill, self._everybody) & self._channel.get(channel, 0) & self._everybody
        if language is not None:
            mask &= self.speakers(language)
        if region is not None:
            mask &= self.locals(region)
        return mask

    # --- deadlines --------------------------------------------------------------------------------------------

    def reschedule(self, contact: Contact) -> None:
        """Set the contact's next deadline from its state."""
        due = contact.deadline
        if due is None:
            if contact.state == "waiting":
                due = self._waiting_due(contact)
            else:
                due = (contact.answered_at or 0.0) + self._settings.max_talk
        self.timers.schedule(contact, CONTACT, contact.id, due)

    def queue_changed(self, state: QueueState, now: Instant) -> None:
        """Business hours began, ended or were changed."""
        due: Instant | None = None
        if state.config.hours is None:
            due = None if state.open else now
        else:
            is_open, due = state.config.hours.state(now)
            if is_open != state.open:
                due = now
        self.timers.schedule(state, QUEUE, state.config.id, due)

    def _waiting_due(self, contact: Contact) -> Instant:
        state = self._queues[contact.queue]
        config = state.config
        patience = contact.patience(config.max_wait) if contact.absent else config.max_wait
        due = contact.waiting_since + patience
        if not state.open:
            due = min(due, max(contact.checked_at, contact.state_since) + RECHECK)
        starts, following = config.step_starts, contact.step + 1
        if following < len(starts) and contact.require is None:
            widens = contact.entered_at + starts[following]
            if widens < due:
                due = widens
        if contact.reserved_until is not None:
            due = min(due, contact.reserved_until)
        if contact.callback_zone is not None:
            since = max(contact.checked_at, contact.state_since)
            until = config.callback.callable_until(contact.callback_zone, since, config.offer_seconds)
            due = min(due, since if contact.call_after > since else due if until is None else until)
        if not config.overflow and not contact.refused:
            return due
        checked = contact.checked_at
        for rule in config.overflow:
            if rule.to not in contact.visited:
                again = max(checked, contact.entered_at) + RECHECK
                by_wait = again if rule.wait is None else contact.entered_at + rule.wait
                by_rest = again if rule.estimate is not None or rule.length is not None else by_wait
                due = min(due, by_wait if by_wait > checked else again, by_rest if by_rest > checked else again)
        for until in contact.refused.values():
            if until > checked:
                due = min(due, until)
        return due


def _insert(entries: list[Entry], entry: Entry) -> None:
    if not entries or entries[-1] < entry:
        entries.append(entry)
    else:
        insort(entries, entry)


def _remove(entries: list[Entry], entry: Entry) -> None:
    del entries[bisect_left(entries, entry)]


def ahead(entries: list[Entry], place: tuple[float, float]) -> int:
    """Return how many entries come before this place: a rank and a number of arrival."""
    if not entries or entries[-1] < place:
        return len(entries)
    return bisect_left(entries, place)
