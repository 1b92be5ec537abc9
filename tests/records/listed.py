"""A session of the list, put together by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from retrotread.records.store import Listed

USUAL = Listed(
    run_id="ab12cd34", day=date(2026, 3, 2), began_utc="2026-03-02T09:00:00+00:00", workout="Two bouts", level=1,
    treadmill="Home", address="ble://Home", simulated=False, state="closed", ended="the plan is done", partial=False,
    complete=True, elapsed_ms=360_000, backward_ms=330_000, running_ms=0, distance_mm=100_000, speed_max_ckph=150,
    heart_max_bpm=None, pain_before=0, pain_during=1, pain_after=0, effort=3, plan_hash="ab" * 32, chain_head="cd" * 32,
)  # fmt: skip


def a_session(day: str = "2026-03-02", **other: object) -> Listed:
    """The usual one on a day, with what is other about it."""
    usual = replace(USUAL, day=date.fromisoformat(day), began_utc=f"{day}T09:00:00+00:00")
    return replace(usual, **other)  # type: ignore[arg-type]
