"""Who simulated subscribers are and how people behave: names, numbers, patience, speed, moods. All of it invented."""

import csv
import io
import random
from dataclasses import dataclass
from importlib import resources

from .dialogues import Dialogue, Phrases

_WOMEN = (
    "Анна", "Гульнара", "Екатерина", "Ирина", "Лилия", "Людмила", "Надежда", "Наталья", "Ольга", "Оксана", "Резеда",
    "Светлана", "Татьяна", "Фатима", "Эльвира", "Юлия",
)  # fmt: skip
_MEN = (
    "Азат", "Александр", "Алексей", "Андрей", "Виктор", "Денис", "Дмитрий", "Игорь", "Ильдар", "Марат", "Михаил",
    "Николай", "Олег", "Рустам", "Сергей", "Степан", "Тимур",
)  # fmt: skip
_ENGLISH = ("Alice", "Daniel", "Emma", "James", "Maria", "Thomas")

CHAT_BY_HOUR = (
    0.0221, 0.0141, 0.0088, 0.0060, 0.0053, 0.0067, 0.0111, 0.0188, 0.0293, 0.0409, 0.0513, 0.0585,
    0.0628, 0.0650, 0.0668, 0.0686, 0.0699, 0.0700, 0.0683, 0.0652, 0.0603, 0.0535, 0.0440, 0.0330,
)  # fmt: skip
"""Share of a day's chats by the hour of the centre: five time zones mixed, the peak at 17."""

CSAT = {5: 0.95, 4: 0.026, 3: 0.008, 2: 0.004, 1: 0.012}
"""Share of each grade among those who answer."""

ANSWER_SURVEY = 0.30
PATIENCE_SHAPE = 0.85
PATIENCE_MEAN = 260.0
"""Seconds, in a chat: people do something else meanwhile."""

OPTION_OF_GROUP = {
    "BAL": "MNY", "MNY": "MNY", "NET": "NET", "INT": "NET", "TAR": "TAR", "SVC": "TAR", "HUM": "HUM", "SEC": "HUM",
}  # fmt: skip
"""Group of the matter -> what the subscriber would press in the widget; others find no button and just write."""


@dataclass(frozen=True, slots=True)
class Person:
    """A subscriber who may come on several days from the same number."""

    name: str | None
    number: str | None


def number_ranges() -> list[tuple[str, float]]:
    """Return the demo centre's number ranges: prefix and the region's share of the traffic in percent."""
    table = resources.files("teplo").joinpath("seed", "number_ranges.csv").read_text(encoding="utf-8")
    return [(row["prefix"], float(row["weight"])) for row in csv.DictReader(table.splitlines())]


def population(seed: int, size: int = 600) -> list[Person]:
    """Make the subscribers of a simulation: some give neither name nor number."""
    dice = random.Random(f"{seed}:population")
    prefixes, weights = zip(*number_ranges(), strict=True)
    people = []
    for index in range(size):
        name = dice.choice(_WOMEN + _MEN)
        prefix = dice.choices(prefixes, weights)[0]
        number = f"{prefix}{dice.randint(0, 999):03d}{index:03d}"
        people.append(Person(name if dice.random() < 0.85 else None, number if dice.random() < 0.7 else None))
    return people


def foreigner(dice: random.Random) -> Person:
    """Make somebody who writes in English."""
    return Person(dice.choice(_ENGLISH), None)


def matter(dice: random.Random, phrases: Phrases) -> Dialogue:
    """Choose what somebody writes about, by the shares of the reasons."""
    return dice.choices(phrases.dialogues, [item.weight for item in phrases.dialogues])[0]


def option(dialogue: Dialogue, offered: list[str]) -> str | None:
    """Choose what to press in the widget."""
    wanted = OPTION_OF_GROUP.get(dialogue.group, "")
    return next((reason for reason in offered if reason in (wanted, dialogue.group, dialogue.reason)), None)


def patience(dice: random.Random, mean: float = PATIENCE_MEAN) -> float:
    """Seconds until somebody who waits goes away; 2 % leave at once."""
    if dice.random() < 0.02:
        return dice.uniform(1.0, 4.0)
    scale = mean / 1.088  # the mean of a Weibull variable of shape 0.85 is 1.088 of its scale
    return max(5.0, dice.weibullvariate(scale, PATIENCE_SHAPE))


def grade(dice: random.Random) -> int:
    """Grade of somebody who answers the survey."""
    return dice.choices(list(CSAT), list(CSAT.values()))[0]


def reading_seconds(text: str, dice: random.Random) -> float:
    """Time to notice and read a text."""
    return 1.0 + len(text) / 25 * dice.uniform(0.8, 1.3)


def typing_seconds(text: str, dice: random.Random, *, agent: bool) -> float:
    """Time to write a text; agents type faster and use ready replies for the long ones."""
    speed = dice.uniform(7, 11) if agent else dice.uniform(3.5, 6)
    return min(len(text) / speed, 22.0 if agent else 30.0) + dice.uniform(0.5, 2.0)


def hour_factor(hour: int) -> float:
    """Arrivals in this hour against the mean; no hour is calmer than the mean, so that a demo always lives."""
    return max(1.0, CHAT_BY_HOUR[hour % 24] * 24)


def picture(dice: random.Random) -> bytes:
    """Draw what somebody might send: a receipt from a terminal, as a PNG."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (360, 520), (238, 236, 230))
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 20, 320, 500), fill=(255, 255, 252), outline=(200, 198, 190))
    top = 46
    for _ in range(dice.randint(9, 13)):
        left = 60 + dice.choice((0, 0, 12))
        draw.rectangle((left, top, left + dice.randint(60, 150), top + 8), fill=(96, 96, 100))
        draw.rectangle((300 - dice.randint(24, 70), top, 300, top + 8), fill=(120, 120, 124))
        top += 26
    draw.line((60, top, 300, top), fill=(150, 150, 150), width=2)
    draw.rectangle((60, top + 14, 160, top + 28), fill=(40, 40, 44))
    draw.rectangle((230, top + 14, 300, top + 28), fill=(40, 40, 44))
    for index in range(40):
        if dice.random() < 0.6:
            draw.rectangle((70 + index * 5, 440, 72 + index * 5, 480), fill=(20, 20, 20))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
