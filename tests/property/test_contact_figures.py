"""A real floor under any commands: the figures, the contact records and the floor's own words agree to the unit."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.centre import QUEUES, START, Centre

from teplo.domain import events as ev
from teplo.domain.metrics import Fold
from teplo.domain.tally import micros
from teplo.services.projector import fold as project
from teplo.storage.contacts import ContactRow

steps = st.lists(
    st.tuples(st.integers(0, 13), st.integers(0, 60), st.floats(0, 30).map(lambda x: round(x, 6))),
    min_size=40,
    max_size=160,
)


@settings(max_examples=150, deadline=None)
@given(steps)
def test_figures_and_records_tell_what_the_floor_told(steps: list[tuple[int, int, float]]) -> None:
    centre = Centre()
    for step in steps:
        centre.step(*step)
    fold = Fold(START - 1, groups=("none", "queue", "agent"))
    for event in centre.log:
        fold.feed(event)
    total, work = fold.tally(), fold.tally().work
    rows: dict[str, ContactRow] = {}
    project(rows, list(enumerate(centre.log, 1)))

    def told(kind: type[ev.Event]) -> list[Any]:
        return [event for event in centre.log if isinstance(event, kind)]

    talks = told(ev.ContactReleased) + [e for e in told(ev.ContactEnded) if e.stage == "talking"]
    assert total.answered == len(told(ev.OfferAccepted))
    assert total.wait_answered == sum(micros(e.wait) for e in told(ev.OfferAccepted))
    assert work.handled == len(talks)
    assert work.talk + work.hold == sum(micros(e.talk) for e in talks)
    assert work.hold == sum(micros(e.hold) for e in talks)
    open_holds = sum(c.held_at is not None for c in centre.floor.contacts.values())
    assert len(told(ev.ContactHeld)) == len(told(ev.ContactResumed)) + open_holds
    open_holds_s = sum(micros(c.held) for c in centre.floor.contacts.values() if c.state == "talking")
    assert sum(micros(e.hold) for e in told(ev.ContactResumed)) == work.hold + open_holds_s
    assert work.wrap_up == sum(micros(e.wrap_up) for e in told(ev.WrapUpEnded))
    assert total.arrived == len(rows)
    lost = [e for e in told(ev.ContactEnded) if e.stage in ("waiting", "offered")]
    assert total.abandoned == sum(e.by == "subscriber" for e in lost)
    assert total.closed == sum(e.by != "subscriber" for e in lost)
    assert total.wait_lost == sum(micros(e.wait) for e in lost)

    waiting = [c for c in centre.floor.contacts.values() if c.state in ("waiting", "offered")]
    deferred = [c for c in centre.floor.contacts.values() if c.state == "deferred"]
    assert total.arrived + total.requeued == total.offered + len(waiting) + len(deferred)
    in_queues = [fold.tally("queue", name) for name in QUEUES]
    assert sum(t.offered - t.flow_out for t in in_queues) == total.offered
    for name, tally in zip(QUEUES, in_queues, strict=True):
        here = sum(c.queue == name for c in waiting)
        assert tally.arrived + tally.flow_in + tally.requeued == tally.offered + here

    answered = [row for row in rows.values() if row.answered_at is not None]
    assert sum(micros(row.talk) for row in rows.values()) == work.talk
    assert sum(micros(row.hold) for row in rows.values()) == work.hold
    assert sum(micros(row.wrap_up) for row in rows.values()) == work.wrap_up
    assert sum(row.transfers for row in rows.values()) == total.transfers
    assert sum(row.missed for row in rows.values()) == total.missed
    assert sum(row.ended_at is not None for row in answered) == total.gradable
    again = {e.contact for e in told(ev.ContactReleased)}
    once = [row for row in answered if row.id not in again]
    assert all(row.wait == e.wait for row in once for e in told(ev.OfferAccepted) if e.contact == row.id)
    for row in rows.values():
        contact = centre.floor.contacts.get(row.id)
        assert row.state == (contact.state if contact else "ended")
        assert (row.done_seq is None) == (contact is not None)
