"""Whether a step is walked or run. Pure.

The word of its author is believed where it says "run"; a step that is called a walk is one as far as its speed lets it
be. ``backward_run`` and ``backward_running_s`` are the only notion of a backward run in the program: the limits of a
day, the warm-up, somebody beside the belt and what a history opens all ask them.
"""

from __future__ import annotations

from ..machine import Gait, gait
from .steps import Step, StepKind

BACKWARD_RUN_KPH = 5.868
"""1.63 m/s, where people change from walking to running backward (Hreljac et al. 2005, J Sports Sci Med 4:446).

It lies above every walk of the ladder (5.5 km/h) and of the library (5.6 km/h, Chaloupka et al. 1997, J Orthop Sports
Phys Ther 25(5):302). In a laboratory men were asked to walk at up to 1.79 m/s (Myatt et al. 1995, J Orthop Sports Phys
Ther 21(3):132); that is one and a half standard deviations above the change, and most people run there.
"""

FORWARD_RUN_KPH = 7.2
"""2.0 m/s, where people change from walking to running forward (PMC8629136)."""


def goes_backward(step: Step) -> bool:
    """Whether the person goes backward on a moving belt in it."""
    return step.on_belt and gait(step.facing, step.belt) is Gait.BACKWARD


def backward_run(step: Step) -> bool:
    """Whether there is a backward run in it, if only for a moment."""
    return goes_backward(step) and (step.kind is StepKind.RUN or step.top_kph >= BACKWARD_RUN_KPH)


def backward_running_s(step: Step) -> float:
    """The seconds of backward running in it: all of what is called a run, else the part that is as fast as one."""
    if goes_backward(step) and step.kind is StepKind.RUN:
        return step.length_s
    return as_fast_as_a_run_s(step)


def as_fast_as_a_run_s(step: Step) -> float:
    """The same by its speed alone, whatever it is called."""
    return from_s(step, BACKWARD_RUN_KPH) if goes_backward(step) else 0.0


def backward_run_throughout(step: Step) -> bool:
    """Whether it is nothing but a backward run."""
    return backward_run(step) and backward_running_s(step) == step.length_s


def easy_s(step: Step) -> float:
    """The seconds on a moving belt in which nobody runs: slower than a run in the way that the person goes."""
    if not step.on_belt:
        return 0.0
    if goes_backward(step):
        return step.length_s - backward_running_s(step)
    return step.length_s - from_s(step, FORWARD_RUN_KPH)


def easy_at(step: Step, speed_kph: float) -> bool:
    """Whether somebody walks in it on a belt that moves at this speed."""
    return step.on_belt and 0.0 < speed_kph < (BACKWARD_RUN_KPH if goes_backward(step) else FORWARD_RUN_KPH)


def easy_before_run_s(step: Step) -> float:
    """Those of a step with a backward run in it that come before it: the way up to it."""
    return easy_s(step) if step.entry.speed_kph < step.target.speed_kph else 0.0


def from_s(step: Step, kph: float) -> float:
    """How long a step is as fast as that or faster; its speed goes evenly from its entry to its target."""
    slowest, fastest = sorted((step.entry.speed_kph, step.target.speed_kph))
    if slowest >= kph:
        return step.length_s
    return step.length_s * max(0.0, fastest - kph) / (fastest - slowest) if fastest > slowest else 0.0
