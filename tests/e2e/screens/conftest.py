"""The camera, and queues that wait while one looks."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.others import Office

from .camera import Camera

CALM = {"offer_seconds": 300, "wrap_up_seconds": 300}
CALM_NUMBER = "698"


@pytest.fixture(scope="package")
def camera() -> Iterator[Camera]:
    made = Camera(Path(os.environ["TEPLO_SCREENS"]))
    yield made
    made.save()


@pytest.fixture(scope="package", autouse=True)
def calm(office: Office) -> None:
    """A chat queue with an entry point, and a number that leads to a queue of calls at once."""
    office.queue("calm", **CALM)
    office.queue("calm-hasty", offer_seconds=3)
    name = {"ru": "Звонки: спокойная", "en": "Calls: calm"}
    office.configure("queue", "calm-calls", {"name": name, "channels": ["voice"], "steps": [{"after": 0}], **CALM})
    node = {"kind": "queue", "prompts": [], "queue": "calm-calls"}
    menu = {"start": "in", "language": "ru", "languages": ["ru"], "keys": {}, "give_up": "in", "nodes": {"in": node}}
    office.configure("menu", "calm", {"name": name, "menu": menu})
    office.configure("line", "calm", {"name": name, "numbers": [CALM_NUMBER], "menu": "calm"})
