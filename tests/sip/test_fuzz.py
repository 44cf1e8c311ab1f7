"""Twenty thousand damaged messages: the stack lives, answers the good ones in between and keeps nothing."""

import random
import time

import pytest
from tests.fuzzing.packets import damaged_sdp, damaged_sip

from teplo.channels.voice import sdp
from teplo.channels.voice.sip.flow import Flow
from teplo.channels.voice.sip.message import Malformed, parse
from teplo.channels.voice.sip.session import Session
from teplo.channels.voice.sip.stream import Broken, Framer

from .link import ANSWER, OFFER, Link, pair
from .torture import SDP, request

ROUNDS = 20_000


def test_the_stack_lives() -> None:
    chance = random.Random(4475)
    link = Link()
    a, b = pair(link)
    link.send = lambda host, data, flow: None  # type: ignore[method-assign]
    rung: list[Session] = []
    started = time.process_time()
    for number in range(ROUNDS):
        b.stack.receive(damaged_sip(chance), Flow("UDP", "192.0.2.1", 5060))
        if number % 50 == 0:
            for session in b.calls:
                chance.choice((session.ring, session.answer, lambda _: session.hang_up()))(ANSWER)  # noqa: B023
            rung += b.calls
            b.calls.clear()
            link.run(1)
    print(f"{(time.process_time() - started) / ROUNDS * 1e6:.0f} us a message, {b.stack.counts}")
    for session in rung:
        session.hang_up()
    link.run(300)
    assert not b.stack.dialogs and not len(b.core.transactions) and not len(b.core.timers)
    assert b.stack.counts.malformed > 1000 and b.stack.counts.calls > 200
    del link.send  # the link works again
    caller = a.call(b)
    link.run(0.1)
    b.calls[-1].answer(ANSWER)
    link.run(0.1)
    assert caller.session.state == "confirmed"


def test_descriptions_are_read_or_refused() -> None:
    chance = random.Random(8866)
    refused = 0
    for _ in range(5_000):
        try:
            sdp.answer(sdp.parse(damaged_sdp(chance)), "192.0.2.2", 5000)[0].encode()
        except sdp.SdpError:
            refused += 1
    assert 100 < refused < 5_000


def test_a_description_without_an_ip_address_is_refused() -> None:
    for host in ("192.0.2-1", "phone.example.com", "192.0.2.256"):
        offered = sdp.parse(OFFER.replace(b"IN IP4 192.0.2.1", b"IN IP4 " + host.encode()))
        with pytest.raises(sdp.NothingInCommon):
            sdp.answer(offered, "192.0.2.2", 5000)


def test_a_stream_cut_anywhere_gives_the_same_messages() -> None:
    chance = random.Random(3261)
    good = [request(body=SDP), request("BYE"), request("INFO", body="x" * 3000, content_type="a/b")]
    for _ in range(200):
        sent = [chance.choice(good) for _ in range(5)]
        stream = b"\r\n\r\n".join(sent)
        framer, found = Framer(), []
        while stream:
            size = chance.randint(1, 900)
            found += framer.feed(stream[:size])
            stream = stream[size:]
        assert [message for message in found if message != b"\r\n"] == sent
        assert found.count(b"\r\n") == 4 and framer.waiting == 0


def test_a_damaged_stream_is_cut_off_or_gives_messages() -> None:
    chance = random.Random(7)
    for _ in range(2_000):
        framer = Framer()
        try:
            for message in framer.feed(damaged_sip(chance) + damaged_sip(chance)):
                parse(message)
        except (Broken, Malformed):
            pass
        assert framer.waiting < 100_000


def test_long_nonsense_is_cheap() -> None:
    for text in ('"' * 60_000, " " * 60_000, "<" * 60_000, ";a" * 30_000, "a," * 30_000, "\\" * 60_000, '";' * 30_000):
        for field in ("from", "via", "contact", "to", "cseq", "call_id"):
            name = {"from": "From"}.get(field, field)
            data = request(**{name: text})
            started = time.process_time()
            try:
                parse(data)
            except Malformed:
                pass
            assert time.process_time() - started < 1.0, (field, text[:2])
