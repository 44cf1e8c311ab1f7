"""The tables of `bench voice`, and its figures by name."""

from typing import Any

from .voice_phases import LATE_MS, LOSS_PCT, good

PEER_PCT_PER_CALL = 143 / 200
"""Asterisk 22 on two cores of this kind: 200 recorded bridged calls cost 143 % of a core."""
PEER_FREE_TO_RING_MS = 584.0, 1067.0
"""Its p50 and p99 from a free agent to the next waiting caller: it looks once a second."""
TARGETS = {
    "calls_per_core": 150,
    "webrtc_calls_per_core": 120,
    "setups_per_s": 20,
    "tick_late_p99_ms": LATE_MS,
    "webrtc_tick_late_p99_ms": LATE_MS,
    "loss_pct": LOSS_PCT,
    "webrtc_loss_pct": LOSS_PCT,
    "answer_p99_ms": 100.0,
    "desk_ring_p99_ms": 150.0,
    "audio_both_ways_p95_ms": 150.0,
    "agent_free_to_ring_p99_ms": 150.0,
    "agent_free_to_invite_p50_ms": 20.0,
    "agent_free_to_invite_p99_ms": 100.0,
}
_AT_LEAST = frozenset({"calls_per_core", "webrtc_calls_per_core", "setups_per_s"})
_MEDIA = {
    "calls": "calls",
    "attempt": "attempt",
    "core %": "cpu_pct",
    "% / call": "cpu_pct_per_call",
    "work p50 ms": "work_p50_ms",
    "work p99 ms": "work_p99_ms",
    "late p50 ms": "late_p50_ms",
    "late p99 ms": "late_p99_ms",
    "loss %": "loss_pct",
    "too late %": "too_late_pct",
    "skipped": "skipped",
    "MB / call": "mb_per_call",
}
_WINDOW = {
    **{head: name for head, name in _MEDIA.items() if name != "cpu_pct_per_call"},
    "gc max ms": "gc_max_ms",
    "talking": "talking",
    "load late": "behind",
}
_SETUPS = {
    "calls / s": "rate",
    "calls": "calls",
    "failures": "failures",
    "answer p50": "answer_p50_ms",
    "answer p99": "answer_p99_ms",
}


def _rows(columns: dict[str, str], rows: list[dict[str, Any]]) -> None:
    shown = {head: name for head, name in columns.items() if name in rows[0]}
    print(" ".join(f"{head:>11}" for head in shown))
    for row in rows:
        print(" ".join(f"{row[name]:>11.2f}" for name in shown.values()), flush=True)


def media(rows: list[dict[str, float]]) -> list[dict[str, float]]:
    """Show the rows of the media alone and return them."""
    print("media alone, two telephones' legs and a stereo recording each:")
    _rows(_MEDIA, rows)
    return rows


def phase(name: str, found: Any) -> None:
    """Show what a phase has found."""
    if name == "setups":
        _rows(_SETUPS, found)
        _rows(_WINDOW, [row["worker"] for row in found])
    elif name in ("browsers", "waiting"):
        _rows(_WINDOW, found if isinstance(found, list) else [found])
    else:
        for key, value in found.items():
            if key not in ("worker", "errors"):
                print(f"  {key:32} {value}")
        if "worker" in found:
            _rows(_WINDOW, [found["worker"]])
    for row in found if isinstance(found, list) else [found]:
        for error in row.get("errors", ()):
            print(f"  at a desk: {error}")


def _best(rows: list[dict[str, Any]] | None) -> dict[str, Any] | None:
    """The most calls that kept the limits. A number that broke them was measured a second time, as the table shows."""
    kept = [row for row in rows or () if good(row)]
    return kept[-1] if kept else None


def result(found: dict[str, Any]) -> dict[str, Any]:
    """Return the figures by name; None: not measured, 0 calls: no row kept the limits."""
    bridged, webrtc = _best(found.get("media")), _best(found.get("browsers"))
    sustained = [row for row in found.get("setups", ()) if not row["failures"]]
    best = sustained[-1] if sustained else None
    rings, again, music = found.get("rings", {}), found.get("again", {}), found.get("waiting", {})
    invites = found.get("invites", {})
    shown = {
        "calls_per_core": bridged["calls"] if bridged else (0 if "media" in found else None),
        "calls_at_full_core": round(100 / bridged["cpu_pct_per_call"]) if bridged else None,
        "cpu_pct_per_call": bridged["cpu_pct_per_call"] if bridged else None,
        "tick_late_p99_ms": bridged["late_p99_ms"] if bridged else None,
        "loss_pct": bridged["loss_pct"] if bridged else None,
        "webrtc_calls_per_core": webrtc["calls"] if webrtc else (0 if "browsers" in found else None),
        "webrtc_cpu_pct": webrtc["cpu_pct"] if webrtc else None,
        "webrtc_tick_late_p99_ms": webrtc["late_p99_ms"] if webrtc else None,
        "webrtc_loss_pct": webrtc["loss_pct"] if webrtc else None,
        "setups_per_s": best["rate"] if best else (0 if "setups" in found else None),
        "answer_p99_ms": best["answer_p99_ms"] if best else None,
        "desk_ring_p99_ms": rings.get("desk_ring_p99_ms"),
        "audio_both_ways_p95_ms": rings.get("audio_both_ways_p95_ms"),
        "agent_free_to_ring_p50_ms": again.get("agent_free_to_ring_p50_ms"),
        "agent_free_to_ring_p99_ms": again.get("agent_free_to_ring_p99_ms"),
        "agent_free_to_invite_p50_ms": invites.get("agent_free_to_invite_p50_ms"),
        "agent_free_to_invite_p99_ms": invites.get("agent_free_to_invite_p99_ms"),
        "mb_per_call": webrtc["mb_per_call"] if webrtc else (bridged["mb_per_call"] if bridged else None),
        "waiting_callers": music.get("calls"),
        "waiting_tick_late_p99_ms": music.get("late_p99_ms"),
        "waiting_ticks_skipped": music.get("skipped"),
        "failures": sum(part.get("failures", 0) for part in (rings, again, invites)),
    }
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in shown.items()}


def summary(result: dict[str, Any], found: dict[str, Any]) -> None:
    """Show each figure beside its target."""
    print("\nfigures (worst: p99 or p95)")
    for name, value in result.items():
        note = ""
        if value is not None and name in TARGETS:
            target = TARGETS[name]
            sign, kept = (">=", value >= target) if name in _AT_LEAST else ("<=", value <= target)
            note = f"target {sign} {target:g}: x {value / target:.2f} of it{'' if kept else ', missed'}"
        print(f"  {name:32} {'-' if value is None else value:>10}  {note}")
    if each := result["cpu_pct_per_call"]:
        ratio = PEER_PCT_PER_CALL / each
        print(f"The peer needs {PEER_PCT_PER_CALL:.2f} % of a core a recorded call: x {ratio:.2f} of ours.")
    for to in ("ring", "invite"):
        if last := result[f"agent_free_to_{to}_p99_ms"]:
            first, (peer50, peer99) = result[f"agent_free_to_{to}_p50_ms"], PEER_FREE_TO_RING_MS
            print(f"Agent free -> {to}: the peer takes x {peer50 / first:.0f} (p50), x {peer99 / last:.0f} (p99).")
    for name in ("media", "browsers"):
        if name in found and _best(found[name]) is None:
            print(f"{name}: no row kept the limits: too many calls or a busy machine: nothing claimed.")
