"""Write the generated pages of docs/reference: metrics, events, settings, rights."""

import inspect
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from teplo.domain.definitions import reference as metrics
from teplo.domain.events import BY_KIND, Event
from teplo.services.access import PERMISSIONS, ROLE_PERMISSIONS, ROLES
from teplo.settings import Settings

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
_MADE = "Made by `python tools/reference.py`; a test compares.\n"


def _type(event: type[Event], field: str) -> str:
    annotation = str(event.__annotations__.get(field, Event.__annotations__.get(field, "")))
    return annotation.replace(" | None", "?")


def events() -> str:
    """Return the dictionary of facts."""
    lines = ["# Events", "", "Every fact of the log, ids only. `at` (POSIX seconds, UTC) is in all of them.", _MADE]
    for kind, event in sorted(BY_KIND.items()):
        lines += [f"## {kind}", "", inspect.cleandoc(event.__doc__ or ""), ""]
        names = [f.name for f in fields(event) if f.name != "at"]
        lines += ["| Field | Type |", "|---|---|", *(f"| `{name}` | `{_type(event, name)}` |" for name in names), ""]
    return "\n".join(lines)


def settings() -> str:
    """Return the settings of a process."""
    lines = ["# Settings", "", "Environment variables of one process, read once at its start.", _MADE]
    lines += ["| Variable | Default | What |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, []) else f"`{field.default}`"
        lines.append(f"| `TEPLO_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def rights() -> str:
    """Return who may do what."""
    lines = ["# Roles and rights", "", _MADE, "| Right | " + " | ".join(ROLES) + " |", "|---|" + "---|" * len(ROLES)]
    for permission in sorted(PERMISSIONS):
        marks = ["yes" if permission in ROLE_PERMISSIONS[role] else "" for role in ROLES]
        lines.append(f"| `{permission}` | " + " | ".join(marks) + " |")
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "metrics.md": metrics,
    "events.md": events,
    "settings.md": settings,
    "rights.md": rights,
}

if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
