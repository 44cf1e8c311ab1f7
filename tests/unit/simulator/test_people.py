"""Simulated people behave like the traffic they stand for."""

import io
import random
import statistics
from collections import Counter

from PIL import Image

from teplo.simulator import people
from teplo.simulator.dialogues import load


def dice() -> random.Random:
    return random.Random(7)


def test_patience_has_the_mean_of_the_model_and_few_leave_at_once() -> None:
    chance = dice()
    sample = [people.patience(chance) for _ in range(20_000)]
    assert 0.93 < statistics.fmean(sample) / people.PATIENCE_MEAN < 1.07
    assert 0.01 < sum(1 for seconds in sample if seconds < 5) / len(sample) < 0.03


def test_nineteen_of_twenty_grades_are_fives() -> None:
    chance = dice()
    counted = Counter(people.grade(chance) for _ in range(20_000))
    assert abs(counted[5] / 20_000 - 0.95) < 0.01
    assert set(counted) == {1, 2, 3, 4, 5}


def test_the_day_adds_up_and_its_peak_is_late_in_the_afternoon() -> None:
    assert abs(sum(people.CHAT_BY_HOUR) - 1) < 0.002
    assert max(range(24), key=people.CHAT_BY_HOUR.__getitem__) in (16, 17)
    assert min(people.hour_factor(hour) for hour in range(24)) == 1.0


def test_numbers_belong_to_nobody_and_to_one_person_each() -> None:
    numbers = [person.number for person in people.population(1) if person.number]
    assert len(set(numbers)) == len(numbers) > 300
    assert all(number[:5] in {"+7973", "+7974", "+7975", "+7976"} and len(number) == 12 for number in numbers)


def test_numbers_come_from_the_regions_as_the_traffic_does() -> None:
    weights = dict(people.number_ranges())
    numbers = [person.number for seed in range(20) for person in people.population(seed) if person.number]
    counted = Counter(number[:6] for number in numbers)
    assert set(counted) == set(weights)
    for prefix, weight in weights.items():
        assert abs(100 * counted[prefix] / len(numbers) - 100 * weight / sum(weights.values())) < 1.2, prefix


def test_the_same_seed_makes_the_same_people() -> None:
    assert people.population(5) == people.population(5) != people.population(6)


def test_a_picture_is_a_png_that_opens() -> None:
    opened = Image.open(io.BytesIO(people.picture(dice())))
    assert (opened.format, opened.size) == ("PNG", (360, 520))


def test_everybody_finds_a_button_or_just_writes() -> None:
    offered = ["MNY", "NET", "TAR", "HUM"]
    chosen = Counter(people.option(dialogue, offered) for dialogue in load().dialogues)
    assert set(chosen) == {"MNY", "NET", "TAR", "HUM", None}
