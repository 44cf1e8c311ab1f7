"""`./teplo lock`: make the lock files anew from pyproject.toml. Needs the network; commit the result.

The files name versions and hashes only, no address: whoever installs uses his own mirror.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"base.lock": ("build",), "opus.lock": ("build", "opus"), "dev.lock": ("build", "dev", "opus")}
COMPILE = (
    *("pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-header", "--quiet"),
)


def uv() -> str:
    """Return the path of uv, installed when missing: only developers who lock need it."""
    program = ROOT / ".venv" / "bin" / "uv"
    if not program.exists():
        print("Fetching uv …", flush=True)
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "uv"], check=True)
    return str(program)


def main(args: list[str]) -> int:
    """Write the lock files; `--upgrade` and `--upgrade-package NAME` go to uv."""
    program = uv()
    for name, extras in LOCKS.items():
        chosen = [word for extra in extras for word in ("--extra", extra)]
        target = ROOT / "requirements" / name
        before = target.read_text() if target.exists() else ""
        command = [program, *COMPILE, *chosen, "-o", str(target.relative_to(ROOT)), *args]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, "UV_NO_PROGRESS": "1"}, check=False)
        if done.returncode:
            print(f"{name} was not made; the old one is kept.")
            return done.returncode
        text = target.read_text()
        if "://" in text:
            target.write_text(before)
            print(f"{name}: an address got into the lock; the old one is kept.")
            return 1
        print(f"{name}: {'unchanged' if text == before else 'written'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
