"""How old the numbers on the screen are, and what may still be said on their strength."""

from __future__ import annotations

import math
from enum import Enum

from ..sessions.view import Control, RunView

STRUCK_AFTER_S = 1.0
"""A number older than this is struck out: at 6 km/h a person has moved 1.7 m over the belt since."""

GONE_AFTER_S = 3.0
"""A number older than this is taken away: by then the guardian has given the reports up for silent."""

PERIODS_MISSED = 2
"""A machine that reports once a second is not late before its second report is missing."""


class Freshness(Enum):
    """What may be done with a number."""

    FRESH = "fresh"
    STRUCK = "struck"
    GONE = "gone"


def age_s(view: RunView) -> float:
    """Seconds since the newest report of the machine was measured; infinite without one."""
    snapshot = view.snapshot
    if snapshot is None or snapshot.age_s is None:
        return math.inf
    age = view.snapshot_age_s + snapshot.age_s
    return age if math.isfinite(age) else math.inf


def struck_after_s(view: RunView) -> float:
    """One second, or two report periods of a slower machine, but never as long as ``GONE_AFTER_S``."""
    period_s = view.profile.report_period_ms / 1000 if view.profile is not None else 0.0
    return min(max(STRUCK_AFTER_S, PERIODS_MISSED * period_s), GONE_AFTER_S)


def freshness(view: RunView) -> Freshness:
    """What may be done with the measured numbers of this view."""
    age = age_s(view)
    if age > GONE_AFTER_S:
        return Freshness.GONE
    return Freshness.FRESH if age <= struck_after_s(view) else Freshness.STRUCK


def standstill_confirmed(view: RunView) -> bool:
    """The only ground for calling a belt still: the guardian confirms it, is alive, and the reports are fresh."""
    snapshot = view.snapshot
    if snapshot is None or not view.guardian_alive:
        return False
    return snapshot.standstill and freshness(view) is Freshness.FRESH


def rest_known(view: RunView) -> bool:
    """Whether a person may be asked to go on from here.

    At a confirmed standstill; where no belt is ours, when the run says that it rests: there nothing is measured.
    """
    if view.control is Control.GUARDIAN:
        return standstill_confirmed(view)
    return view.snapshot is not None and view.guardian_alive and view.snapshot.standstill
