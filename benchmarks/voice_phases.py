"""What `bench voice` measures at a running centre, phase by phase. Seconds inside, milliseconds outside."""

import asyncio
from typing import Any

from .desk_load import ms, part
from .voice_centre import MENU, Centre

LATE_MS, LOSS_PCT = 10.0, 0.1
"""What a full worker may cost: p99 lateness of its ticks, packets lost."""
Figures = dict[str, Any]


def good(row: Figures) -> bool:
    """Whether a row keeps the limits and all its calls are heard; packets too late for their turn count as lost."""
    kept = row["late_p99_ms"] <= LATE_MS and row["loss_pct"] <= LOSS_PCT and row["too_late_pct"] <= LOSS_PCT
    return bool(kept and row.get("talking", row["calls"]) >= row["calls"])


async def joined(centre: Centre) -> tuple[list[Figures], list[float], list[str]]:
    """Return facts of calls, those of the desk among them; times to the next ring; what went wrong at desks."""
    calls, desks = await centre.callers.ask("facts"), await centre.agents.ask("facts")
    contacts = await centre.contacts()
    found = []
    for number, facts in calls.items():
        contact = contacts.get(number)
        desk = desks["contacts"].get(contact, {})
        found.append({**facts, "contact": contact, **{f"desk_{name}": at for name, at in desk.items()}})
    return found, desks["rang_again"], desks["errors"]


def _between(calls: list[Figures], first: str, last: str) -> list[float]:
    return [call[last] - call[first] for call in calls if first in call and last in call]


async def rings(centre: Centre, rate: float, seconds: float, agents: int) -> Figures:
    """Calls at a moderate rate to free agents: until the desk rings, and until both hear each other."""
    await centre.agents.ask("work", count=agents, takes=True)
    count = round(rate * seconds)
    await centre.worker.ask("begin")
    await centre.callers.ask("dial", count=count, rate=rate, talk=1.0)
    figures = await centre.worker.ask("end")
    whole = await centre.callers.ask("over", seconds=30)
    await centre.quiet()
    calls, _, errors = await joined(centre)
    rung = _between(calls, "invite", "desk_offered")
    both = [
        max(call["heard"], call["desk_heard"]) - call["desk_accepted"]
        for call in calls
        if {"heard", "desk_heard", "desk_accepted"} <= call.keys()
    ]
    ready = _between(calls, "desk_offered", "desk_ready")
    return {
        "calls": count,
        "failures": count - len(both) + (not whole) + len(errors),
        "errors": errors[:3],
        "desk_ring_p50_ms": ms(part(rung, 0.5)),
        "desk_ring_p99_ms": ms(part(rung, 0.99)),
        "leg_ready_p50_ms": ms(part(ready, 0.5)),
        "leg_ready_p99_ms": ms(part(ready, 0.99)),
        "audio_both_ways_p50_ms": ms(part(both, 0.5)),
        "audio_both_ways_p95_ms": ms(part(both, 0.95)),
        "worker": figures,
    }


async def rings_again(centre: Centre, agents: int, each: int) -> Figures:
    """Always callers waiting: how long after an agent has ended a call the next one rings at that desk."""
    await centre.agents.ask("work", count=0, takes=True, talk=0.5)
    await centre.callers.ask("dial", count=agents * each, rate=20.0, talk=1.5)
    await centre.callers.ask("answered", seconds=10)
    await centre.agents.ask("work", count=agents, takes=True, talk=0.5)
    whole = await centre.callers.ask("over", seconds=20.0 + 3.0 * each)
    await centre.quiet()
    _, again, errors = await joined(centre)
    wanted = agents * (each - 1)
    return {
        "rings": len(again),
        "failures": max(0, wanted - len(again)) + (not whole) + len(errors),
        "errors": errors[:3],
        "agent_free_to_ring_p50_ms": ms(part(again, 0.5)),
        "agent_free_to_ring_p99_ms": ms(part(again, 0.99)),
    }


