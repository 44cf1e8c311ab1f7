"""Messages after the facts of RFC 4475: each shows one thing that a parser must understand or refuse."""

# ruff: noqa: E501 (messages are read better in one line)

BRANCH = "z9hG4bK-t"


def request(method: str = "INVITE", uri: str = "sip:611@192.0.2.2", *, body: str = "", **fields: str | None) -> bytes:
    """A plain request; `fields` replaces lines by name, None leaves one out, `extra` is put in as it is."""
    extra = fields.pop("extra", None) or ""
    lines = {
        "Via": f"SIP/2.0/UDP 192.0.2.1;branch={BRANCH}",
        "Max-Forwards": "70",
        "From": "<sip:anna@192.0.2.1>;tag=f1",
        "To": "<sip:611@192.0.2.2>",
        "Call-ID": "torture@192.0.2.1",
        "CSeq": f"1 {method}",
        "Contact": "<sip:anna@192.0.2.1>",
        "Content-Length": str(len(body.encode("utf-8", "surrogateescape"))),
    }
    if body:
        lines["Content-Type"] = "application/sdp"
    for name, value in fields.items():
        name = next((known for known in lines if known.lower() == name.replace("_", "-")), name.replace("_", "-"))
        if value is None:
            lines.pop(name, None)
        else:
            lines[name] = value
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {uri} SIP/2.0\r\n{head}{extra}\r\n{body}".encode("utf-8", "surrogateescape")


SDP = "v=0\r\no=x 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"

WELL_FORMED_BUT_UGLY = (
    "INVITE sip:611@192.0.2.2;unknownparam SIP/2.0\r\n"
    "TO :\r\n sip:611@192.0.2.2 ;   tag    = 9z9z\r\n"
    'from   : "A \\\\\\" quoted"       <sip:anna@192.0.2.1>\r\n  ;\r\n  tag = 98asjd8\r\n'
    "MaX-fOrWaRdS: 0068\r\n"
    "Call-ID: ugly.1@192.0.2.1\r\n"
    "Content-Length   : {length}\r\n"
    "cseq: 0009\r\n  INVITE\r\n"
    "Via  : SIP  /   2.0\r\n /UDP\r\n    192.0.2.1;branch=z9hG4bKugly1\r\n"
    "s :\r\n"
    "NewFangledHeader:   newfangled value\r\n continued newfangled value\r\n"
    "UnknownHeaderWithUnusualValue: ;;,,;;,;\r\n"
    "Content-Type: application/sdp\r\n"
    "Route:\r\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\r\n"
    "v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n"
    " SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239\r\n"
    'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =\r\n      newvalue ;\r\n'
    "  secondparam ; q = 0.33\r\n\r\n"
)

ESCAPED_CONTROLS = "\"BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f\" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com>"

UNDERSTOOD: dict[str, bytes] = {
    "folded, compact, spaced": (WELL_FORMED_BUT_UGLY.format(length=len(SDP)) + SDP).encode(),
    "wide range of characters": request(
        "!interesting-Method0123456789_*+`.%indeed'~",
        "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com",
        to=ESCAPED_CONTROLS,
        extra="extensionHeader-!.%*+_`'~: \u5927\u505c\u96fb\r\n",
        **{"From": 'token1~` token2\'+_ token3*%!.- <sip:mundane@example.com>;fromParam\'\'~+*_!.-%="\u0440\u0430\u0431";tag=_token~1\'+`*%!-.'},
    ),
    "escapes in the URI": request(uri="sip:sips%3Auser%40example.com@example.net", to="sip:%75se%72@example.com"),
    "an escaped NUL": request("REGISTER", "sip:example.com", to="sip:null-%00-null@example.com"),
    "percent signs that escape nothing in a method": request("RE%47IST%45R", "sip:registrar.example.com", to='"%Z%45" <sip:resource@example.com>'),
    "no space before the bracket": request("OPTIONS", to="sip:611@192.0.2.2", **{"From": "caller<sip:caller@example.com>;tag=323"}),
    "long values": request(to=f'"I have a user name of {"extreme " * 20}proportion" <sip:611@192.0.2.2:6000;unknownparam1={"very" * 50}value>', extra="Via: SIP/2.0/TCP sip33.example.com\r\n" * 30, call_id="very" * 20 + "long"),
    "octets after the message": request("REGISTER", "sip:example.com") + b"INVITE sip:joe@example.com SIP/2.0\r\n\r\n",
    "a semicolon in the user part": request("OPTIONS", "sip:user;par=u%40example.net@example.com"),
    "transports of any name": request("OPTIONS", extra="Via: SIP/2.0/SCTP 192.0.2.3;branch=a\r\nVia: SIP/2.0/UNKNOWN x.example.com;branch=b\r\n"),
    "an odd reason phrase": b"SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd\xd0\xbe \xd1\x81\xd1\x82\xd0\xbe\r\n" + request().partition(b"\r\n")[2],
    "no reason phrase": b"SIP/2.0 100 \r\n" + request().partition(b"\r\n")[2],
    "old syntax without branch and tag": request(via="SIP/2.0/UDP 192.0.2.1", max_forwards=None, **{"From": "<sip:anna@192.0.2.1>"}, content_length=None),
    "a date we do not use": request("OPTIONS", extra="Date: Fri, 01 Jan 2010 16:00:00 EST\r\n"),
    "IPv6 everywhere": request(uri="sip:611@[2001:db8::9]:5070", via="SIP/2.0/UDP [2001:db8::9:1]:5062;received=[2001:db8::9:255];branch=z9hG4bK6"),
    "empty list in Supported": request("OPTIONS", extra="Supported:\r\n"),
}  # fmt: skip

