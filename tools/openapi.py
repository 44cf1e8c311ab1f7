"""The API's description without a server, and the screens' types made of it.

`python tools/openapi.py` writes web/kit/openapi.gen.ts; `--check` compares it instead; `--json` prints the description.
"""

import json
import subprocess
import sys
import tempfile
from difflib import unified_diff
from itertools import islice
from pathlib import Path
from typing import Any

from teplo.api.app import description

WEB = Path(__file__).resolve().parent.parent / "web"
TYPES = WEB / "kit" / "openapi.gen.ts"
_HEADER = "/** Shapes of the API. Made by `python tools/openapi.py`; `./teplo check types` compares. */\n\n"
_BINARY = "node_modules/.bin/openapi-typescript"


def types() -> str:
    """Return the TypeScript types of everything that the API takes and gives."""
    # The paths would be two thirds of the file and no screen reads them.
    shapes = {**_plain(description()), "paths": {}}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "api.json"), Path(folder, "api.ts")
        source.write_text(json.dumps(shapes), encoding="utf-8")
        command = [_BINARY, str(source), "--output", str(target), "--array-length", "--alphabetize"]
        command += ["--default-non-nullable", "false"]
        done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(done.stdout + done.stderr)
        made = target.read_text(encoding="utf-8")
    return _HEADER + made.partition("*/\n\n")[2]


def _plain(schema: Any) -> Any:
    """Leave out titles, which repeat the names, and bounds of lists: only pairs are tuples for the screens."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    left_out = {"title"} if isinstance(schema.get("title"), str) and "version" not in schema else set()
    if schema.get("type") == "array" and schema.get("minItems") != schema.get("maxItems"):
        left_out |= {"minItems", "maxItems"}
    return {key: _plain(value) for key, value in schema.items() if key not in left_out}


def main(args: list[str]) -> int:
    """Write, compare or print; return 1 when the stored types say something else than the server."""
    if "--json" in args:
        print(json.dumps(description(), indent=1, ensure_ascii=False))
        return 0
    made = types()
    if "--check" not in args:
        TYPES.write_text(made, encoding="utf-8")
        return 0
    stored = TYPES.read_text(encoding="utf-8") if TYPES.exists() else ""
    if made == stored:
        return 0
    lines = unified_diff(stored.splitlines(), made.splitlines(), "stored", "made of the server", n=1, lineterm="")
    print("\n".join(islice(lines, 60)))
    print("\nThe server's shapes changed. Run: .venv/bin/python tools/openapi.py")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
