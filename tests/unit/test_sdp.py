"""Session descriptions: what an answer may say (RFC 3264), what is read and what is refused."""

import pytest

from teplo.channels.voice import sdp

OFFER = b"""v=0\r
o=pbx 20 3 IN IP4 192.0.2.1\r
s=call\r
c=IN IP4 192.0.2.9\r
t=0 0\r
m=audio 30000 RTP/AVP 18 8 0 96 101 13\r
a=rtpmap:96 opus/48000/2\r
a=rtpmap:101 telephone-event/8000\r
a=fmtp:101 0-16\r
a=ptime:20\r
a=x-strange:1\r
m=video 30002 RTP/AVP 97\r
a=rtpmap:97 H264/90000\r
"""
KEY = bytes(range(30))


def browser_offer() -> bytes:
    return (
        b"v=0\r\no=- 46117 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=msid-semantic: WMS\r\n"
        b"m=audio 9 UDP/TLS/RTP/SAVPF 111 63 0 8 110 126\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n"
        b"a=ice-ufrag:Ab1+\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=fingerprint:sha-256 aa:bb:cc\r\n"
        b"a=setup:actpass\r\n"
        b"a=candidate:1 1 UDP 2122260223 192.0.2.7 50000 typ host generation 0\r\n"
        b"a=candidate:2 1 udp 100 198.51.100.7 40000 typ srflx raddr 192.0.2.7 rport 50000\r\n"
        b"a=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:63 red/48000/2\r\n"
        b"a=rtpmap:110 telephone-event/48000\r\na=rtpmap:126 telephone-event/8000\r\n"
    )


def test_reads_what_an_offer_says() -> None:
    offered = sdp.parse(OFFER)
    audio = offered.audio
    assert audio is not None
    assert (audio.host, audio.port, audio.ptime, audio.telephone_event) == ("192.0.2.9", 30000, 20, 101)
    assert audio.formats == {18: "G729/8000", 8: "PCMA/8000", 0: "PCMU/8000", 96: "opus/48000/2"}
    assert (offered.session_id, offered.version) == (20, 3)


def test_the_answer_takes_the_offerers_first_known_codec_and_refuses_video_in_its_place() -> None:
    built, agreed = sdp.answer(sdp.parse(OFFER), "192.0.2.50", 20000)
    assert (agreed.codec, agreed.payload_type, agreed.telephone_event) == ("PCMA/8000", 8, 101)
    assert (agreed.host, agreed.port, agreed.rtcp_port) == ("192.0.2.9", 30000, 30001)
    text = built.encode().decode()
    assert "m=audio 20000 RTP/AVP 8 101\r\n" in text
    assert "m=video 0 RTP/AVP 97\r\n" in text
    assert sdp.parse(built.encode()) == built


@pytest.mark.parametrize(
    ("offered", "wished", "answered"),
    [
        ("sendrecv", "sendrecv", "sendrecv"),
        ("sendonly", "sendrecv", "recvonly"),
        ("recvonly", "sendrecv", "sendonly"),
        ("inactive", "sendrecv", "inactive"),
        ("sendrecv", "sendonly", "sendonly"),
        ("sendonly", "sendonly", "inactive"),
    ],
)
def test_the_direction_is_mirrored(offered: sdp.Direction, wished: sdp.Direction, answered: str) -> None:
    theirs = sdp.offer("192.0.2.1", 4000, direction=offered)
    built, agreed = sdp.answer(theirs, "192.0.2.2", 5000, direction=wished)
    assert built.audio is not None and built.audio.direction == answered
    assert agreed.sends == (answered in ("sendrecv", "sendonly"))
    assert agreed.receives == (answered in ("sendrecv", "recvonly"))


def test_the_old_hold_by_a_null_address_stops_our_sending() -> None:
    _, agreed = sdp.answer(sdp.parse(OFFER.replace(b"192.0.2.9", b"0.0.0.0")), "192.0.2.2", 5000)
    assert not agreed.sends and agreed.receives


def test_both_sides_agree_on_the_same_thing() -> None:
    ours = sdp.offer("192.0.2.1", 4000, codecs=("opus/48000/2", sdp.PCMA, sdp.PCMU))
    theirs, answerer = sdp.answer(sdp.parse(ours.encode()), "192.0.2.2", 5000, codecs=(sdp.PCMU,))
    offerer = sdp.agreed(ours, sdp.parse(theirs.encode()))
    assert answerer.codec == offerer.codec == "PCMU/8000"
    assert (offerer.host, offerer.port, answerer.host, answerer.port) == ("192.0.2.2", 5000, "192.0.2.1", 4000)


