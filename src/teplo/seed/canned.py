"""Ready replies of the demo centre: short, warm, one promise with a date, nothing that cannot be kept."""

from collections.abc import Iterator

from ..services.config_import import Given
from .tables import rows


def canned() -> Iterator[Given]:
    """Yield the ready replies; those with queues are offered there only."""
    for row in rows("canned.csv"):
        body = {
            "name": {"ru": row["name_ru"], "en": row["name_en"]},
            "shortcut": row["shortcut"],
            "text": {"ru": row["text_ru"], "en": row["text_en"]},
            "queues": row["queues"].split(),
        }
        yield "canned", row["id"], body
