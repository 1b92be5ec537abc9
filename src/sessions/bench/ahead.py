"""What follows if nobody does anything more: the bench is copied, and the copy is let run ahead."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from ...safety.hazards import Action, Cause
from ...safety.modes import Mode
from .room import TICK_S, Bench

HORIZON_S = 65.0
"""The longest that any rule waits is a minute."""


@dataclass(frozen=True, slots=True)
class Next:
    """In so many seconds the mode or the action is another one; ``cause``: the strongest then, if any."""

    in_s: float
    mode: Mode
    action: Action
    cause: Cause | None


def next_change(bench: Bench, horizon_s: float = HORIZON_S) -> Next | None:
    """The next change of mode or action; None where nothing changes within the horizon. The bench is left alone."""
    ahead = copy.deepcopy(bench)
    began_s, was = ahead.now_s, _state(ahead)
    while ahead.now_s - began_s < horizon_s:
        ahead.advance(ahead.now_s + TICK_S)
        if _state(ahead) != was:
            view = ahead.view()
            return Next(ahead.now_s - began_s, view.snapshot.mode, view.in_force, view.strongest)
    return None


def _state(bench: Bench) -> tuple[Mode, Action]:
    """What a change of counts: a mere warning comes and goes with the attention check."""
    view = bench.view()
    return view.snapshot.mode, Action.ALLOW if view.in_force is Action.WARN else view.in_force
