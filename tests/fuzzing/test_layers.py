"""Ten thousand damaged packets of all protocols against the layers without I/O; `./teplo bench fuzz` has a million."""

from collections.abc import Iterator

import pytest
import structlog

from .layers import Layers
from .packets import SHARES


@pytest.fixture
def layers() -> Iterator[Layers]:
    before = structlog.get_config()
    yield Layers(seed=4475)
    structlog.configure(**before)


def test_the_layers_live_and_understand_what_is_good_in_between(layers: Layers) -> None:
    for _ in range(5):
        layers.throw(2_000)
        layers.probe()
    layers.settle()
    assert set(SHARES) <= set(layers.thrown) and layers.thrown["descriptions refused"] > 100
    assert {200, 400, 405, 481} <= set(layers.answers)
    layers.probe()
