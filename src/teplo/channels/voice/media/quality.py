"""How good a leg sounds: loss, jitter, delay, and an estimate of the mean opinion score (ITU-T G.107)."""

from dataclasses import dataclass
from typing import Final

_R_BEST: Final = 93.2
"""The rating of a clean narrow-band call: all defaults of G.107."""
_LOSS_ROBUSTNESS: Final = 25.1
"""Bpl of G.711 with loss concealment (G.113, appendix I)."""


def mos(loss_pct: float, one_way_ms: float) -> float:
    """Return the estimated MOS (1 to 4.41) of a G.711 call with so much random loss and one-way delay.

    R = 93.2 - Id - Ie,eff of the E-model, with Id the usual two-slope fit of its delay curve, Ie,eff by clause 7.2.4.
    """
    delay = 0.024 * one_way_ms + (0.11 * (one_way_ms - 177.3) if one_way_ms > 177.3 else 0.0)
    rating = _R_BEST - delay - 95.0 * loss_pct / (loss_pct + _LOSS_ROBUSTNESS)
    if rating <= 0:
        return 1.0
    score = 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6
    return round(max(1.0, min(4.5, score)), 2)


@dataclass(frozen=True, slots=True)
class Quality:
    """What one leg received, and what its far end says it received from us."""

    packets: int = 0
    """RTP packets received."""
    sent: int = 0
    """RTP packets sent."""
    loss_pct: float = 0.0
    """Share of the expected packets that never came, per cent."""
    late_pct: float = 0.0
    """Share of the expected packets that came too late to be played, per cent."""
    jitter_ms: float = 0.0
    """Interarrival jitter (RFC 3550, 6.4.1)."""
    buffer_ms: float = 0.0
    """Delay of the jitter buffer."""
    round_trip_ms: float | None = None
    """From RTCP; None until the far end has reported."""
    far_loss_pct: float | None = None
    """Loss that the far end reported of what we send, per cent."""
    far_jitter_ms: float | None = None
    """Jitter that the far end reported."""
    mos: float = 4.41
    """Estimate of what is heard here."""
