"""All figures with their formulas; reference page, API and screens are made of this.

A share or a mean is None when its denominator is 0: an empty interval is neither 0 nor 100 %.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .definition import Definition, Scope, Text, Value
from .queue_figures import QUEUE_FIGURES
from .tally import Handling, Tally, seconds
from .work_figures import WORK_FIGURES, mean_handling, mean_shared

DEFINITIONS: tuple[Definition, ...] = QUEUE_FIGURES + WORK_FIGURES
"""All figures, in the order in which they are shown."""

BY_ID: dict[str, Definition] = {definition.id: definition for definition in DEFINITIONS}

CHANNEL_FIGURES: dict[str, Callable[[Handling], float | None]] = {
    "handled": lambda work: work.handled,
    "aht": mean_handling,
    "talk": lambda work: seconds(work.talk, work.handled),
    "hold": lambda work: seconds(work.hold, work.handled),
    "wrap_up": lambda work: seconds(work.wrap_up, work.handled),
    "aht_concurrent": mean_shared,
}
"""Figures that are given for each channel too."""


def figures(tally: Tally, scope: Scope | None = None) -> dict[str, Value]:
    """Compute all figures of a tally; one that has no meaning in the scope is None (scope None: the whole centre)."""
    return {
        definition.id: definition.compute(tally) if scope is None or scope in definition.scopes else None
        for definition in DEFINITIONS
    }


def variants(tally: Tally, scope: Scope | None = None) -> dict[str, dict[str, Value]]:
    """Compute the named variants of the figures that have them."""
    return {
        definition.id: {variant.id: variant.compute(tally) for variant in definition.variants}
        for definition in DEFINITIONS
        if definition.variants and (scope is None or scope in definition.scopes)
    }


def channels(tally: Tally) -> dict[str, dict[str, Any]]:
    """Compute the figures of handling for each channel."""
    return {
        name: {key: compute(work) for key, compute in CHANNEL_FIGURES.items()}
        for name, work in sorted(tally.channels.items())
    }


def reference() -> str:
    """Write the reference page of all figures (docs/reference/metrics.md)."""
    lines = [
        "# Figures and their formulas",
        "",
        "Made from `src/teplo/domain/queue_figures.py` and `work_figures.py` by `python tools/reference.py`;",
        "a test compares the two. A share or a mean with nothing to divide by is empty, neither 0 nor 100 %.",
        "",
        "A wait in a queue is counted whole at the instant of its outcome, so a past interval never changes.",
        "It is measured from the moment the subscriber began to wait, also across an overflow to another queue;",
        "after a talk (transfer, agent lost) a new wait begins. T is the queue's target unless `threshold` is given.",
        "Talk, hold and wrap-up have nothing in common and add up to the handling time. Talk and hold are counted when",
        "the agent's part of the talk ends, wrap-up when it ends, an agent's own time as it passes.",
        "",
        "| Id | Figure | Formula | Unit | По-русски | Формула |",
        "|---|---|---|---|---|---|",
    ]
    for figure in DEFINITIONS:
        lines.append(_row(figure.id, figure.name, figure.formula, figure.unit))
        lines += [
            _row(f"{figure.id}:{variant.id}", variant.name, variant.formula, figure.unit) for variant in figure.variants
        ]
    return "\n".join(lines) + "\n"


def _row(key: str, name: Text, formula: Text, unit: str) -> str:
    return f"| `{key}` | {name['en']} | {formula['en']} | {unit} | {name['ru']} | {formula['ru']} |"
