"""A prompt uploaded at the server is what the next call at a voice worker hears; nothing else passes between them."""

import io

import httpx
import numpy as np
import pytest
import soundfile

from teplo.simulator.phone import Phones

from .conftest import Centre
from .people import Ear, until

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

HERTZ = 700.0
PATH = "/api/v1/prompts/ru/greeting/sound"


def _tone() -> bytes:
    out = io.BytesIO()
    soundfile.write(out, 0.4 * np.sin(2 * np.pi * HERTZ * np.arange(48000 * 4) / 48000), 48000, format="MP3")
    return out.getvalue()


async def _begins_with_the_tone(phones: Phones, centre: Centre) -> bool:
    """Call 611 and tell whether the first second is the tone."""
    call = await phones.call(centre.sip, "611", "+79748001199")
    ear = Ear()
    heard: list[bool] = []

    def listen(samples: np.ndarray[tuple[int], np.dtype[np.int16]]) -> None:
        ear.frame(samples)
        heard.append(ear.hears(HERTZ))

    call.listen(listen)
    await until(call.answered.is_set, "an answer")
    await until(lambda: len(heard) > 75, "the beginning of the menu")
    call.hang_up()
    await until(call.over.is_set, "the end")
    return any(heard)


async def test_the_next_call_hears_what_was_uploaded_and_the_one_after_going_back_does_not(
    centre: Centre, phones: Phones
) -> None:
    async with httpx.AsyncClient(base_url=centre.served.address) as http:
        signed = await http.post("/api/v1/session", json={"login": "admin", "password": centre.served.password})
        headers = {"X-CSRF-Token": signed.json()["csrf"]}
        upload = await http.put(PATH, files={"file": ("a.mp3", _tone())}, headers={**headers, "If-None-Match": "*"})
        assert upload.status_code == 201, upload.text
        assert await _begins_with_the_tone(phones, centre)
        back = await http.delete("/api/v1/config/prompt/ru.greeting", headers={**headers, "If-Match": "1"})
        assert back.status_code == 200, back.text
        assert not await _begins_with_the_tone(phones, centre)
