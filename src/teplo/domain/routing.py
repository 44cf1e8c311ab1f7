"""Two choices: the best agent for a contact, and the best contact for an agent. Both explain themselves.

The explanation (`Why`) holds facts of the moment of the decision as JSON: who was able and free, why this one,
who came next. Scores of agents are seconds of idle time; a preference adds the minutes that the queue says it is worth.
"""

from __future__ import annotations

from typing import Any

from .agent import Agent
from .contact import Contact
from .ids import Instant, Seconds
from .index import Entry, Index, Line
from .queue import Queue

Why = dict[str, Any]
"""JSON of an explanation: mode, step, able, free, facts, candidates, rank, waiting, next."""

SHOWN = 3
"""How many candidates an explanation names at most."""

COMPARED = 64
"""How many agents are compared by occupancy at most: the longest idle of the least loaded."""


def best_agent(index: Index, config: Queue, contact: Contact, now: Instant) -> tuple[Agent, Why] | None:
    """Return the agent to whom the waiting contact is to be offered now, and why; None if nobody able is free."""
    if contact.reserved_until is not None:
        return _preferred_agent(index, config, contact, now)
    line = contact.line
    assert line is not None
    mask = candidates = line.able & index.free.get(contact.channel, 0)
    if mask and contact.refused:
        candidates = _without_refusers(index, contact, mask, now)
    if not candidates:
        return None
    ranked = _ranked(index, config, contact, candidates, now)
    agent, bonus = ranked[0][2], ranked[0][1]
    facts = _facts(config, contact, line, agent)
    if len(ranked) == 1:
        facts.append({"code": "only_free"})
    if config.select == "least_occupied":
        facts.append({"code": "least_occupied", "occupied": round(agent.occupancy(now), 3), "load": agent.load})
    elif not agent.contacts:
        facts.append({"code": "longest_idle", "seconds": _seconds(now - agent.idle_since), "bonus": bonus})
    assert contact.entry is not None
    return agent, {
        "mode": "contact_found_agent",
        "step": contact.step,
        "able": line.able_number,
        "free": mask.bit_count(),
        "facts": facts,
        "candidates": [_candidate(row, contact, config, now, row is ranked[0]) for row in ranked[:SHOWN]],
        "rank": contact.entry[0],
        "waiting": len(index.waiting[contact.queue]),
        "next": None,
    }


def best_contact(index: Index, agent: Agent, queues: Any, now: Instant) -> tuple[Contact, Why] | None:
    """Return the contact to be offered to this agent now, and why: the first by rank over all queues served."""
    found = _first_two(index, agent, now)
    if found is None:
        return None
    (rank, _, contact), following = found
    config: Queue = queues[contact.queue].config
    line = contact.line or index.line_of(contact)
    waiting = index.waiting[contact.queue]
    facts = _facts(config, contact, line, agent)
    facts.append({"code": "first_in_line", "wait": _seconds(now - contact.since), "priority": contact.priority})
    if contact.reserved_until is not None:
        facts.insert(0, _preferred_fact(contact, now))
    return contact, {
        "mode": "agent_found_contact",
        "step": contact.step,
        "able": line.able_number,
        "free": 1,
        "facts": facts,
        "candidates": [],
        "rank": rank,
        "waiting": len(waiting),
        "next": None if following is None else following[2].id,
    }


def may_take(index: Index, agent: Agent, contact: Contact, now: Instant) -> bool:
    """Tell whether this waiting contact may be offered to this agent now. The plain rule, written once for checking."""
    if contact.channel not in agent.open or contact.refused.get(agent.id, 0.0) > now:
        return False
    if contact.reserved_until is not None:
        if contact.preferred != agent.id:
            return False
        if contact.directed:
            return True
    return bool(index.line_of(contact).able & agent.flag)


def _preferred_agent(index: Index, config: Queue, contact: Contact, now: Instant) -> tuple[Agent, Why] | None:
    for agent in index.named((contact.preferred,) if contact.preferred else ()):
        if may_take(index, agent, contact, now):
            line = index.line_of(contact)
            facts = [_preferred_fact(contact, now), *_facts(config, contact, line, agent)]
            row = _ranked(index, config, contact, agent.flag, now)[0]
            return agent, {
                "mode": "contact_found_agent",
                "step": contact.step,
                "able": line.able_number,
                "free": (line.able & index.free.get(contact.channel, 0)).bit_count(),
                "facts": facts,
                "candidates": [_candidate(row, contact, config, now, True)],
                "rank": contact.rank,
                "waiting": len(index.waiting[contact.queue]),
                "next": None,
            }
    return None


Ranked = tuple[float, float, Agent]
"""Score, bonus in seconds, agent."""


def _ranked(index: Index, config: Queue, contact: Contact, mask: int, now: Instant) -> list[Ranked]:
    """Return the first candidates, best first. Exact for the first; the others are the next in the order."""
    groups = _by_preference(index, config, contact, mask)
    if config.select == "least_occupied":
        return _by_occupancy(index, groups, mask, now)
    rows: list[Ranked] = []
    for bonus, group in groups:
        for agent in index.first(group, SHOWN):
            idle = 0.0 if agent.contacts else now - agent.idle_since
            rows.append((idle + bonus, bonus, agent))
    if len(rows) > 1:
        rows.sort(key=_best_first)
    return rows


