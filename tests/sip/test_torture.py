"""The torture messages: those that are right are understood, the others get the right answer or silence."""

import pytest

from teplo.channels.voice.sip.flow import Flow
from teplo.channels.voice.sip.message import Request, Response, parse

from .link import Link, Side
from .torture import REFUSED, SDP, UNDERSTOOD, request

SOURCE = Flow("UDP", "192.0.2.1", 5060)


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_understood_and_written_again(name: str) -> None:
    message = parse(UNDERSTOOD[name])
    again = parse(message.encode())
    assert (again.call_id, again.cseq, again.from_, again.to, again.body) == (
        message.call_id,
        message.cseq,
        message.from_,
        message.to,
        message.body,
    )


def test_what_the_ugly_one_says() -> None:
    message = parse(UNDERSTOOD["folded, compact, spaced"])
    assert isinstance(message, Request)
    assert (message.to.tag, message.from_.tag, message.from_.display) == ("9z9z", "98asjd8", 'A \\" quoted')
    assert (message.cseq.number, message.via.branch, len(message.headers.values("via"))) == (9, "z9hG4bKugly1", 3)
    contact = message.addresses("contact")[0]
    assert contact.parameters == {"newparam": "newvalue", "secondparam": "", "q": "0.33"}
    assert contact.display == 'Quoted string ""'
    assert message.headers.get("newfangledheader") == "newfangled value continued newfangled value"
    assert message.sdp == SDP.encode()


def test_what_the_others_say() -> None:
    escaped = parse(UNDERSTOOD["escapes in the URI"])
    assert isinstance(escaped, Request) and escaped.to.uri.user == "user"
    assert parse(UNDERSTOOD["an escaped NUL"]).to.uri.user == "null-\0-null"
    assert parse(UNDERSTOOD["wide range of characters"]).to.display == "BEL:\x07 NUL:\0 DEL:\x7f"
    odd = parse(UNDERSTOOD["an odd reason phrase"])
    assert isinstance(odd, Response) and odd.reason == "= 2**3 * 5**2 но сто"
    silent = parse(UNDERSTOOD["no reason phrase"])
    assert isinstance(silent, Response) and (silent.status, silent.reason) == (100, "")


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    message, status = REFUSED[name]
    raw: list[bytes] = []
    link = Link()
    link.send = lambda host, data, flow: raw.append(data)  # type: ignore[method-assign]
    Side(link, "192.0.2.2").stack.receive(message, SOURCE)
    answers = [int(data.split(b" ")[1]) for data in raw]
    assert answers == ([status] if status else [])


def test_the_description_is_found_in_a_body_of_several_parts() -> None:
    parts = "--b1\r\nContent-Type: application/isup\r\n\r\n\x01\x02\r\n"
    parts += f"--b1\r\nContent-Type: application/sdp\r\n\r\n{SDP}\r\n--b1--\r\n"
    message = parse(request(body=parts, content_type='multipart/mixed;boundary="b1"'))
    assert message.sdp == SDP.encode()


def test_no_value_can_add_a_header() -> None:
    link = Link()
    side = Side(link, "192.0.2.2")
    side.stack.receive(request(body=SDP), SOURCE)
    side.calls[0].reject(480, "no\r\nX-Bad: 1\r\n", headers=[("warning", "1\r\nX-Worse: 2")])
    text = link.last("192.0.2.2", "480").encode()
    assert b"\nX-Bad" not in text and b"\nX-Worse" not in text
