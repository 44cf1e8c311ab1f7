"""Marks of a recording: seconds of the file, which stands still between two agents."""

from tests.stories import Story, ident

from teplo.domain import events as ev
from teplo.domain.ids import AgentId, ContactId
from teplo.services.recording_marks import Mark, marks

CONTACT, FIRST, SECOND = ContactId(ident("c")), AgentId(ident("x")), AgentId(ident("y"))


def test_positions_are_seconds_of_talk_whoever_talks() -> None:
    story = Story()
    story.arrive("c", "line", 0, channel="voice")
    story.accept("c", "x", "line", 30)
    story.tell(ev.ContactHeld(story.at(40), CONTACT, FIRST))
    story.tell(ev.ContactResumed(story.at(52), CONTACT, FIRST, "agent", 12.0))
    story.transfer("c", "x", "line", "other", 60, since=0)
    story.accept("c", "y", "other", 100)
    story.tell(ev.ContactHeld(story.at(105), CONTACT, SECOND))
    story.tell(ev.ContactResumed(story.at(110), CONTACT, SECOND, "ended", 5.0))
    story.end("c", "y", "other", 110)
    found = marks(list(enumerate(story.events)), [(2.0, 4.5), (39.0, 41.0)], 40.0)
    assert found == [
        Mark("answered", 0.0, agent=FIRST),
        Mark("pause", 2.0, 4.5),
        Mark("hold", 10.0, 22.0, FIRST),
        Mark("transfer", 30.0, agent=FIRST),
        Mark("answered", 30.0, agent=SECOND),
        Mark("hold", 35.0, 40.0, SECOND),
        Mark("pause", 39.0, 40.0),
        Mark("ended", 40.0, agent=SECOND),
    ]


def test_a_contact_that_nobody_answered_has_no_marks() -> None:
    story = Story()
    story.arrive("c", "line", 0, channel="voice")
    story.abandon("c", "line", 30)
    assert marks(list(enumerate(story.events)), [], 0.0) == []