# name -> message and the status of the answer (0: silence)
REFUSED: dict[str, tuple[bytes, int]] = {
    "separators without values in Via and Contact": (request(via="SIP/2.0/UDP 192.0.2.15;;,;,,", contact='"Joe" <sip:joe@example.org>;;;;'), 0),
    "separators without values in Contact": (request(contact='"Joe" <sip:joe@example.org>;;;;'), 400),
    "more length than body": (request(body=SDP, content_length="9999"), 400),
    "negative length": (request(content_length="-999"), 400),
    "numbers out of range": (request("REGISTER", "sip:example.com", cseq="36893488147419103232 REGISTER", max_forwards="300"), 400),
    "hops out of range": (request(max_forwards="300"), 400),
    "hops in foreign digits": (request(max_forwards="\u0667"), 400),
    "a response with a number out of range": (b"SIP/2.0 503 no\r\n" + request(cseq="9292394834772304023312 OPTIONS").partition(b"\r\n")[2], 0),
    "an open quote": (request(to='"Mr. J. User <sip:j.user@example.com>'), 400),
    "brackets around the Request-URI": (request(uri="<sip:user@example.com>"), 400),
    "a space in the Request-URI": (request(uri="sip:user@example.com; lr"), 400),
    "two spaces in the first line": (request(uri=" sip:user@example.com"), 400),
    "a space after the first line": (request().replace(b"SIP/2.0\r\n", b"SIP/2.0  \r\n", 1), 400),
    "headers in the Request-URI": (request(uri="sip:user@example.com?Route=%3Csip:example.com%3E"), 400),
    "a URI with a question mark outside of brackets": (request("REGISTER", contact="sip:user@example.com?Route=%3Csip:x%3E"), 400),
    "spaces inside an address": (request("OPTIONS", to='"Watson, Thomas" < sip:t.watson@example.org >'), 400),
    "a comma in an unquoted name": (request("OPTIONS", **{"From": "Bell, Alexander <sip:a.g.bell@example.com>;tag=43"}), 400),
    "an unknown version": (request("OPTIONS").replace(b"SIP/2.0\r\n", b"SIP/7.0\r\n", 1), 505),
    "another method in CSeq": (request("OPTIONS", cseq="8 INVITE"), 400),
    "another method in CSeq of an unknown one": (request("NEWMETHOD", cseq="8 INVITE"), 400),
    "a status that is none": (b"SIP/2.0 4294967301 better not\r\n" + request().partition(b"\r\n")[2], 0),
    "no Call-ID, From, To": (request(call_id=None, to=None, **{"From": None}), 400),
    "doubled single fields": (request(extra="CSeq: 2 INVITE\r\nCall-ID: other\r\nTo: <sip:x@y>\r\n"), 400),
    "two lengths": (request(extra="Content-Length: 5\r\n"), 400),
    "a line that is no field": (request(extra="this is no header\r\n"), 400),
    "a stray percent in a URI": (request(uri="sip:%zz@example.com"), 400),
    "a port out of range": (request(uri="sip:x@example.com:99999"), 400),
    # understood, but not for us (RFC 4475 3.3)
    "an unknown scheme": (request("OPTIONS", "nobodyKnowsThisScheme:totallyopaquecontent"), 416),
    "a known scheme of another trade": (request("OPTIONS", "soap.beep://192.0.2.103:3002"), 416),
    "unknown extensions": (request("OPTIONS", extra="Require: nothingSupportsThis, nothingSupportsThisEither\r\n"), 420),
    "an unknown body": (request(body="<audio><pcmu port='4'/></audio>", content_type="application/unknownformat"), 415),
    "an answer in a form we do not have": (request(body=SDP, extra="Accept: text/nobodyKnowsThis\r\n"), 406),
    "hops used up, yet it is for us": (request("OPTIONS", max_forwards="0"), 200),
    "a scheme in To that nobody knows": (request("OPTIONS", to="isbn:2983792873"), 200),
    "a branch that is only the cookie": (request("OPTIONS", via="SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK"), 200),
    "an unknown method": (request("NEWMETHOD"), 405),
    "a response to nobody": (b"SIP/2.0 200 OK\r\n" + request(via="SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1").partition(b"\r\n")[2], 0),
}  # fmt: skip
