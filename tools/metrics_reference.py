"""Write docs/reference/metrics.md from the definitions of the figures."""

from pathlib import Path

from teplo.domain.definitions import reference

if __name__ == "__main__":
    path = Path(__file__).parent.parent / "docs" / "reference" / "metrics.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(reference(), encoding="utf-8")
