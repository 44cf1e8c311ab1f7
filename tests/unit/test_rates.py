"""Limits on addresses and threads: what is one too many, how long to wait, and that names cost no endless memory."""

import pytest

from teplo.domain.errors import TooMany
from teplo.services.rates import ChatRates, Rates, Windows


def test_the_window_slides() -> None:
    windows = Windows()
    assert [windows.hit("m", "a", (2, 10), now) for now in (100, 101)] == [0, 0]
    assert windows.hit("m", "a", (2, 10), 104) == pytest.approx(6)
    assert windows.hit("m", "b", (2, 10), 104) == 0  # somebody else
    assert windows.hit("m", "a", (2, 10), 111) > 0  # of the two before, nine tenths still count
    assert windows.hit("m", "a", (2, 10), 115) == 0  # and now half of them
    assert windows.hit("m", "a", (2, 10), 140) == 0


def test_a_flood_of_names_does_not_fill_the_memory() -> None:
    windows = Windows()
    for number in range(120_000):
        windows.hit("r", str(number), (5, 60), 1000.0)
    assert len(windows._counts) <= 50_000


def test_refusals_say_when_to_come_back_and_a_factor_widens_all_limits() -> None:
    narrow = Rates(ChatRates(thread_messages_per_10_seconds=1))
    narrow.message("t")
    with pytest.raises(TooMany) as refused:
        narrow.message("t")
    assert refused.value.code == "rate.messages"
    assert 1 <= refused.value.details["retry_after"] <= 10
    assert ChatRates().times(2).address_sockets_per_minute == 1200
    assert ChatRates(thread_files_per_hour=0).times(0.001) == ChatRates(1, 1, 3, 1, 1, 1, 0, *[1] * 5)


def test_asking_counts_nothing_and_clearing_forgets() -> None:
    windows, limit = Windows(), (2, 60.0)
    for _ in range(5):
        assert windows.wait("login", "anna", limit, 1000.0) == 0
    assert windows.hit("login", "anna", limit, 1000.0) == windows.hit("login", "anna", limit, 1000.0) == 0
    assert 0 < windows.wait("login", "anna", limit, 1000.0) <= 60
    windows.clear("login", "anna", limit)
    assert windows.wait("login", "anna", limit, 1000.0) == 0


def test_many_threads_of_one_address_do_not_fill_the_disk() -> None:
    rates = Rates(ChatRates(address_files_per_minute=3))
    for n in range(3):
        rates.file(f"thread{n}", "192.0.2.1")
    with pytest.raises(TooMany):
        rates.file("thread9", "192.0.2.1")
    rates.file("thread9", "192.0.2.2")
