"""Rules of the house that no linter knows: length of modules, words, addresses, file names.

Each message says the rule and its reason. What is looked at is what git would commit.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 500
CODE = {".py", ".ts", ".tsx", ".js", ".mjs", ".css", ".sql", ".sh"}
TEXT = CODE | {".md", ".toml", ".json", ".html", ".lock", ".yml", ".yaml", ".cfg", ".ini", ".txt", ""}
GENERATED = ("package-lock.json", "openapi.json", "api.gen.ts", ".lock")

# One English word per idea (docs/GLOSSARY.md). Parts of names in Python source; the right word stands beside.
WORDS = {
    "ticket": "case or contact",
    "conversation": "contact",
    "interaction": "contact",
    "manager": "the thing itself",
    "helper": "what it does",
    "helpers": "what they do",
    "util": "what it does",
    "utils": "what they do",
    "misc": "what it does",
}
# Written in pieces so that this file does not break its own rule.
ADDRESSES = re.compile(
    "|".join(
        ("(?<![\\w.])" if pieces[0].startswith("/") else "") + re.escape("".join(pieces))
        for pieces in (
            ("/wo", "rk/"),
            ("/ro", "ot/"),
            ("/ho", "me/"),
            ("pypi", ".org"),
            ("python", "hosted.org"),
            ("registry", ".npmjs"),
            ("file:///", "opt"),
        )
    )
)
MARKS = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def files() -> list[Path]:
    """Return the files that git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix in TEXT]


def too_long(path: Path, text: str) -> Iterator[str]:
    """A module is read as a whole; what grows past this has become two things."""
    if path.suffix in CODE and not path.name.endswith(GENERATED):
        lines = text.count("\n")
        if lines > LONGEST:
            yield f"{lines} lines, at most {LONGEST}: split it by meaning"


def addresses(path: Path, text: str) -> Iterator[str]:
    """The repository must not know the machine or the mirror it was made on."""
    for number, line in enumerate(text.splitlines(), start=1):
        found = ADDRESSES.search(line)
        if found:
            yield f"line {number}: mentions `{found.group()}`, an address of one machine or registry"


def marks(path: Path, text: str) -> Iterator[str]:
    """A promise without an owner is kept by nobody: do it, or file an issue."""
    if path.suffix in CODE:
        for number, line in enumerate(text.splitlines(), start=1):
            found = MARKS.search(line)
            if found:
                yield f"line {number}: `{found.group()}` belongs into an issue"


def words(path: Path, text: str) -> Iterator[str]:
    """Two words for one idea make two ideas."""
    if path.suffix != ".py" or ROOT / "src" not in path.parents:
        return
    names = [(1, path.stem)]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.append((node.lineno, node.name))
    for number, name in names:
        for part in NAME_PARTS.findall(name):
            if part.lower() in WORDS:
                yield f"line {number}: name `{name}`: say {WORDS[part.lower()]} instead of `{part.lower()}`"


def main() -> int:
    """Print every breach and return 1 when there is one."""
    breaches = 0
    looked_at = files()
    for path in looked_at:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for rule in (too_long, addresses, marks, words):
            if path.suffix == ".lock" and rule is not addresses:
                continue
            for breach in rule(path, text):
                breaches += 1
                print(f"{path.relative_to(ROOT)}: {breach}")
    print(f"{len(looked_at)} files, {breaches} breaches")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
