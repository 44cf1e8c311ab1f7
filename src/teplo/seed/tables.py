"""The tables that ship with the product: contact reasons, regions, and the demo centre's number ranges."""

import csv
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from ..services.config_import import Given


def rows(name: str) -> list[dict[str, str]]:
    """Read a table of this package."""
    text = (files(__package__) / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def reasons() -> Iterator[Given]:
    """Yield the tree of contact reasons: 12 groups and 88 reasons, in the order of the table."""
    for order, row in enumerate(rows("reasons.csv")):
        body: dict[str, Any] = {
            "name": {"ru": row["ru"], "en": row["en"]},
            "parent": row["parent"] or None,
            "group": not row["parent"],
            "order": order,
            "valid_from": row["valid_from"] or None,
        }
        yield "reason", row["code"], body


def regions() -> Iterator[Given]:
    """Yield three macro-regions and the federal subjects inside, each with its zone."""
    for row in rows("regions.csv"):
        yield (
            "region",
            row["code"],
            {"name": {"ru": row["ru"], "en": row["en"]}, "parent": row["macro"] or None, "zone": row["zone"] or None},
        )


def number_ranges() -> Iterator[Given]:
    """Yield a range of numbers for each region that the demo centre serves, all in codes that belong to nobody."""
    for row in rows("number_ranges.csv"):
        yield "number_range", row["prefix"].removeprefix("+"), {"prefix": row["prefix"], "region": row["region"]}
