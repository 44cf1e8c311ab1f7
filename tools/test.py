"""`./teplo test`: checks, the web's tests, then pytest in four parts; its closing line comes last.

Most tests wait for disks and deadlines more than they compute, so several run beside each other. Browsers run two at
once, each file in one process; calls, which are heard in real time and wait half of it, four. Kills under load have
the machine to themselves. With arguments only pytest runs, in one part, and gets them: `./teplo test -k floor`,
`./teplo test tests/unit`.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PHONES = {"sipp": "sip-tester", "baresip": "baresip-core"}
NAT = {"ip": "iproute2", "nft": "nftables", "conntrack": "conntrack"}
"""Programs and the packages of Debian that have them."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSED = "tests/e2e"
CALLED = "tests/calls"
ALONE = ("tests/reliability",)
BESIDE = [f"--ignore={folder}" for folder in (BROWSED, CALLED, *ALONE)]
WORKERS = 2 * (os.cpu_count() or 1)
WEB = {"desk": ROOT / "web", "widget": ROOT / "web" / "widget"}


def main(args: list[str]) -> int:
    """Run everything even when something fails; return 0 only when all passed."""
    prepare_browser()
    prepare_phones()
    if args:
        return pytest("Python tests", args)
    outcomes = {"checks": section("Checks", [sys.executable, "tools/check.py"], ROOT)}
    for name, folder in WEB.items():
        if (folder / "package.json").exists():
            outcomes[f"web {name}"] = section(f"Web tests: {name}", ["npm", "test", "--silent"], folder)
    outcomes["python"] = pytest("Python tests beside each other", ["-n", str(WORKERS), *BESIDE])
    outcomes["browsers"] = pytest("Browsers", ["-n", "2", "--dist", "loadfile", BROWSED])
    outcomes["calls"] = pytest("Calls", ["-n", "4", "--dist", "worksteal", CALLED])
    outcomes["kills"] = pytest("Kills under load", [*ALONE])
    failed = [name for name, code in outcomes.items() if code]
    if failed:
        print(f"\n./teplo test: FAILED: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def section(title: str, command: list[str], folder: Path) -> int:
    """Run one part with its output shown; after it its time, and how many processors it kept busy."""
    print(f"\n=== {title}", flush=True)
    begun, used = time.monotonic(), processor_seconds()
    code = subprocess.run(command, cwd=folder, env={**os.environ, "CI": "1"}, check=False).returncode
    took = time.monotonic() - begun
    busy = (processor_seconds() - used) / took
    print(f"=== {title}: {'ok' if code == 0 else 'FAILED'}, {took:.0f} s, {busy:.1f} processors", flush=True)
    return code


def processor_seconds() -> float:
    """Return what ended children have used; servers that a test leaves to themselves are not among them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def pytest(title: str, args: list[str]) -> int:
    """Run pytest and return its exit code."""
    return section(title, [sys.executable, "-m", "pytest", *args], ROOT)


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
    print(f"Installing {name} …", end="", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *command], env=quiet, capture_output=True, text=True, check=False)
    print(f" {time.monotonic() - begun:.0f} s", flush=True)
    last = (done.stderr.strip() or done.stdout.strip()).rpartition("\n")[2]
    return "" if done.returncode == 0 else f"{name} could not be installed ({last})."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
