"""An agent calls out: the contact is the agent's from the first ring, and nothing of it is demand on the queue."""

from __future__ import annotations

import pytest
from tests.unit.domain.centre import Centre, agent, of, queue

from teplo.domain import events as e
from teplo.domain.errors import Conflict, Refused
from teplo.domain.floor import Floor
from teplo.domain.metrics import Fold


def centre() -> Centre:
    made = Centre([queue(wrap_up_seconds=60, callback={"ring_seconds": 40})], [agent("a"), agent("b")], present=False)
    made.come("a")
    return made


def calls_out(made: Centre, contact: str = "o1", person: str = "a") -> e.OutgoingDialled:
    (dialled,) = of(e.OutgoingDialled, made.call_out(contact, person, "q"))
    return dialled


def test_the_agent_is_taken_from_the_first_ring_and_the_talk_is_a_call_like_any_other() -> None:
    made = centre()
    dialled = calls_out(made)
    assert made.call_out("o1", "a", "q") == [], "the same call again is no news"
    assert dialled.deadline == made.now + 75 and made.floor.agents["a"].activity == "dialling"
    made.arrive("c1", "voice", "q")
    assert made.state("c1") == "waiting", "one call at a time"
    made.after(7)
    (accepted,) = of(e.OfferAccepted, made.dialled("o1", 1, "reached"))
    assert (accepted.agent, accepted.wait) == ("a", 7)
    made.hold("o1", "a")
    made.end("o1", "agent", None, "a")
    assert made.state("o1") == "wrap_up"
    made.dispose("o1", "a", ["MNY.03"], "solved")
    assert made.state("o1") == "gone" and made.state("c1") == "offered"
    assert Floor.load(made.floor.dump()) == made.floor


@pytest.mark.parametrize("outcome", ["busy", "no_answer", "declined", "unreachable", "worker_lost", "agent_unreached"])
def test_who_is_not_reached_frees_the_agent_at_once(outcome: str) -> None:
    made = centre()
    calls_out(made)
    happened = made.dialled("o1", 1, outcome)
    assert [event.KIND for event in happened] == ["outgoing.failed", "contact.ended"]
    (ended,) = of(e.ContactEnded, happened)
    assert (ended.by, ended.reason, ended.stage, ended.agent) == ("system", outcome, "dialling", None)
    assert made.state("o1") == "gone" and made.floor.agents["a"].used == {}


def test_it_rings_no_longer_than_its_deadline_and_the_agent_may_give_up_or_go() -> None:
    made = centre()
    calls_out(made)
    (failed,) = of(e.OutgoingFailed, made.after(75))
    assert failed.outcome == "late"
    calls_out(made, "o2")
    (ended,) = of(e.ContactEnded, made.end("o2", "agent", None, "a"))
    assert (ended.by, ended.reason) == ("agent", "cancelled")
    calls_out(made, "o3")
    (failed,) = of(e.OutgoingFailed, made.set_presence("a", "offline", None, "supervisor"))
    assert failed.outcome == "agent_lost" and not made.floor.contacts


def test_who_may_call() -> None:
    made = centre()
    for presence, refusal in (("break", "dial.absent"), ("offline", "dial.absent"), ("busy", None)):
        made.set_presence("a", presence)
        if refusal is None:
            calls_out(made, f"by-{presence}")
        else:
            with pytest.raises(Conflict, match=refusal):
                made.call_out(f"by-{presence}", "a", "q")
    with pytest.raises(Conflict, match="dial.busy"):
        made.call_out("second", "a", "q")
    with pytest.raises(Refused, match="queue.unknown"):
        made.call_out("nowhere", "a", "elsewhere")
    made.end("by-busy", "agent", None, "a")
    made.set_presence("a", "available")
    made.arrive("c1", "voice", "q")
    with pytest.raises(Conflict, match="dial.busy"):
        made.call_out("beside an offer", "a", "q")
    made.answer("c1")
    made.end("c1", "subscriber")
    calls_out(made, "in wrap-up")
    assert made.floor.agents["a"].used == {"voice": 2}


def test_the_agent_who_is_lost_leaves_the_subscriber_to_the_queue() -> None:
    made = centre()
    calls_out(made)
    made.dialled("o1", 1, "reached")
    made.set_presence("a", "offline", None, "supervisor")
    assert made.state("o1") == "waiting"
    made.come("b")
    assert made.holder("o1") == "b"


def test_no_figure_of_the_queue_knows_of_it_but_the_agents_time_does() -> None:
    made = centre()
    calls_out(made)
    made.after(10)
    made.dialled("o1", 1, "reached")
    made.after(30)
    made.end("o1", "subscriber")
    made.after(20)
    made.dispose("o1", "a", ["MNY.03"], "solved")
    calls_out(made, "o2")
    made.after(5)
    made.dialled("o2", 1, "busy")
    fold = Fold(0, groups=("none",))
    for event in made.events:
        fold.feed(event)
    fold.settle(made.now)
    tally = fold.tally()
    assert (tally.offered, tally.answered, tally.arrived, tally.gradable, tally.work.handled) == (0, 0, 0, 0, 0)
    assert (tally.outgoing, tally.outgoing_reached) == (2, 1)
    assert tally.channels["outgoing"].total == 50_000_000 and tally.handling == 65_000_000
