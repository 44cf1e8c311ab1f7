"""A closed queue takes a message: real SIP, the sound found in the sealed file, its agent hears it and calls back."""

import asyncio
import base64
from typing import Any

import numpy as np
import psycopg
import pytest

from teplo.channels.voice.media.recording_file import WAV_HEADER, Reading
from teplo.simulator.desk import DeskClient
from teplo.simulator.phone import PhoneCall, Phones
from teplo.simulator.wire import ApiError

from .conftest import Centre
from .people import AgentTab, Ear, share, tone, until
from .test_call import AGENT, CALLER, desk_of
from .test_callback import change, dials, rings, row, told, waiting_contact

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NUMBER, WAITING, KILLED = "+79748007701", "+79748007702", "+79748007703"
RECORDING = "select 1 from recording where part = 'voicemail' and recorded is null"
LEFT = """select v.contact::text from voicemail v join call c on c.id = v.call
    where v.sent_at is not null and c.number = %s"""
CLOSED: list[list[Any]] = [[] for _ in range(7)]
NIGHT = {"name": {"ru": "Ночь", "en": "Night"}, "zone": "Europe/Moscow", "week": CLOSED, "special": {}}
QUEUE = {
    "name": {"ru": "Ночная", "en": "Night"},
    "channels": ["voice"],
    "steps": [{"after": 0, "require": {}}],
    "offer_seconds": 30,
    "callback": {"attempts": 2, "pauses": [10], "hours": ["00:00", "24:00"], "ring_seconds": 40},
}


async def line(boss: DeskClient, phones: Phones, name: str, number: str, hours: str | None) -> None:
    """A number and a queue of their own; calls of ours go to the phones."""
    menu = {"id": name, "start": "to", "give_up": "to", "nodes": {"to": {"kind": "queue", "queue": f"voice-{name}"}}}
    both = {"ru": name, "en": name}
    items = {
        f"hours/{name}": NIGHT,
        f"queue/voice-{name}": {**QUEUE, "hours": hours},
        f"menu/{name}": {"name": both, "menu": menu},
        f"line/{name}": {"name": both, "numbers": [number], "menu": name},
    }
    for item, body in items.items():
        await boss.call("PUT", f"/config/{item}", body, headers={"If-None-Match": "*"})
    await change(boss, "trunk/local", route=f"sip:127.0.0.1:{phones.endpoint.transports.ports['UDP']}")


def message(centre: Centre, contact: str) -> np.ndarray[Any, Any]:
    """Both sides of the sealed file."""
    found = row(centre, "select path from recording where contact = %s and part = 'voicemail'", contact)
    key = row(centre, "select value from installation where key = 'recording_key'")
    reading = Reading(centre.data / "recordings" / found[0], base64.b64decode(key[0]))
    sound = reading.read(WAV_HEADER, reading.samples_size)
    reading.close()
    return np.frombuffer(sound, dtype="<i2").reshape(-1, 2)


async def refused(work: Any) -> str:
    with pytest.raises(ApiError) as caught:
        await work
    return caught.value.code


async def speaks(centre: Centre, phones: Phones, called: str, number: str) -> PhoneCall:
    """Call where a message may be left, and speak after the beep."""
    call, ear = await phones.call(centre.sip, called, number), Ear()
    call.listen(ear.frame)
    await until(lambda: ear.hears_also(880), "the beep")
    call.say(tone(CALLER), loop=True)
    await until(lambda: row(centre, RECORDING), "it is being recorded")
    return call


async def leaves_message(centre: Centre, phones: Phones, called: str, number: str) -> str:
    """Leave a message; return the contact."""
    call = await speaks(centre, phones, called, number)
    await asyncio.sleep(2.5)  # speaking takes its time
    call.press("#")
    await until(call.over.is_set, "thanks and good-bye")
    (contact,) = row(centre, LEFT, number)
    return str(contact)


