"""`./teplo check`: every linter and contract of the house, one line each with its time.

All checks run even when one fails, so that one run shows everything; the output of the failed ones follows the list.
`./teplo check NAME …` runs only the checks named; `./teplo check --fix` lets ruff repair what it can first.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTHON_FILES = ("src", "tests", "benchmarks", "tools", "teplo")


@dataclass(frozen=True)
class Check:
    """A program that must end with 0; `needs` is a file without which there is nothing to check."""

    name: str
    command: tuple[str, ...]
    folder: Path = ROOT
    needs: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """How a check ended. `code` is None where there was nothing to check."""

    check: Check
    code: int | None
    seconds: float
    output: str


def checks() -> list[Check]:
    """Return all checks, the longest first so that the two cores are busy to the end."""
    python = [
        Check("mypy", (str(BIN / "mypy"), "--strict", "src")),
        Check("imports", (str(BIN / "lint-imports"),)),
        Check("ruff", (str(BIN / "ruff"), "check", *PYTHON_FILES)),
        Check("format", (str(BIN / "ruff"), "format", "--check", *PYTHON_FILES)),
        Check("modules", (str(BIN / "python"), "tools/check_modules.py")),
    ]
    folders = {"desk": (ROOT / "web", ("kit", "desk")), "widget": (ROOT / "web" / "widget", (".",))}
    web = []
    for label, (folder, sources) in folders.items():
        programs = folder / "node_modules" / ".bin"
        for tool, words in (("eslint", sources), ("tsc", ("--noEmit",)), ("knip", ())):
            web.append(Check(f"{label} {tool}", (str(programs / tool), *words), folder, programs / tool))
    types = Check(
        "api types", (str(BIN / "python"), "tools/openapi.py", "--check"), needs=ROOT / "web" / "node_modules"
    )
    return [*web, types, *python]


def run(check: Check) -> Outcome:
    """Run one check to its end."""
    begun = time.monotonic()
    if check.needs is not None and not check.needs.exists():
        return Outcome(check, None, 0.0, "")
    done = subprocess.run(
        check.command, cwd=check.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return Outcome(check, done.returncode, time.monotonic() - begun, done.stdout)


def main(args: Sequence[str]) -> int:
    """Run the checks and return how many failed, at most 1."""
    if "--fix" in args:
        subprocess.run([BIN / "ruff", "check", "--fix", "--quiet", *PYTHON_FILES], cwd=ROOT, check=False)
        subprocess.run([BIN / "ruff", "format", "--quiet", *PYTHON_FILES], cwd=ROOT, check=False)
    wanted = [arg for arg in args if not arg.startswith("-")]
    chosen = [check for check in checks() if not wanted or set(check.name.split()) & set(wanted)]
    if not chosen:
        print(f"No such check. There are: {', '.join(check.name for check in checks())}")
        return 1
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for outcome in pool.map(run, chosen):
            word = {0: "ok", None: "nothing to check"}.get(outcome.code, "FAILED")
            print(f"check  {outcome.check.name:<12} {word:<16} {outcome.seconds:6.1f} s", flush=True)
            if outcome.code:
                failed.append(outcome)
    for outcome in failed:
        print(f"\n--- {outcome.check.name}: {' '.join(outcome.check.command[1:])}\n{outcome.output.rstrip()}")
    print(f"\n{len(chosen) - len(failed)} checks passed, {len(failed)} failed.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