WITH_OPUS = b"""v=0\r
o=- 1 1 IN IP4 192.0.2.9\r
s=-\r
c=IN IP4 192.0.2.9\r
t=0 0\r
m=audio 4000 RTP/AVP 111 0 8 110 101\r
a=rtpmap:111 OPUS/48000/2\r
a=fmtp:111 minptime=10;useinbandfec=1;maxaveragebitrate=16000\r
a=rtpmap:110 telephone-event/48000\r
a=rtpmap:101 telephone-event/8000\r
"""


def test_opus_is_taken_where_it_is_wished_for() -> None:
    built, agreed = sdp.answer(sdp.parse(WITH_OPUS), "192.0.2.2", 5000, codecs=(sdp.OPUS,), spare=(sdp.PCMA, sdp.PCMU))
    assert (agreed.codec, agreed.payload_type, agreed.receive_type) == (sdp.OPUS, 111, 111)
    assert agreed.parameters == "minptime=10;useinbandfec=1;maxaveragebitrate=16000"
    assert (agreed.telephone_event, agreed.event_clock, agreed.receive_events) == (110, 48000, (110,))
    text = built.encode().decode()
    assert "m=audio 5000 RTP/AVP 111 110\r\n" in text and "a=rtpmap:110 telephone-event/48000\r\n" in text
    assert "a=fmtp:111 maxplaybackrate=8000;sprop-maxcapturerate=8000;useinbandfec=1\r\n" in text
    assert "a=fmtp:110 0-15\r\n" in text


def test_opus_costs_nothing_where_the_peer_has_g711() -> None:
    """Though the peer likes Opus better."""
    built, agreed = sdp.answer(sdp.parse(WITH_OPUS), "192.0.2.2", 5000, spare=(sdp.OPUS,))
    assert (agreed.codec, agreed.telephone_event, agreed.event_clock) == ("PCMU/8000", 101, 8000)
    assert built.audio is not None and built.audio.formats == {0: "PCMU/8000"}
    alone = WITH_OPUS.replace(b"111 0 8 110 101", b"111 110 101")
    assert sdp.answer(sdp.parse(alone), "192.0.2.2", 5000, spare=(sdp.OPUS,))[1].codec == sdp.OPUS
    with pytest.raises(sdp.NothingInCommon):
        sdp.answer(sdp.parse(alone), "192.0.2.2", 5000)


def test_opus_is_offered_with_digits_at_its_clock_beside_those_of_g711() -> None:
    ours = sdp.offer("192.0.2.1", 4000, codecs=sdp.Codecs(spare=(sdp.OPUS,)).offered)
    audio = ours.audio
    assert audio is not None and list(audio.formats.items()) == [(8, sdp.PCMA), (0, sdp.PCMU), (96, sdp.OPUS)]
    assert audio.telephone_events == {101: 8000, 97: 48000}
    theirs, answerer = sdp.answer(sdp.parse(ours.encode()), "192.0.2.2", 5000, codecs=(sdp.OPUS,))
    offerer = sdp.agreed(ours, sdp.parse(theirs.encode()))
    assert answerer.codec == offerer.codec == sdp.OPUS
    assert offerer.telephone_event == answerer.telephone_event == 97
    assert (offerer.receive_events, answerer.receive_events) == ((101, 97), (97,))
    assert "useinbandfec=1" in offerer.parameters and "useinbandfec=1" in answerer.parameters


def test_a_phone_with_opus_and_digits_of_8_khz_only_keeps_its_digits() -> None:
    offered = WITH_OPUS.replace(b"110 101", b"101").replace(b"a=rtpmap:110 telephone-event/48000\r\n", b"")
    _, agreed = sdp.answer(sdp.parse(offered), "192.0.2.2", 5000, codecs=(sdp.OPUS,))
    assert (agreed.codec, agreed.telephone_event, agreed.event_clock) == (sdp.OPUS, 101, 8000)


def test_keys_are_exchanged_and_a_secured_offer_needs_one() -> None:
    ours = sdp.offer("192.0.2.1", 4000, crypto=[sdp.Crypto(1, "AES_CM_128_HMAC_SHA1_80", KEY)])
    read = sdp.parse(ours.encode())
    with pytest.raises(sdp.NothingInCommon):
        sdp.answer(read, "192.0.2.2", 5000)
    theirs, agreed = sdp.answer(read, "192.0.2.2", 5000, key=KEY[::-1])
    assert agreed.local_crypto and agreed.remote_crypto
    assert (agreed.local_crypto.key, agreed.remote_crypto.key) == (KEY[::-1], KEY)
    offerer = sdp.agreed(ours, sdp.parse(theirs.encode()))
    assert offerer.remote_crypto and offerer.remote_crypto.key == KEY[::-1]
    assert "RTP/SAVP" in theirs.encode().decode()


