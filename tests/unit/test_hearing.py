"""Who hears whom in a call, by how it stands."""

from dataclasses import dataclass
from typing import Any, cast

from teplo.channels.voice.media.leg import Leg
from teplo.services.calls.guests import Guest
from teplo.services.calls.hearing import settle

CALLER, AGENT, COLLEAGUE, NUMBER, BOSS = (Leg(name) for name in ("caller", "agent", "colleague", "number", "boss"))


@dataclass
class Desk:
    """A desk whose audio is there."""

    leg: Leg
    media: str = "ok"


def guest(leg: Leg, kind: Any = "colleague", **more: Any) -> Guest:
    return Guest(leg.id, kind, desk=cast(Any, Desk(leg)), **more)


def heard(agent: Leg | None, *guests: Guest, held: bool = False) -> tuple[dict[str, str], str]:
    """Names of whom each one hears, and of those who get music."""
    found = settle(CALLER, agent, guests, held=held)
    names = {leg.id: " ".join(sorted(other.id for other in others)) for leg, others in found.hear.items()}
    return names, " ".join(sorted(leg.id for leg in found.waiting))


def test_two_talk() -> None:
    assert heard(AGENT) == ({"caller": "agent", "agent": "caller"}, "")


def test_who_waits_gets_music() -> None:
    assert heard(None) == ({"caller": ""}, "caller")
    assert heard(AGENT, held=True) == ({"caller": "", "agent": ""}, "caller")


def test_a_consultation_is_private() -> None:
    names, music = heard(AGENT, guest(COLLEAGUE), held=True)
    assert names == {"caller": "", "agent": "colleague", "colleague": "agent"}
    assert music == "caller"


def test_the_agent_may_go_back_and_the_colleague_waits() -> None:
    names, music = heard(AGENT, guest(COLLEAGUE))
    assert names == {"caller": "agent", "agent": "caller", "colleague": ""}
    assert music == "colleague"


def test_together_all_hear_all_and_go_on_when_the_agent_steps_out() -> None:
    everybody = [guest(COLLEAGUE, private=False), guest(NUMBER, "number", private=False)]
    assert heard(AGENT, *everybody)[0] == {
        "caller": "agent colleague number",
        "agent": "caller colleague number",
        "colleague": "agent caller number",
        "number": "agent caller colleague",
    }
    names, music = heard(AGENT, *everybody, held=True)
    assert names["caller"] == "colleague number" and names["agent"] == "" and music == ""


def test_a_supervisor_hears_all_and_is_heard_as_far_as_meant() -> None:
    boss = guest(BOSS, "supervisor", private=False, mode="listen")
    assert heard(AGENT, boss)[0] == {"caller": "agent", "agent": "caller", "boss": "agent caller"}
    boss.mode = "whisper"
    assert heard(AGENT, boss)[0] == {"caller": "agent", "agent": "boss caller", "boss": "agent caller"}
    assert heard(AGENT, guest(COLLEAGUE), boss, held=True)[0] == {
        "caller": "",
        "agent": "boss colleague",
        "colleague": "agent",
        "boss": "agent caller colleague",
    }
    boss.mode = "barge"
    assert heard(AGENT, boss)[0] == {"caller": "agent boss", "agent": "boss caller", "boss": "agent caller"}


def test_a_supervisor_alone_does_not_stop_the_music() -> None:
    boss = guest(BOSS, "supervisor", private=False, mode="barge")
    assert heard(None, boss) == ({"caller": "", "boss": "caller"}, "caller")
