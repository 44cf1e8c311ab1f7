"""Shapes that several resources share."""

from typing import Annotated

from pydantic import WithJsonSchema

Range = Annotated[
    tuple[float, float],
    WithJsonSchema({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}),
]
"""Low and high. Described as a list of two numbers: not every reader of the description knows tuples."""
