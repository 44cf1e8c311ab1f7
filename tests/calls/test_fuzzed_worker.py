"""Three thousand damaged packets at a real worker's sockets while a talk stands; `./teplo bench fuzz`: a million."""

import pytest
from tests.fuzzing.worker import DEFECTS, Thrower, resident_mb

from teplo.simulator.phone import Phones

from .conftest import Centre
from .people import until
from .test_call import desk_of
from .test_kills import talk

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def test_a_worker_under_damaged_packets_carries_its_calls_on(centre: Centre, phones: Phones) -> None:
    async with desk_of(centre, "agent4") as desk, talk(centre, phones, desk, "+79748007701") as one:
        logged = (centre.data / "voice.log").stat().st_size
        thrower = Thrower(centre.sip, phones, one.call, one.tab, seed=4475)
        await thrower.throw(1_500)
        await thrower.call_once("+79748007702")
        before = resident_mb(centre.voice.pid)
        await thrower.throw(1_500)
        await thrower.call_once("+79748007702")
        assert resident_mb(centre.voice.pid) - before < 20
        await until(one.heard, "the talk after the noise")
        thrower.close()
        one.call.hang_up()
        await one.is_over("the subscriber has hung up")
    assert {200, 400, 405, 481} <= set(thrower.answers) and 500 not in thrower.answers
    said = (centre.data / "voice.log").read_text()[logged:]
    assert not [word for word in DEFECTS if word in said], said[-3000:]
