"""Registration of ours at a trunk (RFC 3261 10.2): kept up, and tried again with growing patience when it fails."""

from collections.abc import Callable
from typing import Final

from .core import Core
from .digest import Client, Credentials
from .flow import Flow
from .headers import seconds
from .message import Response, build_request
from .timers import Timer
from .uri import BadAddress, NameAddr, Uri

_FIRST_RETRY: Final = 5.0
_LONGEST_RETRY: Final = 300.0


class Registration:
    """One address of record at one registrar. `on_change` is told True, False and the status of the answer."""

    def __init__(
        self,
        core: Core,
        registrar: Uri,
        address: NameAddr,
        credentials: Credentials | None,
        *,
        expires: int = 300,
        flow: Flow | None = None,
        contact_user: str | None = None,
    ) -> None:
        """`flow`: where the registrar is, if that is known; `contact_user`: the user that calls come to."""
        self._core = core
        self._registrar = registrar
        self._address = address
        self._digest = Client(credentials, lambda: core.token(8)) if credentials else None
        self._expires = expires
        self._flow = flow or core.flow_to(registrar)
        self._contact_user = contact_user
        self._call_id = f"{core.token(12)}@{core.host(self._flow)}"
        self._tag = core.token(6)
        self._number = 0
        self._patience = _FIRST_RETRY
        self._timer: Timer | None = None
        self._stopped = False
        self.registered = False
        self.on_change: Callable[[bool, int], None] = lambda registered, status: None

    def start(self) -> None:
        """Register now and from now on."""
        self._stopped = False
        self._send(self._expires)

    def move(self, flow: Flow) -> None:
        """Speak to the registrar there from the next request on."""
        self._flow = flow

    def stop(self) -> None:
        """Take the binding back."""
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()
        if self.registered:
            self._send(0)

    def _send(self, expires: int, proof: tuple[str, str] | None = None, tries: int = 3) -> None:
        self._number += 1
        core, flow = self._core, self._flow
        headers = [
            ("contact", core.contact(flow, self._contact_user)),
            ("expires", str(expires)),
            ("user-agent", core.settings.user_agent),
            *([proof] if proof else []),
        ]
        uri = str(Uri(self._registrar.scheme, "", self._registrar.host, self._registrar.port))
        request = build_request(
            "REGISTER",
            uri,
            via=core.via(flow),
            from_=self._address.with_tag(self._tag),
            to=self._address,
            call_id=self._call_id,
            number=self._number,
            headers=headers,
        )

        def received(response: Response) -> None:
            if response.status in (401, 407) and tries and self._digest is not None:
                asked = "www-authenticate" if response.status == 401 else "proxy-authenticate"
                given = "authorization" if response.status == 401 else "proxy-authorization"
                if value := self._digest.authorize(response.headers.lines(asked), "REGISTER", uri):
                    self._send(expires, (given, value), tries - 1)
                    return
            least = seconds(response.headers.get("min-expires"), 0, 86_400)
            if response.status == 423 and tries and least > self._expires:
                self._expires = least
                self._send(least, None, tries - 1)
            elif response.status >= 200:
                self._settled(response, expires)

        core.transact(request, flow, received, lambda why: self._changed(False, 408 if why == "timeout" else 503))

    def _settled(self, response: Response, wished: int) -> None:
        if response.status >= 300:
            self._changed(False, response.status)
            return
        granted = seconds(response.headers.get("expires"), wished)
        ours = self._core.contact(self._flow, self._contact_user)
        try:
            for contact in response.addresses("contact"):
                if f"<{contact.uri}>" == ours:
                    granted = seconds(contact.parameters.get("expires", ""), granted)
        except BadAddress:
            pass  # other phones' addresses are not our business
        self._changed(wished > 0, response.status, granted)

    def _changed(self, registered: bool, status: int, granted: int = 0) -> None:
        changed, self.registered = registered != self.registered, registered
        if not self._stopped:
            if registered:
                self._patience = _FIRST_RETRY
                wait = max(granted * 0.8, 5.0)
            else:
                wait = self._patience * (0.5 + self._core.chance())
                self._patience = min(self._patience * 2, _LONGEST_RETRY)
            self._timer = self._core.timers.after(wait, lambda: self._send(self._expires))
        if changed or not registered:
            self.on_change(registered, status)