async def test_a_message_left_at_night_is_heard_in_the_morning_and_its_caller_called_back(
    centre: Centre, phones: Phones
) -> None:
    async with (
        DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as boss,
        desk_of(centre, "agent1") as desk,
        asyncio.TaskGroup() as group,
    ):
        await line(boss, phones, "night", "699", "night")
        contact = await leaves_message(centre, phones, "699", NUMBER)
        assert told(centre, contact, "contact.deferred") and not desk.work
        sound = message(centre, contact)
        assert share(sound[8000:16000, 0], CALLER) > 0.8 and not sound[:, 1].any()

        await change(boss, "queue/voice-night", hours=None)
        offered = await desk.wait_work("offered", timeout=40)
        assert offered["id"] == contact and NUMBER not in str(offered["number"])
        assert offered["voicemail"] == {
            "seconds": pytest.approx(len(sound) / 8000, abs=0.1), "left_at": offered["voicemail"]["left_at"],
            "absent": True, "attempts_left": 2,
        }  # fmt: skip
        listen = f"/contacts/{contact}/recording"
        assert await refused(desk.call("GET", listen, params={"part": "voicemail"})) == "recording.not_yours"
        await desk.accept(contact)
        about = (await desk.call("GET", listen, params={"part": "voicemail"})).json()
        assert (about["state"], about["marks"]) == ("ready", [])
        assert await refused(desk.call("GET", listen)) == "recording.none"
        opening = (await desk.call("POST", f"{listen}/openings", params={"part": "voicemail"})).json()["token"]
        audio = await desk.call("GET", f"{listen}/audio", params={"part": "voicemail", "opening": opening})
        assert audio.content[WAV_HEADER:] == sound.tobytes()
        assert desk.work[contact]["number"] == NUMBER

        await desk.call("POST", f"/contacts/{contact}/call/back")
        ringing = await rings(phones)
        assert ringing.number == NUMBER and desk.work[contact]["state"] == "dialling"
        ringing.refuse(486)
        await until(lambda: desk.work[contact]["state"] == "talking", "the message is still the agent's")
        await desk.call("POST", f"/contacts/{contact}/call/back")
        ringing = await rings(phones)
        tab = AgentTab(desk, contact, "tab", AGENT)
        await tab.join()
        talking = group.create_task(tab.talk())
        back, ear = await ringing.answer(), Ear()
        back.listen(ear.frame)
        back.say(tone(CALLER), loop=True)
        await until(lambda: back.leg.stats().packets > 20, "the greeting")
        back.press("1")
        await until(lambda: ear.hears(AGENT) and tab.ear.hears(CALLER), "both hear each other")
        await until(lambda: tab.state.get("recording") == "on", "the talk is recorded beside the message")
        back.hang_up()
        await until(lambda: desk.work.get(contact, {}).get("state") == "wrap_up", "the subscriber has hung up")
        talking.cancel()
        await desk.dispose(contact, ["BAL.01"], "resolved")
        await until(lambda: told(centre, contact, "wrap_up.ended"), "it is done")
    assert dials(centre, contact) == ["busy", "reached"]
    with psycopg.connect(centre.served.database_url) as conn:
        query = "select part, recorded > 0 from recording where contact = %s order by part"
        assert conn.execute(query, (contact,)).fetchall() == [("talk", True), ("voicemail", True)]
    heard = row(
        centre, "select details->>'part' from audit where action = 'recording.listened' and object_id = %s", contact
    )
    assert heard == ("voicemail",)


async def test_who_still_waits_when_everybody_has_gone_home_leaves_a_message(centre: Centre, phones: Phones) -> None:
    async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as boss:
        await line(boss, phones, "evening", "698", None)
        call = await phones.call(centre.sip, "698", WAITING)
        ear = Ear()
        call.listen(ear.frame)
        waits = await until(lambda: waiting_contact(centre, WAITING), "a contact")
        await until(lambda: told(centre, waits, "contact.queued"), "it waits")
        await change(boss, "queue/voice-evening", hours="evening")
        await until(lambda: ear.hears_also(880), "the beep")
        call.say(tone(CALLER), loop=True)
        await until(lambda: row(centre, RECORDING), "it is being recorded")
        await asyncio.sleep(2.5)
        call.hang_up()
        (contact,) = await until(lambda: row(centre, LEFT, WAITING), "the message is kept")
        assert contact != waits and told(centre, waits, "contact.ended")
        await until(lambda: told(centre, contact, "contact.deferred"), "it waits for the opening")
        query = "select body->'priority' from event where contact = %s and kind = 'contact.arrived'"
        assert row(centre, query, contact)[0] > 0, "the time spent waiting counts"
        assert share(message(centre, contact)[8000:16000, 0], CALLER) > 0.8


async def test_what_was_said_before_its_worker_was_killed_is_a_message_like_any_other(
    own_centre: Centre, phones: Phones
) -> None:
    centre = own_centre
    async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as boss:
        await line(boss, phones, "late", "697", "late")
        call = await speaks(centre, phones, "697", KILLED)
        path = centre.data / "recordings" / row(centre, "select path from recording where part = 'voicemail'")[0]
        await until(lambda: path.stat().st_size > 4 * 32_000, "seconds of speech are on the disk")
        centre.kill_voice()
        centre.start_voice()
        (contact,) = await until(lambda: row(centre, LEFT, KILLED), "the message is kept", 60)
        await until(lambda: told(centre, contact, "contact.deferred"), "it waits for the opening")
        sound = message(centre, contact)
        assert len(sound) >= 4 * 8000 and share(sound[8000:16000, 0], CALLER) > 0.8

        await change(boss, "queue/voice-late", hours=None)
        async with desk_of(centre, "agent1") as desk:
            offered = await desk.wait_work("offered", timeout=40)
            assert offered["id"] == contact and offered["voicemail"]["seconds"] is None
            await desk.accept(contact)
            listen, part = f"/contacts/{contact}/recording", {"part": "voicemail"}
            about = (await desk.call("GET", listen, params=part)).json()
            assert about["state"] == "ready" and about["seconds"] == pytest.approx(len(sound) / 8000, abs=0.05)
            opening = (await desk.call("POST", f"{listen}/openings", params=part)).json()["token"]
            audio = await desk.call("GET", f"{listen}/audio", params={**part, "opening": opening})
            assert audio.content[WAV_HEADER:] == sound.tobytes()
            await desk.end(contact)
            await desk.dispose(contact, ["BAL.01"], "resolved")
            assert not desk.works("offered")
        left = "select count(*) from event where kind = 'voicemail.left'"
        assert row(centre, left) == (1,) and row(centre, "select count(*) from recording") == (1,)
        assert row(centre, "select end_reason from call where number = %s", KILLED) == ("worker_lost",)
        call.hang_up()