def _by_occupancy(index: Index, groups: list[tuple[Seconds, int]], mask: int, now: Instant) -> list[Ranked]:
    """Least loaded at this moment; among them the least occupied in the shift, a preference counting as free time."""
    rows = []
    for agent in index.first(mask, COMPARED):
        bonus = next(bonus for bonus, group in groups if group & agent.flag)
        rows.append((1.0 - agent.occupancy(now, bonus), bonus, agent))
    rows.sort(key=_least_loaded_first)
    return rows


def _best_first(row: Ranked) -> tuple[float, float, int]:
    return -row[0], row[2].load, row[2].turn


def _least_loaded_first(row: Ranked) -> tuple[float, float, int]:
    return row[2].load, -row[0], row[2].turn


def _by_preference(index: Index, config: Queue, contact: Contact, mask: int) -> list[tuple[Seconds, int]]:
    """Split the candidates by the seconds of idle time that their language and region are worth."""
    prefer = config.prefer
    groups = [(0.0, mask)]
    if not prefer or not mask & (mask - 1):
        return groups
    for wish, minutes in prefer.items():
        if wish == "language":
            liked = index.speakers(contact.language)
        elif wish == "region" and contact.region is not None:
            liked = index.locals(contact.region)
        else:
            continue
        groups = [
            part
            for bonus, group in groups
            for part in ((bonus + 60.0 * minutes, group & liked), (bonus, group & ~liked))
            if part[1]
        ]
    return groups


def _first_two(index: Index, agent: Agent, now: Instant) -> tuple[Entry, Entry | None] | None:
    """Return the first and the second waiting contact that the agent may take."""
    number, best, second = agent.number, None, None
    for channel in agent.open:
        live = index.live[channel]
        for rank, line in zip(live.ranks, live.lines, strict=True):
            if second is not None and rank > second[0]:
                break
            if not line.accepts[number]:
                continue
            taken = 0
            for entry in line.entries:
                refused = entry[2].refused
                if refused and refused.get(agent.profile.id, 0.0) > now:
                    continue
                best, second = _keep_two(best, second, entry)
                taken += 1
                if taken == 2:
                    break
    mine = index.reserved.get(agent.profile.id)
    if mine:
        for entry in mine:
            if may_take(index, agent, entry[2], now):
                best, second = _keep_two(best, second, entry)
    return None if best is None else (best, second)


def _keep_two(best: Entry | None, second: Entry | None, entry: Entry) -> tuple[Entry, Entry | None]:
    if best is None:
        return entry, None
    if entry < best:
        return entry, best
    return best, entry if second is None or entry < second else second


def _without_refusers(index: Index, contact: Contact, mask: int, now: Instant) -> int:
    for agent in index.named(contact.refused):
        if contact.refused.get(agent.profile.id, 0.0) > now:
            mask &= ~agent.flag
    return mask


def _facts(config: Queue, contact: Contact, line: Line, agent: Agent) -> list[dict[str, Any]]:
    profile = agent.profile
    facts: list[dict[str, Any]] = []
    if contact.handed_by is not None:
        facts.append({"code": "handed_over", "agent": contact.handed_by})
    for skill in line.skills:
        level = profile.skills.get(skill)
        if level is not None:
            facts.append({"code": "skill", "skill": skill, "level": level})
    if contact.language in profile.languages:
        facts.append({"code": "language", "language": contact.language})
    if contact.region is not None and contact.region in profile.regions:
        facts.append({"code": "region", "region": contact.region})
    if contact.step:
        facts.append({"code": "requirement", "step": contact.step, "of": len(config.steps)})
    return facts


def _preferred_fact(contact: Contact, now: Instant) -> dict[str, Any]:
    return {
        "code": "preferred",
        "agent": contact.preferred,
        "transferred": contact.directed,
        "waited": _seconds(now - contact.waiting_since),
        "until": contact.reserved_until,
    }


def _candidate(row: Ranked, contact: Contact, config: Queue, now: Instant, chosen: bool) -> dict[str, Any]:
    score, _, agent = row
    profile, prefer = agent.profile, config.prefer
    local = contact.region is not None and profile.covers(contact.region)
    return {
        "agent": profile.id,
        "score": _seconds(score),
        "parts": {
            "idle": 0.0 if agent.contacts else _seconds(now - agent.idle_since),
            "language": prefer.get("language", 0.0) if profile.speaks(contact.language) else 0.0,
            "region": prefer.get("region", 0.0) if local else 0.0,
            "occupied": agent.load,
        },
        "chosen": chosen,
    }


def _seconds(value: float) -> float:
    """To the millisecond (`round` is several times slower)."""
    return int(1000.0 * value + 0.5) / 1000.0
