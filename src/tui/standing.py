"""When a belt is known to stand and a person is waited for: the moments in which a remote's next key goes on."""

from __future__ import annotations

from ..safety.modes import AT_REST, Mode
from ..sessions.view import RunView
from .door import NextMeans
from .frame import Frame
from .freshness import standstill_confirmed

WAITING = frozenset({Mode.IDLE, Mode.ARMED, Mode.PAUSED, Mode.TURN})
"""At rest, and a person is waited for. Not the end of a countdown and not what follows a stop."""

CANCEL_MARGIN_S = 1.0
"""A countdown with less left may be over before a press is obeyed, so the press stops: the guardian speaks five times
a second, and the lease ends 0.6 s after the last word of ours."""

RESTED_S = 1.0
"""A press of the next key so soon after the belt came to rest may have been meant to stop it."""


def next_means(view: RunView) -> NextMeans:
    """What the next key means to this view: it goes on only at a confirmed standstill, on fresh reports.

    In a countdown it calls the start off, as any key does, while that is certain to come in time.
    """
    snapshot = view.snapshot
    if snapshot is None or not standstill_confirmed(view):
        return NextMeans.STOP
    if snapshot.mode in WAITING:
        return NextMeans.GO_ON
    left_s = snapshot.start_in_s if snapshot.mode is Mode.COUNTDOWN else None
    if left_s is None or left_s - view.snapshot_age_s < CANCEL_MARGIN_S:
        return NextMeans.STOP
    return NextMeans.CANCEL


def rests_since_s(before_s: float | None, frame: Frame) -> float | None:
    """Since when the belt has been at rest, whatever has been asked of it meanwhile; None while it is not.

    ``before_s`` is what this said of the frame before.
    """
    if frame.mode not in AT_REST:
        return None
    return frame.now_s if before_s is None else before_s
