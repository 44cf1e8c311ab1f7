"""Timers: what has left the floor does not stay in memory until its last deadline."""

from teplo.domain.floor import Floor

QUEUE = {"id": "q", "channels": ["chat"], "steps": [{"after": 0, "require": {}}], "max_wait": 86400}


def test_contacts_that_came_and_went_leave_no_timers_behind() -> None:
    floor = Floor()
    floor.configure({}, [QUEUE], [], True, now=1.0)
    stays = [f"stays {number}" for number in range(50)]
    for contact in stays:
        floor.arrive(contact, "chat", "q", now=2.0)
    for number in range(20_000):
        floor.arrive(f"{number}", "chat", "q", now=3.0 + number)
        floor.end(f"{number}", "subscriber", now=3.5 + number)
    assert len(floor.index.timers) <= 1000
    assert floor.next_deadline() == 2.0 + 86400
    floor.tick(now=2.0 + 86400)
    assert not floor.contacts
