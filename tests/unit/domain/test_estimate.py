"""The honest wait: a range from what happens now, never shorter for who stands further behind."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.centre import Centre, agent, needs, of, queue

from teplo.domain import estimate
from teplo.domain.events import ContactQueued


def busy_centre(agents: int, waiting: int) -> Centre:
    centre = Centre([queue()], [agent(f"a{n}") for n in range(agents)])
    for number in range(agents):
        centre.chat(f"t{number}")
        centre.answer(f"t{number}")
    for number in range(waiting):
        centre.chat(f"w{number}")
        centre.now += 1
    return centre


def test_nothing_honest_can_be_said_when_nobody_able_is_present() -> None:
    centre = Centre([queue(steps=needs("money"))], [agent("a")])
    assert of(ContactQueued, centre.chat("c"))[0].estimate is None
    assert estimate.range(centre.floor, "q", centre.now) is None


def test_the_wait_of_a_queue_is_that_of_the_channel_asked_for() -> None:
    centre = Centre([queue(channels=["voice", "chat"])], [agent("a", capacity={"chat": 1})])
    assert estimate.range(centre.floor, "q", centre.now) is None, "nobody takes calls"
    assert estimate.range(centre.floor, "q", centre.now, "chat") == (0.0, 20)


def test_where_somebody_is_free_only_the_offer_takes_time() -> None:
    centre = Centre([queue(offer_seconds=20)], [agent("a")])
    assert of(ContactQueued, centre.chat("c"))[0].estimate == [0.0, 20]


def test_the_range_holds_the_mean_of_the_completions_before() -> None:
    centre = busy_centre(10, 19)
    low, high = estimate.range(centre.floor, "q", centre.now) or (0, 0)
    assert low < 20 * 300 / 10 < high


def test_the_wait_grows_with_the_place() -> None:
    centre = busy_centre(3, 12)
    told = [estimate.range(centre.floor, f"w{number}", centre.now) for number in range(12)]
    assert all(a is not None and b is not None and a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(told))


@given(st.floats(1, 500), st.floats(0.01, 100))
def test_one_more_before_never_shortens_the_wait(completions: float, unit: float) -> None:
    low, high = estimate.spread(completions, completions * unit)
    lower, higher = estimate.spread(completions + 1, (completions + 1) * unit)
    assert low <= lower and high <= higher and low - 0.1 <= completions * unit <= high + 0.1


def test_more_agents_shorten_the_wait() -> None:
    few, many = busy_centre(2, 6), busy_centre(6, 6)
    assert (estimate.range(few.floor, "q", few.now) or (0, 0))[1] > (
        estimate.range(many.floor, "q", many.now) or (0, 0)
    )[1]


def test_shorter_talks_shorten_the_wait() -> None:
    centre = busy_centre(1, 3)
    before = estimate.range(centre.floor, "q", centre.now)
    centre.finish("t0")
    after = estimate.range(centre.floor, "q", centre.now)
    assert before and after and after[1] < before[1]


def test_other_queues_of_the_same_agents_count() -> None:
    centre = Centre([queue(), queue("r")], [agent("a")])
    centre.chat("t")
    centre.answer("t")
    alone = estimate.range(centre.floor, "q", centre.now)
    for number in range(5):
        centre.chat(f"r{number}", "r")
    crowded = estimate.range(centre.floor, "q", centre.now)
    assert alone and crowded and crowded[0] > alone[0]


def test_queues_of_other_agents_do_not_count() -> None:
    centre = Centre([queue(steps=needs("money")), queue("r", steps=needs("net"))],
                    [agent("a", skills={"money": 1}), agent("b", skills={"net": 1})])  # fmt: skip
    for name, where in (("t", "q"), ("u", "r")):
        centre.chat(name, where)
        centre.answer(name)
    alone = estimate.range(centre.floor, "q", centre.now)
    for number in range(5):
        centre.chat(f"r{number}", "r")
    assert estimate.range(centre.floor, "q", centre.now) == alone


def test_few_speakers_of_a_required_language_make_their_wait_longer() -> None:
    steps = [{"after": 0, "require": {}, "match": ["language"]}]
    people = [agent(f"a{n}") for n in range(5)] + [agent("t", languages=["tt"])]
    centre = Centre([queue(steps=steps)], people)
    for number in range(5):
        centre.chat(f"c{number}")
    for number in range(3):
        centre.chat(f"t{number}", language="tt")
    (told,) = of(ContactQueued, centre.chat("t9", language="tt"))
    (easy,) = of(ContactQueued, centre.chat("r9"))
    assert told.estimate and easy.estimate and told.estimate[1] > 2 * easy.estimate[1]


def test_an_offered_contact_waits_for_the_answer_at_most() -> None:
    centre = Centre([queue(offer_seconds=20)], [agent("a")])
    centre.chat("c")
    centre.now += 5
    assert estimate.range(centre.floor, "c", centre.now) == (0.0, 15.0)
