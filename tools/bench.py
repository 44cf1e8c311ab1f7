"""`./teplo bench NAME [--json]`: run one benchmark; its figures belong into docs/."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"


def names() -> dict[str, str]:
    """Return the benchmarks with the first line of what each says about itself."""
    found = {}
    for path in sorted(FOLDER.glob("[a-z]*.py")):
        text = path.read_text(encoding="utf-8")
        if "__main__" in text:
            found[path.stem] = (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
    return found


def main(args: list[str]) -> int:
    """Become the benchmark named."""
    known = names()
    if not args or args[0] not in known:
        if args and args[0] not in ("-h", "--help"):
            print(f"There is no benchmark `{args[0]}`.")
        print("Benchmarks:")
        for name, about in known.items():
            print(f"  ./teplo bench {name:<10} {about}")
        return 0 if not args else 2
    os.environ["PYTHONPATH"] = str(FOLDER.parent)
    os.execv(sys.executable, [sys.executable, str(FOLDER / f"{args[0]}.py"), *args[1:]])  # noqa: S606
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