async def invites(centre: Centre, agents: int, each: int) -> Figures:
    """Always callers waiting, agents by phone: from the BYE of one to the next INVITE at that phone."""
    await centre.agents.ask("work", count=0, takes=False)
    await centre.callers.ask("dial", count=agents * each, rate=6.0)
    await centre.callers.ask("answered", seconds=10)
    secrets = await centre.give_phones(agents)
    await centre.desk_phones.ask("come", secrets=secrets, talk=0.5)
    await centre.agents.ask("work", count=agents, takes=False)
    whole = await centre.callers.ask("over", seconds=60.0 + 2.0 * each)
    await centre.take_phones()
    await centre.desk_phones.ask("leave")
    await centre.quiet()
    facts = await centre.desk_phones.ask("facts")
    await joined(centre)
    again = facts["invited"]
    return {
        "invites": len(again),
        "failures": max(0, agents * each - facts["answered"]) + (not whole),
        "agent_free_to_invite_p50_ms": ms(part(again, 0.5)),
        "agent_free_to_invite_p99_ms": ms(part(again, 0.99)),
    }


async def setups(centre: Centre, rate: float, seconds: float, agents: int) -> Figures:
    """New calls at this rate through menu (a key) and queue; each stays 3 s; some agents' desks ring, none accepts."""
    await centre.agents.ask("work", count=agents, takes=False)
    count = round(rate * seconds)
    await centre.worker.ask("begin")
    await centre.callers.ask("dial", count=count, rate=rate, dialled=MENU, key="1", leave=3.0)
    worker = await centre.worker.ask("end")
    await centre.callers.ask("over", seconds=15)
    await centre.quiet()
    calls, _, errors = await joined(centre)
    answer = _between(calls, "invite", "answered")
    queued = sum(1 for call in calls if call["contact"] is not None)
    return {
        "rate": rate,
        "calls": count,
        "failures": count - min(len(answer), queued) + len(errors),
        "errors": errors[:3],
        "answer_p50_ms": ms(part(answer, 0.5)),
        "answer_p99_ms": ms(part(answer, 0.99)),
        "worker": worker,
    }


async def browsers(centre: Centre, rungs: list[int], seconds: float) -> list[Figures]:
    """More and more recorded talks between telephones and browsers, until a number twice breaks the limits."""
    await centre.agents.ask("work", count=max(rungs), takes=True)
    rows: list[Figures] = []
    before = 0
    for calls in rungs:
        await centre.callers.ask("dial", count=calls - before, rate=8.0)
        before = calls
        talking = await centre.agents.ask("talking", count=calls, seconds=20)
        for attempt in (1, 2):
            await asyncio.sleep(2.0)
            row = await _window(centre, seconds)
            row |= {"calls": calls, "talking": talking, "mb_per_call": (row["mb"] - centre.empty_mb) / calls}
            rows.append({**row, "attempt": attempt})
            if good(row):
                break
        else:
            break  # twice too much
    await centre.callers.ask("hang_up", rate=30.0)
    await centre.quiet()
    await joined(centre)
    return rows


async def waiting(centre: Centre, count: int, rate: float, seconds: float) -> Figures:
    """So many callers wait with music, nobody is free."""
    await centre.agents.ask("work", count=0, takes=False)
    await centre.callers.ask("dial", count=count, rate=rate)
    await centre.callers.ask("answered", seconds=15)
    await asyncio.sleep(3.0)
    row = await _window(centre, seconds)
    row |= {"calls": await centre.open_calls()}
    await centre.callers.ask("hang_up", rate=40.0)
    await centre.quiet()
    await joined(centre)
    return row


async def _window(centre: Centre, seconds: float) -> Figures:
    """Measure for so long: the worker, and what came at the far ends."""
    parts = (centre.worker, centre.callers, centre.agents)
    for one in parts:
        await one.ask("begin")
    await asyncio.sleep(seconds)
    worker = await centre.worker.ask("end")
    callers, desks = await centre.callers.ask("count"), await centre.agents.ask("count")
    expected, came = callers["expected"] + desks["expected"], callers["came"] + desks["came"]
    out = 100 * (1 - came / expected) if expected else 0.0
    row: Figures = {**worker, "lost_out_pct": out, "behind": callers["behind"] + desks["behind"]}
    row["loss_pct"] = max(out, worker["lost_in_pct"])
    return row
