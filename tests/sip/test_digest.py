"""Digest as client and as server (RFC 7616 3.9.1 has the figures of the first test)."""

from teplo.channels.voice.sip.digest import Client, Credentials, Server, proofs
from teplo.channels.voice.sip.headers import auth_parameters

CREDENTIALS = Credentials("Mufasa", "Circle of Life")
CHALLENGE = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)


def test_the_figures_of_the_rfc() -> None:
    for name, expected in (
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ):
        client = Client(CREDENTIALS, lambda: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
        value = client.authorize([CHALLENGE.format(name)], "GET", "/dir/index.html")
        assert value is not None
        assert auth_parameters(value)[1]["response"] == expected


def server(now: list[float]) -> Server:
    return Server("teplo", b"secret", lambda: now[0], {"Mufasa": proofs("Mufasa", "teplo", "Circle of Life")}.get)


def test_the_strongest_challenge_is_met_and_passes() -> None:
    now = [1000.0]
    theirs = server(now)
    client = Client(CREDENTIALS, lambda: "abc")
    value = client.authorize(["Basic realm=x", *reversed(theirs.challenges())], "REGISTER", "sip:teplo")
    assert value is not None and "algorithm=SHA-256" in value
    assert theirs.check([value], "REGISTER", "sip:teplo") == ("ok", "Mufasa")
    assert theirs.check([value], "REGISTER", "sip:teplo") == ("stale", "Mufasa"), "played again"
    again = client.authorize(theirs.challenges(), "REGISTER", "sip:teplo")
    assert again is not None and theirs.check([again], "REGISTER", "sip:teplo")[0] == "ok"


def test_what_is_wrong_is_wrong() -> None:
    now = [1000.0]
    theirs = server(now)
    good = Client(CREDENTIALS, lambda: "abc").authorize(theirs.challenges(), "INVITE", "sip:1")
    assert good is not None
    assert theirs.check([good], "BYE", "sip:1")[0] == "wrong"
    assert theirs.check([good], "INVITE", "sip:2")[0] == "wrong"
    assert theirs.check(["NoOneKnowsThisScheme opaque-data=here"], "INVITE", "sip:1")[0] == "missing"
    for user, password in (("Mufasa", "wrong"), ("Nobody", "")):
        bad = Client(Credentials(user, password), lambda: "abc").authorize(theirs.challenges(), "INVITE", "sip:1")
        assert bad is not None and theirs.check([bad], "INVITE", "sip:1")[0] == "wrong"
    now[0] += 301
    assert theirs.check([good], "INVITE", "sip:1")[0] == "stale"
    other = Server("teplo", b"other", lambda: now[0], {"Mufasa": proofs("Mufasa", "teplo", "Circle of Life")}.get)
    assert other.check([good], "INVITE", "sip:1")[0] == "stale"


def test_no_challenge_can_be_met_without_a_known_algorithm() -> None:
    client = Client(CREDENTIALS, lambda: "abc")
    assert client.authorize(["Digest realm=x, nonce=y, algorithm=SHA-512"], "INVITE", "sip:1") is None
    assert client.authorize(['Digest realm="x"', "Basic realm=x"], "INVITE", "sip:1") is None


def test_an_algorithm_that_is_not_asked_for_proves_nothing() -> None:
    users = {"Mufasa": proofs("Mufasa", "teplo", "Circle of Life")}.get
    strong = Server("teplo", b"secret", lambda: 1000.0, users, algorithms=["sha-256"])
    weak = Server("teplo", b"secret", lambda: 1000.0, users, algorithms=["md5"])
    value = Client(CREDENTIALS, lambda: "abc").authorize(weak.challenges(), "REGISTER", "sip:teplo")
    assert value is not None and "algorithm=MD5" in value
    assert strong.check([value], "REGISTER", "sip:teplo")[0] == "wrong"
    assert weak.check([value], "REGISTER", "sip:teplo")[0] == "ok"
