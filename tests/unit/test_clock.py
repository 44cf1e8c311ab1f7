"""The clock of a process never jumps."""

from teplo.clock import SteadyClock


class Hands:
    """A wall clock and a monotonic clock that the test moves."""

    def __init__(self) -> None:
        self.wall = 1_790_000_000.0
        self.ticks = 100.0

    def pass_(self, seconds: float) -> None:
        self.wall += seconds
        self.ticks += seconds


def _made() -> tuple[Hands, SteadyClock]:
    hands = Hands()
    return hands, SteadyClock(lambda: hands.wall, lambda: hands.ticks)


def test_follows_the_wall_clock_while_that_behaves() -> None:
    hands, clock = _made()
    hands.pass_(12.5)
    assert clock() == hands.wall


def test_a_jump_forward_ends_no_offer() -> None:
    hands, clock = _made()
    before = clock()
    hands.wall += 3600
    hands.pass_(1.0)
    assert 1.0 <= clock() - before <= 1.1


def test_a_jump_back_freezes_no_timer() -> None:
    hands, clock = _made()
    before = clock()
    hands.wall -= 3600
    hands.pass_(10.0)
    assert 9.0 <= clock() - before <= 10.0


def test_is_led_back_to_the_wall_clock() -> None:
    hands, clock = _made()
    hands.wall += 5
    for _ in range(100):
        hands.pass_(1.0)
        clock()
    assert abs(clock() - hands.wall) < 0.001


def test_never_runs_backwards() -> None:
    hands, clock = _made()
    seen = []
    for jump in (0, -50, 70, -3, 0):
        hands.wall += jump
        hands.pass_(0.001)
        seen.append(clock())
    assert seen == sorted(seen)
