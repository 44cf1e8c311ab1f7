"""A private network behind a NAT, made of network namespaces: real packets, and nothing of it outside of them.

    home 192.168.77.2 --- nat 100.64.77.2, .3 --- 100.64.77.1 open --- 100.64.78.1 gate --- inner 10.77.0.2
    office 192.168.78.2 --/                                    \\--- street 100.64.79.2

`nat` gives every flow a random port and lets nobody in who was not spoken to; `gate` forwards a whole address (1:1).
"""

import asyncio
import ctypes
import itertools
import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self, TypeVar

import pytest

HOME, OPEN, PUBLIC = "192.168.77.2", "100.64.77.1", "100.64.77.2"
OFFICE, OFFICE_PUBLIC = "192.168.78.2", "100.64.77.3"
STREET, GATE, INNER, WITHIN = "100.64.79.2", "100.64.78.1", "10.77.0.2", "10.77.0.1"

_LINKS = (
    ("home", f"{HOME}/24", "nat", "192.168.77.1/24"),
    ("nat", f"{PUBLIC}/24", "open", f"{OPEN}/24"),
    ("open", "100.64.78.2/24", "gate", f"{GATE}/24"),
    ("gate", f"{WITHIN}/24", "inner", f"{INNER}/24"),
    ("open", "100.64.79.1/24", "street", f"{STREET}/24"),
    ("office", f"{OFFICE}/24", "nat", "192.168.78.1/24"),
)
_PLACES = ("home", "office", "nat", "open", "gate", "inner", "street")
_ROUTES = (
    ("home", "192.168.77.1"),
    ("office", "192.168.78.1"),
    ("inner", WITHIN),
    ("nat", OPEN),
    ("gate", "100.64.78.2"),
    ("street", "100.64.79.1"),
)
_RULES = {
    "nat": f"""chain out {{ type nat hook postrouting priority srcnat;
        oifname w1 ip saddr {OFFICE} snat to {OFFICE_PUBLIC} fully-random; oifname w1 masquerade fully-random; }};""",
    "gate": f"""chain in {{ type nat hook prerouting priority dstnat; iifname e2 dnat to {INNER}; }};
        chain out {{ type nat hook postrouting priority srcnat; oifname e2 snat to {GATE}; }};""",
}
_CLONE_NEWNET = 0x4000_0000
_LIBC = ctypes.CDLL(None, use_errno=True)
_numbers = itertools.count(1)
T = TypeVar("T")


class Refusal(Exception):
    """What the machine does not let us do."""


