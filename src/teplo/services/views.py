"""What a desk and the supervisor's page show of the floor: pure functions from the folded floor to JSON rows."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, cast

from ..domain import estimate
from ..domain.agent import Agent
from ..domain.contact import Contact
from ..domain.floor import Floor
from ..domain.queue import Queue
from ..storage.worklist import Summary
from .records import masked
from .rows import (
    NO_COUNTS,
    NO_DAY,
    CallbackState,
    DayCounts,
    FloorAgent,
    FloorFigures,
    FloorQueue,
    FloorState,
    FloorWaiting,
    LastMessage,
    MeRow,
    Row,
    VoicemailState,
    Why,
    WorkItem,
)

_NOBODY: Mapping[str, FloorAgent] = MappingProxyType({})


def me(floor: Floor, agent_id: str, today: DayCounts) -> MeRow:
    """The agent's own state; an unknown agent is offline."""
    agent = floor.agents.get(agent_id)
    if agent is None:
        return {
            "id": agent_id,
            "presence": "offline",
            "reason": None,
            "since": 0.0,
            "pending": False,
            "activity": "idle",
            "hand": None,
            "connected": False,
            "slots": {},
            "helping": None,
            "today": today,
        }
    return {
        "id": agent.id,
        "presence": agent.presence,
        "reason": agent.reason,
        "since": activity_since(floor, agent),
        "pending": agent.pending,
        "activity": agent.activity,
        "hand": agent.hand,
        "connected": agent.connected,
        "slots": {
            channel: {"used": agent.used.get(channel, 0), "max": most}
            for channel, most in agent.profile.capacity.items()
        },
        "helping": None
        if agent.helping is None
        else {"contact": agent.helping, "agent": floor.contacts[agent.helping].agent},
        "today": today,
    }


def activity_since(floor: Floor, agent: Agent) -> float:
    """When the agent's present state, as a person would name it, began."""
    current = [floor.contacts[c].state_since for c, state in agent.contacts.items() if state == agent.activity]
    if current:
        return min(current)
    return max(agent.since, agent.idle_since)


def work(floor: Floor, agent_id: str, whys: Mapping[str, Row], summaries: Mapping[str, Summary]) -> dict[str, WorkItem]:
    """The contacts in the agent's hands; `whys` explains offers by contact."""
    agent = floor.agents.get(agent_id)
    if agent is None:
        return {}
    return {c: _work_item(floor, floor.contacts[c], whys.get(c), summaries.get(c)) for c in agent.contacts}


def _work_item(floor: Floor, contact: Contact, why: Row | None, summary: Summary | None) -> WorkItem:
    queue = floor.queues[contact.queue].config
    item: WorkItem = {
        "id": contact.id,
        "state": contact.state,
        "channel": contact.channel,
        "queue": contact.queue,
        "reason": contact.reason,
        "language": contact.language,
        "region": contact.region,
        "since": contact.state_since,
        "waiting_since": contact.since,
        "wait": (contact.answered_at or contact.state_since) - contact.since,
        "offer": contact.offer if contact.state == "offered" else None,
        "deadline": contact.deadline,
        "why": cast(Why | None, why),
        "extensions_left": max(0, queue.wrap_up_extensions - contact.extensions),
        "subscriber": contact.subscriber,
        "thread": contact.thread,
        "name": None,
        "number": None,
        "callback": _callback(contact, queue),
        "voicemail": _voicemail(contact, queue),
        "outgoing": contact.outgoing,
        "end_reason": contact.end_reason,
        "last_seq": 0,
        "unread": 0,
        "last_message": None,
        "awaiting_reply_since": None,
    }
    if summary is not None:
        item["name"] = summary.name
        item["number"] = masked(summary.number) if contact.state == "offered" else summary.number
        item["last_seq"] = summary.last_seq
        item["unread"] = summary.unread
        item["last_message"] = cast(LastMessage | None, summary.last)
        item["awaiting_reply_since"] = summary.awaiting_since if contact.state == "talking" else None
    return item


def _callback(contact: Contact, queue: Queue) -> CallbackState | None:
    if contact.on_line or (contact.absent and contact.state != "dialling"):
        return None
    return {
        "attempt": contact.dials,
        "attempts": max(queue.callback.attempts, contact.dials),
        "until": contact.deadline if contact.state == "dialling" else None,
    }


def _voicemail(contact: Contact, queue: Queue) -> VoicemailState | None:
    if contact.voicemail is None:
        return None
    return {
        "seconds": contact.voicemail or None,
        "left_at": contact.arrived_at,
        "absent": contact.absent,
        "attempts_left": max(0, queue.callback.attempts - contact.failed_dials),
    }


