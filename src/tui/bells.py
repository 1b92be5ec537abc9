"""When the terminal bell rings.

At a new step, when a rise is announced, with each second of a countdown, for a question that waits for an answer, and
for an alarm; and whenever the run asks for it, where nothing can speak.
"""

from __future__ import annotations

import math

from ..safety.hazards import Hazard
from .frame import Frame
from .stages import Stage

ALARM_PULSES_S = (0.0, 0.2, 0.4, 0.7, 0.9, 1.6, 1.8, 2.0, 2.3, 2.5)
"""Two groups of five, three and two: the rhythm of a high-priority alarm after IEC 60601-1-8, in seconds."""

ALARM_PERIOD_S = 5.0
"""The groups come again after this time, for as long as the alarm is on."""


QUESTION_EVERY_S = 2.0
"""How often the bell rings while "are you all right?" is open: urgent, and still apart from an alarm."""

CHECK_EVERY_S = 1.0
"""The tone of a check that nobody answers: quicker than a question, slower than an alarm."""

_IN_THE_PLAN = frozenset({Stage.LIVE, Stage.COACH, Stage.TURN, Stage.OFF_BELT})
"""Pages on which a step of the plan is on: a new step, or coming here, rings."""


def asked_for(before: Frame | None, frame: Frame) -> int:
    """How many rings the run has asked for between the two frames; each is rung apart from the others."""
    return 0 if before is None else max(0, frame.view.rings - before.view.rings)


def owed_with(owed: int, before: Frame | None, frame: Frame) -> int:
    """How many rings are owed with this frame. One is rung at a time: those that a run asks for are counted by ear."""
    owed += asked_for(before, frame)
    return max(1, owed) if rings(before, frame) else owed


def rings(before: Frame | None, frame: Frame) -> bool:
    """Whether the bell rings between the two frames; once, however much has happened."""
    if frame.stage is Stage.ALARM:
        return _pulse_due(-1.0 if before is None or before.stage is not Stage.ALARM else before.stage_s, frame.stage_s)
    if before is None:
        return False
    if frame.view.calling:
        return _pulse_due(before.now_s, frame.now_s)
    rung_by = (_new_step, _rise_announced, _second_passed, _asked_again, _checked)
    return any(rung(before, frame) for rung in rung_by)


def _checked(before: Frame, frame: Frame) -> bool:
    """The attention check asks, or goes unanswered for so long that the rises are frozen: then again and again."""
    if frame.view.checked is None:
        return False
    if before.view.checked is None:
        return True
    late = frame.view.checked is not Hazard.ATTENTION_ASKED
    return late and frame.now_s // CHECK_EVERY_S > before.now_s // CHECK_EVERY_S


def _new_step(before: Frame, frame: Frame) -> bool:
    if frame.stage not in _IN_THE_PLAN:
        return False
    return before.view.step_index != frame.view.step_index or before.stage is not frame.stage


def _rise_announced(before: Frame, frame: Frame) -> bool:
    """A rise is announced, or another one than before: the time to it has become longer."""
    left_s, was_s = frame.view.raise_in_s, before.view.raise_in_s
    return left_s is not None and (was_s is None or left_s > was_s + ANOTHER_RISE_S)


ANOTHER_RISE_S = 1.0
"""The time to a rise shrinks from frame to frame; what the clocks of two threads differ by is far less than this."""


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


def _asked_again(before: Frame, frame: Frame) -> bool:
    """The question is new, or so many seconds have gone since it last rang."""
    left_s, was_s = frame.view.all_right_s, before.view.all_right_s
    if left_s is None:
        return False
    return was_s is None or math.ceil(left_s / QUESTION_EVERY_S) < math.ceil(was_s / QUESTION_EVERY_S)


def _start_in_s(frame: Frame) -> float | None:
    return None if frame.view.snapshot is None else frame.view.snapshot.start_in_s