def test_a_key_with_parts_we_do_not_speak_is_skipped() -> None:
    text = sdp.offer("192.0.2.1", 4000, crypto=[sdp.Crypto(1, "AES_CM_128_HMAC_SHA1_80", KEY)]).encode()
    for changed in (
        text.replace(b"SHA1_80", b"SHA9_99"),
        text.replace(b"inline:AA", b"inline:!A"),
        text.replace(b"inline:", b"inline:AAAA"),
        text.replace(b"inline:", b""),
        text.replace(b"crypto:1", b"crypto:x"),
    ):
        audio = sdp.parse(changed).audio
        assert audio is not None and audio.crypto == ()


def test_a_browsers_offer_is_read_and_answered() -> None:
    offered = sdp.parse(browser_offer())
    audio = offered.audio
    assert audio is not None and audio.ice is not None and audio.dtls is not None
    assert audio.ice.candidates[1].related == ("192.0.2.7", 50000)
    assert (audio.dtls.fingerprint, audio.dtls.setup, audio.rtcp_mux) == ("AA:BB:CC", "actpass", True)
    ice = sdp.Ice("own1", "p" * 24, (sdp.Candidate("1", 1, "udp", 1, "192.0.2.2", 5000),), lite=True)
    built, agreed = sdp.answer(
        offered, "192.0.2.2", 5000, codecs=(sdp.PCMU,), ice=ice, dtls=sdp.Dtls("sha-256", "00:11")
    )
    assert (agreed.payload_type, agreed.telephone_event) == (0, 126)
    again = sdp.parse(built.encode())
    assert again == built and again.bundle == ("0",)
    assert again.audio and again.audio.dtls and again.audio.dtls.setup == "passive"


def test_our_offer_for_a_browser_survives_the_wire() -> None:
    ice = sdp.Ice("own1", "p" * 24, (sdp.Candidate("1", 1, "udp", 1, "2001:db8::1", 5000),), lite=True)
    built = sdp.offer("2001:db8::1", 5000, codecs=(sdp.PCMU,), ice=ice, dtls=sdp.Dtls("sha-256", "00:11"))
    assert sdp.parse(built.encode()) == built
    assert b"a=ice-lite" in built.encode() and b"IN IP6 2001:db8::1" in built.encode()


def test_a_change_is_the_next_version() -> None:
    built = sdp.offer("192.0.2.1", 4000)
    held = built.with_audio(direction="sendonly")
    assert held.version == built.version + 1 and held.session_id == built.session_id
    assert held.audio is not None and held.audio.direction == "sendonly"


def test_what_is_said_in_a_session_has_a_new_version_only_where_it_is_new() -> None:
    first = sdp.offer("192.0.2.1", 4000).after(None)
    again = sdp.offer("192.0.2.1", 4000).after(first)
    held = sdp.offer("192.0.2.1", 4000, direction="sendonly").after(again)
    back = sdp.offer("192.0.2.1", 4000).after(held)
    assert [one.version for one in (first, again, held, back)] == [1, 1, 2, 3]
    assert {one.session_id for one in (first, again, held, back)} == {first.session_id}
    assert sdp.offer("192.0.2.1", 4000).after(None).session_id != first.session_id


def test_no_common_codec_is_said() -> None:
    with pytest.raises(sdp.NothingInCommon):
        sdp.answer(sdp.offer("192.0.2.1", 4000, codecs=("G729/8000",)), "192.0.2.2", 5000)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"v=1\r\n",
        b"\xff\xfe",
        b"v=0\r\nm=audio",
        OFFER.replace(b"30000", b"99999"),
        OFFER.replace(b"30000", b"-1"),
        OFFER.replace(b"30000", "٣".encode()),
        OFFER.replace(b"IP4 192.0.2.9", b"IP4"),
        OFFER.replace(b"o=pbx 20", b"o=pbx x"),
        OFFER.replace(b"RTP/AVP 18", b"RTP/AVP 1000"),
        OFFER.replace(b"opus/48000/2", b"opus"),
        OFFER + b"a=x\r\n" * 5000,
        OFFER + b"m=audio 1 RTP/AVP 0\r\n" * 20,
    ],
)
def test_nonsense_is_refused(body: bytes) -> None:
    with pytest.raises(sdp.SdpError):
        sdp.parse(body)
