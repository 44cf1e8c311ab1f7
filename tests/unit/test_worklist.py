"""What a line of the work list shows of a message."""

from teplo.storage.worklist import shortened


def test_a_message_that_was_shortened_says_so() -> None:
    assert shortened("Где перевод?") == "Где перевод?"
    assert shortened("а" * 120) == "а" * 120
    assert shortened("а" * 121) == "а" * 119 + "…"
    assert shortened("слово " * 40).endswith("слово…")
