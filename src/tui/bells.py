"""When the terminal bell rings: at a new step, with each second of the countdown, and for an alarm."""

from __future__ import annotations

import math

from .frame import Frame
from .stages import Stage

ALARM_PULSES_S = (0.0, 0.2, 0.4, 0.7, 0.9, 1.6, 1.8, 2.0, 2.3, 2.5)
"""Two groups of five, three and two: the rhythm of a high-priority alarm after IEC 60601-1-8, in seconds."""

ALARM_PERIOD_S = 5.0
"""The groups come again after this time, for as long as the alarm is on."""


def rings(before: Frame | None, frame: Frame) -> bool:
    """Whether the bell rings between the two frames; once, however much has happened."""
    if frame.stage is Stage.ALARM:
        return _pulse_due(-1.0 if before is None or before.stage is not Stage.ALARM else before.stage_s, frame.stage_s)
    if before is None:
        return False
    new_step = before.view.step_index != frame.view.step_index or before.stage is not frame.stage
    return (frame.stage is Stage.LIVE and new_step) or _second_passed(before, frame)


def _pulse_due(from_s: float, to_s: float) -> bool:
    """Whether a pulse lies after ``from_s`` and not after ``to_s``, seconds since the alarm began."""
    period = math.floor(to_s / ALARM_PERIOD_S)
    pulses = [(period + back) * ALARM_PERIOD_S + pulse_s for back in (-1, 0) for pulse_s in ALARM_PULSES_S]
    return any(from_s < pulse_s <= to_s for pulse_s in pulses if pulse_s >= 0)


def _second_passed(before: Frame, frame: Frame) -> bool:
    left_s, was_s = _start_in_s(frame), _start_in_s(before)
    if left_s is None:
        return False
    return was_s is None or math.ceil(left_s) < math.ceil(was_s)


def _start_in_s(frame: Frame) -> float | None:
    return None if frame.view.snapshot is None else frame.view.snapshot.start_in_s
