"""The trials of the quick and of the full qualification, in order. Data.

The quick one takes about two minutes and tells whether the unit is right, the belt starts and stops, and the safety key
works. The full one finds out the rest, the harmless things first.
"""

from __future__ import annotations

from ...guardian.trials import Trial
from ...machine import PhysicalStop, Qualification

_BY_HAND = {PhysicalStop.KEY: (Trial.KEY_PULL,), PhysicalStop.BUTTON: (Trial.CONSOLE_STOP,), PhysicalStop.NONE: ()}


def trials_for(
    level: Qualification, physical_stop: PhysicalStop, has_incline: bool, may_reverse: bool = False
) -> tuple[Trial, ...]:
    """The trials of this qualification on a machine that is stopped by hand like this.

    ``may_reverse``: the machine is of a kind that can, and a person says that this one is built to.
    """
    quick = (Trial.LOWEST_SPEED, *_BY_HAND[physical_stop])
    if level is Qualification.QUICK:
        return quick
    full = (
        *quick,
        Trial.STEP_UP,
        Trial.STOP,
        *((Trial.INCLINE,) if has_incline else ()),
        Trial.WATCH,
        Trial.CONSOLE_STOP,
        Trial.START_WHILE_RUNNING,
        Trial.SET_WHILE_STOPPED,
        Trial.STOP_TWICE,
        Trial.DISCONNECT_WHILE_RUNNING,
        *((Trial.REVERSE,) if may_reverse else ()),
    )
    return tuple(dict.fromkeys(full))
