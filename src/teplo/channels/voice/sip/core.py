"""What sessions stand on: time, chance, transactions, and the addresses that we write into messages."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from .flow import Flow, is_hidden
from .headers import Via
from .message import Request, Response
from .timers import Timers
from .transaction import MAGIC, ClientTransaction, InviteClient, NonInviteClient, Send, Transactions
from .uri import Uri, bracketed

log = structlog.get_logger()

ALLOW: Final = "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, REFER"
SUPPORTED: Final = "100rel, timer"
EXTENSIONS: Final = frozenset({"100rel", "timer"})
SWITCH_OCTETS: Final = 1300
"""A longer request does not go over UDP (RFC 3261 18.1.1)."""


@dataclass(slots=True)
class Settings:
    """What an operator may set."""

    user_agent: str = "Teplo"
    contact_user: str = "teplo"
    session_expires: int = 1800
    """Wished session interval in seconds (RFC 4028)."""
    min_se: int = 90
    """Shortest session interval that we accept."""
    max_sessions: int = 5000
    retry_after: int = 5
    """Seconds in a 503."""


class Core:
    """Shared by all sessions of one stack. `local` tells our address (host, port) towards a flow."""

    def __init__(
        self,
        send: Send,
        clock: Callable[[], float],
        *,
        local: Callable[[Flow], tuple[str, int]],
        transports: Callable[[], frozenset[str]],
        settings: Settings | None = None,
        chance: Callable[[], float] = random.random,
        token: Callable[[int], str] = secrets.token_hex,
    ) -> None:
        self.timers = Timers(clock)
        self.transactions = Transactions(self.timers, send)
        self.settings = settings or Settings()
        self.send = send
        self.chance = chance
        self.token = token
        self._local = local
        self.transports = transports
        self.on_contact: Callable[[str], None] = lambda host: None
        """Told the host of each request that goes out: what comes from there is an answer to us."""

    def via(self, flow: Flow) -> Via:
        """Our Via for a request on this flow, with a new branch and asking for `rport`."""
        host, port = self._local(flow)
        return Via(flow.transport, host, port, {"branch": f"{MAGIC}{self.token(8)}", "rport": ""})

    def contact(self, flow: Flow, user: str | None = None) -> str:
        """Our Contact towards this flow."""
        host, port = self._local(flow)
        transport = "" if flow.transport == "UDP" else f";transport={flow.transport.lower()}"
        return f"<sip:{user or self.settings.contact_user}@{bracketed(host)}:{port}{transport}>"

    def host(self, flow: Flow) -> str:
        """Our host name or address towards this flow."""
        return self._local(flow)[0]

    def flow_to(self, uri: Uri, via: Flow | None = None) -> Flow:
        """Where a request for this URI goes (RFC 3263 4.1, without the look-up of names).

        `via` is the flow on which the peer's last request came: a stream stays in use, and a peer behind NAT, whose
        private address cannot be reached, is answered where it spoke from.
        """
        if via is not None:
            if is_hidden(uri.host, via.host) or (via.reliable and via.connection):
                return via
        transport = uri.transport or ("UDP" if "UDP" in self.transports() else "TCP")
        host = uri.parameters.get("maddr") or uri.host
        return Flow(transport, host, uri.port or (5061 if transport == "TLS" else 5060))

    def transact(
        self,
        request: Request,
        flow: Flow,
        on_response: Callable[[Response], None],
        on_failure: Callable[[str], None],
    ) -> ClientTransaction:
        """Send a request in a client transaction; a long one goes over TCP or, if that fails, over UDP after all."""
        self.on_contact(flow.host)
        kind = InviteClient if request.method == "INVITE" else NonInviteClient
        if flow.transport == "UDP" and "TCP" in self.transports() and len(request.encode()) > SWITCH_OCTETS:
            stream = Flow("TCP", flow.host, flow.port)

            def fall_back(why: str) -> None:
                if why != "transport":
                    return on_failure(why)
                request.set_via(self.via(flow))
                kind(self.transactions, request, flow, on_response, on_failure)
                return None

            request.set_via(self.via(stream))
            return kind(self.transactions, request, stream, on_response, fall_back)
        return kind(self.transactions, request, flow, on_response, on_failure)