def floor_view(
    floor: Floor,
    now: float,
    figures: FloorFigures,
    *,
    known: Mapping[str, FloorAgent] = _NOBODY,
    moved: Collection[str] = (),
) -> FloorState:
    """The whole floor for the supervisor: agents, queues, waiting contacts, totals.

    `known` are agents' rows of a moment ago: they are right but for those who `moved` since.
    """
    waiting: dict[str, list[Contact]] = {queue: [] for queue in floor.queues}
    deferred = dict.fromkeys(floor.queues, 0)
    for contact in floor.contacts.values():
        if contact.state == "dialling" and (contact.outgoing or contact.absent):
            continue  # nobody waits
        if contact.state in ("waiting", "offered", "dialling"):
            waiting[contact.queue].append(contact)
        elif contact.state == "deferred":
            deferred[contact.queue] += 1
    rows: dict[str, FloorWaiting] = {}
    queues: dict[str, FloorQueue] = {}
    for queue_id, state in floor.queues.items():
        line = sorted(waiting[queue_id], key=lambda c: (c.rank, c.number))
        for place, contact in enumerate(line[:200], 1):
            rows[contact.id] = {
                "id": contact.id,
                "queue": queue_id,
                "channel": contact.channel,
                "since": contact.since,
                "priority": contact.priority,
                "rank": contact.rank,
                "position": place,
                "state": contact.state,
                "step": contact.step,
                "reason": contact.reason,
                "region": contact.region,
                "agent": contact.preferred if contact.state == "waiting" else contact.agent,
                "reserved_until": contact.reserved_until,
                "callback": contact.callback_zone is not None,
                "voicemail": contact.voicemail is not None,
            }
        able = floor.index.line(state.config, 0, state.config.channels[0], None, None).able
        queues[queue_id] = {
            "id": queue_id,
            "waiting": len(line),
            "longest_since": min((c.since for c in line), default=None),
            "deferred": deferred[queue_id],
            "estimate": estimate.range(floor, queue_id, now),
            "open": state.open,
            "opens_at": state.opens_at,
            "agents_able": able.bit_count(),
            "agents_ready": (able & floor.index.ready).bit_count(),
            "target": {"seconds": state.config.target["seconds"], "share": state.config.target["share"]},
            **figures["queues"].get(queue_id, NO_DAY),
        }
    counts = figures["agents"]
    agents: dict[str, FloorAgent] = {
        id: known[id] if id in known and id not in moved else _floor_agent(floor, agent, counts.get(id, NO_COUNTS))
        for id, agent in floor.agents.items()
    }
    return {"agents": agents, "queues": queues, "waiting": rows, "totals": figures["totals"]}


def _floor_agent(floor: Floor, agent: Agent, counts: DayCounts) -> FloorAgent:
    return {
        "id": agent.id,
        "team": agent.profile.team,
        "presence": agent.presence,
        "reason": agent.reason,
        "activity": agent.activity,
        "pending": agent.pending,
        "since": activity_since(floor, agent),
        "connected": agent.connected,
        "hand": agent.hand,
        "hand_contact": agent.hand_contact,
        "helping": agent.helping,
        "contacts": [
            {
                "id": c,
                "channel": floor.contacts[c].channel,
                "state": state,
                "queue": floor.contacts[c].queue,
                "reason": floor.contacts[c].reason,
                "since": floor.contacts[c].state_since,
            }
            for c, state in agent.contacts.items()
        ],
        **counts,
    }


MAPS = frozenset({"work", "agents", "queues", "waiting"})
"""Parts of a live state that are maps of rows by id; the other parts are replaced key by key."""


_NEW = object()


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Row:
    """What must be sent so that a holder of `old` has `new` after `merge`: changed rows, None for rows that went."""
    found: Row = {}
    for part, value in new.items():
        before = old.get(part, {})
        changed = {key: row for key, row in value.items() if (was := before.get(key, _NEW)) is not row and was != row}
        if part in MAPS:
            changed |= {key: None for key in before if key not in value}
        if changed:
            found[part] = changed
    return found


def merge(state: Mapping[str, Any], change: Row) -> Row:
    """Apply `changes`: the rule that the browser follows too."""
    merged = dict(state)
    for part, rows in change.items():
        kept = {**merged.get(part, {}), **rows}
        merged[part] = {key: row for key, row in kept.items() if row is not None} if part in MAPS else kept
    return merged
