"""`./teplo test`: checks, the web's tests, then pytest in five parts; its closing line comes last.

Two lanes run beside each other first: the tests of Python that need no other program; and the set-up of the pages,
which waits for a registry, the checks and the web's tests. Then come SIP and WebRTC with the phones and the browser of
Debian; calls, several at once, which are heard in real time: beside browsers they were late; and browsers, two at once,
each file in one process. Kills under load have the machine to themselves. With arguments only pytest runs, in one part,
and gets them: `./teplo test -k floor`, `./teplo test tests/unit`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PHONES = {"sipp": "sip-tester", "baresip": "baresip-core"}
NAT = {"ip": "iproute2", "nft": "nftables", "conntrack": "conntrack"}
"""Programs and the packages of Debian that have them."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSED = "tests/e2e"
CALLED = "tests/calls"
LINED = ("tests/sip", "tests/webrtc")
"""They need programs of Debian, which are installed while other tests run."""
ALONE = "tests/reliability"
BESIDE = [f"--ignore={folder}" for folder in (BROWSED, CALLED, *LINED, ALONE)]
WORKERS = 2 * (os.cpu_count() or 1)


@dataclass(frozen=True)
class Part:
    """A program that must end with 0. `name` is what the closing line says of it."""

    name: str
    title: str
    command: Sequence[str]
    folder: Path = ROOT


def tests(name: str, title: str, *args: str) -> Part:
    """Return a run of pytest as a part."""
    return Part(name, title, [sys.executable, "-m", "pytest", *args])


def web(name: str, folder: Path) -> Part:
    """Return the tests of pages as a part."""
    return Part(f"web {name}", f"Web tests: {name}", ["npm", "test", "--silent"], folder)


PAGES = Part("pages", "Web pages", [sys.executable, "teplo", "setup", "--dev"])
CHECKS = Part("checks", "Checks", [sys.executable, "tools/check.py"])
WEB = [web("desk", ROOT / "web"), web("widget", ROOT / "web" / "widget")]
PYTHON = tests("python", "Python tests beside each other", "-n", str(WORKERS), *BESIDE)
LINES = tests("lines", "SIP and WebRTC", "-n", str(WORKERS), *LINED)
CALLS = tests("calls", "Calls", "-n", str(WORKERS), "--dist", "worksteal", CALLED)
BROWSE = tests("browsers", "Browsers", "-n", "2", "--dist", "loadfile", BROWSED)
KILLS = tests("kills", "Kills under load", ALONE)


def main(args: list[str]) -> int:
    """Run everything even when something fails; return 0 only when all passed."""
    if args:
        prepare()
        return run(tests("python", "Python tests", *args), live=True)
    with ThreadPoolExecutor(1) as pool:
        programs = pool.submit(prepare)
        outcomes = together([PYTHON], [PAGES, CHECKS, *WEB])
        programs.result()
    outcomes |= together([LINES, CALLS, BROWSE, KILLS])
    failed = [name for name, code in outcomes.items() if code]
    if failed:
        print(f"\n./teplo test: FAILED: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def together(*lanes: Sequence[Part]) -> dict[str, int]:
    """Run lanes beside each other, the parts of each in turn; return the exit codes by name.

    The first lane is shown as it goes, parts of the others when each has ended.
    """
    with ThreadPoolExecutor(len(lanes)) as pool:
        running = [pool.submit(follow, lane, live=number == 0) for number, lane in enumerate(lanes)]
    return {name: code for lane in running for name, code in lane.result().items()}


def follow(lane: Sequence[Part], *, live: bool) -> dict[str, int]:
    """Run parts one after the other."""
    return {part.name: run(part, live=live) for part in lane}


def run(part: Part, *, live: bool) -> int:
    """Run one part with its output shown; after it its time, and how many processors it kept busy.

    Servers that a test leaves to themselves are not among what it used.
    """
    head = f"\n=== {part.title}"
    if live:
        print(head, flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+", errors="replace") as kept:
        output = None if live else kept
        process = subprocess.Popen(
            part.command, cwd=part.folder, env={**os.environ, "CI": "1"}, stdout=output, stderr=output
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = code = os.waitstatus_to_exitcode(status)
        took = time.monotonic() - begun
        busy = (used.ru_utime + used.ru_stime) / took
        kept.seek(0)
        said = kept.read() if live else f"{head}\n{kept.read()}"
    print(f"{said}=== {part.title}: {'ok' if code == 0 else 'FAILED'}, {took:.0f} s, {busy:.1f} processors", flush=True)
    return code


def prepare() -> None:
    """Find the programs that tests use, or install them where that may be."""
    prepare_browser()
    prepare_phones()


def prepare_browser() -> None:
    """Find Chromium or install it where that may be done; say why browser tests are skipped otherwise."""
    found = os.environ.get("TEPLO_CHROMIUM") or browser()
    reason = ""
    if not found:
        reason = install_browser()
        found = browser()
    if found:
        os.environ["TEPLO_CHROMIUM"] = found
    else:
        os.environ["TEPLO_NO_BROWSER"] = reason
        print(f"Browser tests are skipped: {reason}", flush=True)


def browser() -> str | None:
    """Return the path of a Chromium."""
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


def prepare_phones() -> None:
    """Find SIPp and baresip, SIP phones that are not ours, and what makes a NAT, or install them where that may be."""
    missing = [package for program, package in (PHONES | NAT).items() if shutil.which(program) is None]
    if missing and (reason := install("SIPp, baresip and a NAT", missing)):
        print(f"Tests with other SIP phones, or behind NAT, are skipped: {reason}", flush=True)


def install_browser() -> str:
    """Install Debian's Chromium with a font that has Cyrillic; return the reason when that is impossible."""
    return install("Chromium", ["chromium", "fonts-dejavu-core"])


def install(name: str, packages: list[str]) -> str:
    """Install packages of Debian; return the reason when that is impossible."""
    if shutil.which("apt-get") is None:
        return f"{name} missing and this is no Debian or Ubuntu; install {' '.join(packages)} and repeat."
    if os.geteuid() != 0:
        return f"{name} missing; install with: sudo apt-get install -y {' '.join(packages)}"
    begun = time.monotonic()
    learn_packages()
    done = apt_get("install", "-y", "--no-install-recommends", *packages)
    print(f"\nInstalling {name} took {time.monotonic() - begun:.0f} s.", flush=True)
    last = (done.stderr.strip() or done.stdout.strip()).rpartition("\n")[2]
    return "" if done.returncode == 0 else f"{name} could not be installed ({last})."


@cache
def learn_packages() -> None:
    """Learn once which packages there are; whether that succeeded is seen at the first installation."""
    apt_get("update")


def apt_get(*words: str) -> subprocess.CompletedProcess[str]:
    """Run apt-get without questions."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(["apt-get", *words], env=quiet, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