class Site:
    """The namespaces, taken away by `__exit__`. Their names begin with this process's number."""

    def __init__(self) -> None:
        self._prefix = f"teplo{os.getpid()}x{next(_numbers)}"
        self._made: list[str] = []

    def __enter__(self) -> Self:
        try:
            self._probe()
        except Refusal as refused:
            self._clear()
            pytest.skip(f"no namespaces with NAT on this machine: {refused}")
        try:
            self._build()
        except BaseException:
            self._clear()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def name(self, place: str) -> str:
        """The namespace of a place."""
        return f"{self._prefix}{place}"

    def command(self, place: str, *command: str) -> list[str]:
        """A command as it is started there."""
        return ["ip", "netns", "exec", self.name(place), *command]

    def run(self, place: str, *command: str, given: str = "") -> str:
        """Run a command there and return what it says. Raises Refusal."""
        return _run(self.command(place, *command), given)

    def inside(self, place: str, action: Callable[[], T]) -> T:
        """Do something there, in a thread that ends afterwards; a socket stays where it was made."""
        done: list[T] = []

        def enter() -> None:
            with open(f"/run/netns/{self.name(place)}") as file:
                if _LIBC.setns(file.fileno(), _CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
            done.append(action())

        thread = threading.Thread(target=enter)
        thread.start()
        thread.join()
        return done[0]

    def forget(self, timeout: int) -> None:
        """The NAT forgets what nobody has used for so many seconds."""
        folder = "/proc/sys/net/netfilter"
        for kind in ("", "_stream"):
            self.run("nat", "sh", "-c", f"echo {timeout} > {folder}/nf_conntrack_udp_timeout{kind}")

    def restart(self) -> None:
        """The NAT forgets everything at once; what goes on gets another port."""
        self.run("nat", "conntrack", "-F")

    def cut(self, source: str, *, on: bool) -> None:
        """The NAT lets nothing of this address through any more, in neither direction."""
        rules = "add chain ip n cut { type filter hook forward priority filter; }; flush chain ip n cut;"
        for way in ("saddr", "daddr") if on else ():
            rules += f" add rule ip n cut ip {way} {source} drop;"
        self.run("nat", "nft", rules)

    def forward(self, port: int) -> None:
        """Let strangers in at this UDP port of the office, to the same one inside."""
        self.run("nat", "nft", "add chain ip n in { type nat hook prerouting priority dstnat; }")
        self.run("nat", "nft", f"add rule ip n in ip daddr {OFFICE_PUBLIC} udp dport {port} dnat to {OFFICE}")

    def _probe(self) -> None:
        """Whether this machine lets us; what a killed run has left is taken away."""
        if os.geteuid() != 0:
            raise Refusal("it needs root")
        for program, package in (("ip", "iproute2"), ("nft", "nftables"), ("conntrack", "conntrack")):
            if shutil.which(program) is None:
                raise Refusal(f"{program} is not installed (apt install {package})")
        for left in re.findall(r"^(teplo(\d+)x\S+)", _run(["ip", "netns", "list"]), re.M):
            if not os.path.exists(f"/proc/{left[1]}"):
                with suppress(Refusal):
                    _run(["ip", "netns", "delete", left[0]])
        self._add("probe")
        self.run("probe", "ip", "link", "add", "w", "type", "veth", "peer", "name", "e")
        self.run("probe", "nft", "-f", "-", given=f"table ip n {{ {_RULES['nat']} }}")
        self.run("probe", "conntrack", "-F")
        self._clear()

    def _add(self, place: str) -> None:
        _run(["ip", "netns", "add", self.name(place)])
        self._made.append(place)

    def _build(self) -> None:
        for place in _PLACES:
            self._add(place)
            self.run(place, "ip", "link", "set", "lo", "up")
        for number, (one, address, other, far) in enumerate(_LINKS):
            # Both ends are made inside, with names of one letter: "e" towards the home, "w" away from it.
            _run(
                ["ip", "-n", self.name(one), "link", "add", f"w{number}", "type", "veth", "peer", "name", f"e{number}"]
                + ["netns", self.name(other)]
            )
            for place, device, given in ((one, f"w{number}", address), (other, f"e{number}", far)):
                self.run(place, "ip", "address", "add", given, "dev", device)
                self.run(place, "ip", "link", "set", device, "up")
        self.run("nat", "ip", "address", "add", f"{OFFICE_PUBLIC}/24", "dev", "w1")
        for place, gateway in _ROUTES:
            self.run(place, "ip", "route", "add", "default", "via", gateway)
        for place in ("nat", "open", "gate"):
            self.run(place, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        for place, rules in _RULES.items():
            self.run(place, "nft", "-f", "-", given=f"table ip n {{ {rules} }}")

    def _clear(self) -> None:
        while self._made:
            with suppress(Refusal):
                _run(["ip", "netns", "delete", self.name(self._made.pop())])


class Relay:
    """Connections to a port inside go to a port of this machine: the database, and the server's pages."""

    def __init__(self, site: Site, place: str, host: str, far: tuple[str, int]) -> None:
        self._far = far
        self._socket = site.inside(place, lambda: socket.create_server((host, 0)))
        self.port: int = self._socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        self._loop.create_task(asyncio.start_server(self._accept, sock=self._socket))
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self._far)
        async with asyncio.TaskGroup() as group:
            group.create_task(_carry(reader, far_writer))
            group.create_task(_carry(far_reader, writer))


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


def _run(command: list[str], given: str = "") -> str:
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=20, check=False)
    if done.returncode:
        raise Refusal(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout
