"""Quickly made events are the very same events."""

from dataclasses import FrozenInstanceError

import pytest

from teplo.domain.events import BY_KIND, OfferMissed, WrapUpEnded
from teplo.domain.ids import AgentId, ContactId
from teplo.domain.quick import quick

CONTACT, AGENT = ContactId("c"), AgentId("a")


def test_a_quick_event_is_equal_to_the_usual_one_and_of_its_class() -> None:
    made = quick(WrapUpEnded)(1.0, CONTACT, AGENT, "time", 60.0)
    assert made == WrapUpEnded(1.0, CONTACT, AGENT, "time", 60.0)
    assert type(made) is WrapUpEnded
    assert hash(made) == hash(WrapUpEnded(1.0, CONTACT, AGENT, "time", 60.0))
    assert made.body() == {"why": "time", "wrap_up": 60.0}


def test_a_quick_event_is_immutable() -> None:
    made = quick(WrapUpEnded)(1.0, CONTACT, AGENT, "time", 60.0)
    with pytest.raises(FrozenInstanceError):
        made.at = 2.0  # type: ignore[misc]


def test_the_dictionary_of_events_knows_the_usual_classes_only() -> None:
    quick(OfferMissed)
    assert BY_KIND["offer.missed"] is OfferMissed
