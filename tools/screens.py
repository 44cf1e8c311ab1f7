"""`python tools/screens.py OUT [--only NAME]`: a picture of every screen in each theme, language and size.

A real centre is started as for the tests in `tests/e2e`; the scenes are `tests/e2e/screens/*_screens.py`. OUT gets one
PNG for each variant and a sheet with all variants of a scene. What is wrong by rule (text cut off, sideways scrolling,
controls over each other, no visible focus, words missing, axe) is printed as a table; return 1 if there is anything.
`--only` takes scenes whose name contains NAME, with `and`, `or`, `not`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCENES = "tests/e2e/screens"
NOTE = "note: "
"""Begins kinds that are to be looked at, and are no faults."""


def main(args: list[str]) -> int:
    """Take the pictures, print the table."""
    parser = argparse.ArgumentParser(prog="screens.py", description="Pictures of every screen, and what is wrong.")
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("--only", metavar="NAME", help="scenes whose name contains this")
    parser.add_argument("--notes", action="store_true", help="print notes, too: shortened texts, the other language")
    given = parser.parse_args(args)
    given.out.mkdir(parents=True, exist_ok=True)
    faults = given.out / "faults.json"
    faults.unlink(missing_ok=True)
    options = ["-q", "-o", "python_files=*_screens.py", "--timeout=600", "--tb=short"]
    command = [sys.executable, "-m", "pytest", *options, SCENES]
    if given.only:
        command += ["-k", given.only]
    env = {**os.environ, "TEPLO_SCREENS": str(given.out.resolve())}
    failed = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    if not faults.exists():
        return failed or 1
    found = json.loads(faults.read_text("utf-8"))
    return table(found["pictures"], found["faults"], notes=given.notes) or failed


def table(pictures: int, faults: list[tuple[str, str, str, list[str]]], *, notes: bool) -> int:
    """Print one line a fault, the same fault of several scenes once; return 1 if there is a fault."""
    scenes: dict[tuple[str, str], list[str]] = {}
    variants: Counter[tuple[str, str]] = Counter()
    for scene, kind, what, where in faults:
        scenes.setdefault((kind, what), []).append(scene)
        variants[kind, what] += len(where)
    shown = sorted(key for key in scenes if notes or not key[0].startswith(NOTE))
    for kind, what in shown:
        names = ", ".join(scenes[kind, what][:4]) + (" …" if len(scenes[kind, what]) > 4 else "")
        print(f"{kind:<16} {names:<40} {variants[kind, what]:>4}x  {what}")
    count = sum(not kind.startswith(NOTE) for kind, _ in scenes)
    print(f"\n{pictures} pictures, {count} faults.")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
