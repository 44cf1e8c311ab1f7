"""No test of this folder may pass while the stack has caught an error of its own."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs


@pytest.fixture(autouse=True)
def no_errors_inside() -> Iterator[None]:
    """What the borders of the stack have caught and logged is a failure of the test."""
    with capture_logs() as logs:
        yield
    assert [entry for entry in logs if entry["log_level"] == "error"] == []
