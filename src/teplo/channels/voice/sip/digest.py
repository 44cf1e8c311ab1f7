"""Digest access authentication (RFC 7616, RFC 8760): as client, and as server with counted nonces."""

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from .headers import auth_parameters

_HASHES: Final[Mapping[str, Callable[[bytes], "hashlib._Hash"]]] = {
    "sha-256": hashlib.sha256,
    "md5": lambda data: hashlib.md5(data, usedforsecurity=False),
}
"""Strongest first."""

Verdict = Literal["ok", "missing", "stale", "wrong"]


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a trunk or phone proves itself with."""

    user: str
    password: str = field(repr=False)


def _hex(algorithm: str, *parts: str) -> str:
    return _HASHES[algorithm](":".join(parts).encode()).hexdigest()


def proofs(user: str, realm: str, password: str) -> dict[str, str]:
    """What a server keeps in place of a password (RFC 7616 3.4.2), by algorithm."""
    return {name: _hex(name, user, realm, password) for name in _HASHES}


class Client:
    """Answers one server's challenges; counts the uses of each nonce."""

    def __init__(self, credentials: Credentials, random_hex: Callable[[], str]) -> None:
        self._credentials = credentials
        self._random_hex = random_hex
        self._counts: dict[str, int] = {}

    def authorize(self, challenges: Sequence[str], method: str, uri: str) -> str | None:
        """The value of (Proxy-)Authorization for the strongest challenge; None where none can be met."""
        offers = [auth_parameters(challenge) for challenge in challenges]
        for name in _HASHES:
            for scheme, offered in offers:
                qops = [item.strip() for item in offered.get("qop", "").lower().split(",") if item.strip()]
                fits = offered.get("algorithm", "MD5").lower() == name and (not qops or "auth" in qops)
                if scheme == "digest" and fits and "nonce" in offered:
                    return self._answer(name, offered, bool(qops), method, uri)
        return None

    def _answer(self, name: str, offered: Mapping[str, str], qop: bool, method: str, uri: str) -> str:
        user, realm, nonce = self._credentials.user, offered.get("realm", ""), offered["nonce"]
        secret = _hex(name, user, realm, self._credentials.password)
        action = _hex(name, method, uri)
        values = {"username": user, "realm": realm, "nonce": nonce, "uri": uri}
        plain = {"algorithm": name.upper()} if "algorithm" in offered else {}
        if qop:
            if len(self._counts) > 8:
                self._counts.clear()
            self._counts[nonce] = self._counts.get(nonce, 0) + 1
            count, own = f"{self._counts[nonce]:08x}", self._random_hex()
            values |= {"cnonce": own, "response": _hex(name, secret, nonce, count, own, "auth", action)}
            plain |= {"qop": "auth", "nc": count}
        else:
            values["response"] = _hex(name, secret, nonce, action)
        if "opaque" in offered:
            values["opaque"] = offered["opaque"]
        quoted = [key + '="' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for key, value in values.items()]
        return "Digest " + ", ".join([*quoted, *(f"{key}={value}" for key, value in plain.items())])


class Server:
    """Challenges and checks.

    Nonces are signed times, so that strangers cost no memory; only the counts of used ones are kept.
    """

    def __init__(
        self,
        realm: str,
        secret: bytes,
        clock: Callable[[], float],
        proofs_of: Callable[[str], Mapping[str, str] | None],
        *,
        algorithms: Iterable[str] = ("sha-256", "md5"),
        lifetime: float = 300.0,
        remembered: int = 10_000,
    ) -> None:
        """`proofs_of` knows the users of the realm by what `proofs` made of their passwords."""
        self.realm = realm
        self._algorithms = [name for name in _HASHES if name in set(algorithms)]
        self._secret = secret
        self._clock = clock
        self._proofs_of = proofs_of
        self._lifetime = lifetime
        self._remembered = remembered
        self._counts: OrderedDict[str, int] = OrderedDict()

    def challenges(self, *, stale: bool = False) -> list[str]:
        """The values of WWW-Authenticate or Proxy-Authenticate, the strongest first (RFC 8760 2.4)."""
        nonce = self._nonce(f"{int(self._clock() * 1000):x}")
        mark = ", stale=true" if stale else ""
        names = [name.upper() for name in self._algorithms]
        return [f'Digest realm="{self.realm}", nonce="{nonce}", qop="auth", algorithm={name}{mark}' for name in names]

    def check(self, lines: Sequence[str], method: str, uri: str) -> tuple[Verdict, str]:
        """Verdict and user name of the credentials for our realm in these header lines; `uri` is the Request-URI."""
        for line in lines:
            scheme, given = auth_parameters(line)
            if scheme == "digest" and given.get("realm") == self.realm:
                return self._check(given, method, uri), given.get("username", "")
        return "missing", ""

    def _check(self, given: Mapping[str, str], method: str, uri: str) -> Verdict:
        name = given.get("algorithm", "MD5").lower()
        nonce, count = given.get("nonce", ""), given.get("nc", "")
        if name not in self._algorithms or given.get("qop", "").lower() != "auth" or given.get("uri") != uri:
            return "wrong"
        issued = self._issued(nonce)
        if issued is None or len(count) != 8:
            return "wrong" if issued is not None else "stale"
        known = self._proofs_of(given.get("username", ""))
        secret = known[name] if known is not None else _hex(name, "")
        parts = (secret, nonce, count, given.get("cnonce", ""), "auth", _hex(name, method, uri))
        right = hmac.compare_digest(_hex(name, *parts).encode(), given.get("response", "").lower().encode())
        if not right or known is None:
            return "wrong"
        try:
            used = int(count, 16)
        except ValueError:
            return "wrong"
        if self._clock() - issued > self._lifetime or used <= self._counts.get(nonce, 0):
            return "stale"  # an old nonce, or the same request played again
        self._counts[nonce] = used
        while len(self._counts) > self._remembered:
            self._counts.popitem(last=False)
        return "ok"

    def _nonce(self, stamp: str) -> str:
        return f"{stamp}.{hmac.digest(self._secret, stamp.encode(), 'sha256').hex()[:32]}"

    def _issued(self, nonce: str) -> float | None:
        stamp, _, _ = nonce.partition(".")
        if not hmac.compare_digest(self._nonce(stamp).encode(), nonce.encode()):
            return None
        return int(stamp, 16) / 1000
