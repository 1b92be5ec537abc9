"""Runs as CSV: a row each, with totals and answers. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from .csv_text import csv_bytes, number, words, yes_or_no
from .decimals import decimal
from .told import Told

_DECIMALS = {
    "elapsed_s": ("elapsed_ms", 3),
    "plan_time_s": ("plan_time_ms", 3),
    "plan_total_s": ("plan_total_ms", 3),
    "backward_s": ("backward_ms", 3),
    "running_s": ("running_ms", 3),
    "distance_m": ("distance_mm", 3),
    "speed_max_kph": ("speed_max_ckph", 2),
    "incline_max_percent": ("incline_max_dpct", 1),
}
"""Column, column of the table, and how many of its digits stand behind the point."""

_MOMENTS = ("before", "during", "after")

COLUMNS = (
    "run_id", "pseudonym", "name", "began_utc", "ended_utc", "day", "workout", "level", "tier", "treadmill", "address",
    "simulated", "empty_belt", "supervised", "harness", "complete", "partial", "ended", *_DECIMALS,
    "heart_mean_bpm", "heart_max_bpm", *(f"pain_{moment}" for moment in _MOMENTS), "effort", "pain_next_morning",
    "happened", "program", "plan_hash", "chain_head", "unchanged",
)  # fmt: skip


def sessions_csv(runs: Iterable[Told]) -> bytes:
    """The file of all of them, in their order."""
    return csv_bytes(COLUMNS, map(_row, runs))


def _row(told: Told) -> tuple[str, ...]:
    session, whole = told.session, told.whole
    return (
        *map(words, (session["run_id"], whole.pseudonym, told.name)),
        *map(words, (session["began_utc"], session["ended_utc"], session["day"], session["workout"])),
        number(session["level"]),
        *map(words, (session["tier"], told.treadmill, told.address)),
        yes_or_no(whole.simulated),
        *(yes_or_no(session[name]) for name in ("empty_belt", "supervised", "harness", "complete", "partial")),
        words(session["ended"]),
        *(decimal(session[name], places) for name, places in _DECIMALS.values()),
        *(number(session[name]) for name in ("heart_mean_bpm", "heart_max_bpm")),
        *_said(told),
        words("; ".join(whole.happened)),
        *(words(session[name]) for name in ("program", "plan_hash", "chain_head")),
        yes_or_no(told.unchanged),
    )


def _said(told: Told) -> tuple[str, ...]:
    """Pain at each moment, effort as it was said last, and the pain of the morning after."""
    pain = {one.moment: one.pain for one in told.whole.said}
    efforts = [one.effort for moment in _MOMENTS for one in told.whole.said if one.moment == moment]
    effort = next((one for one in reversed(efforts) if one is not None), None)
    return (*(number(pain.get(moment)) for moment in _MOMENTS), number(effort), number(told.whole.morning))
