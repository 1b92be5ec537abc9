"""Which figures are not believed on one word, and the careful value that stands until two sources agree.

A family's sheet moves no belt by itself: its profile is never a qualified one. It is what a qualification starts
from, and what a screen tells. So a figure that makes nothing more dangerous is taken as soon as anybody tells it;
one that could hide a danger is taken only when two sources that know nothing of one another say the same.
"""

from __future__ import annotations

from collections.abc import Callable

from ...devices.ftms.dialect import AS_SPECIFIED
from ...machine import Capabilities, DeviceProfile, PhysicalStop
from .family import Value

SOURCES_FOR_A_BOLD_FIGURE = 2
"""One person may be wrong about their machine, or have a better one than the next; two are the least that agree."""

CAREFUL_CAPABILITIES = Capabilities(speed_min_ckph=100, speed_max_ckph=600, speed_increment_ckph=10)
"""Of a family whose range nobody has published: what walking pads and treadmills share. Where the machine publishes
a range that is its own, that range counts instead."""

CAREFUL = DeviceProfile("a treadmill that nobody has measured", CAREFUL_CAPABILITIES)

Bold = Callable[[Value], bool]


def _is(value: Value) -> Bold:
    return lambda told: told is value


def _below(limit: int) -> Bold:
    return lambda told: isinstance(told, int) and told < limit


def _above(limit: int) -> Bold:
    return lambda told: isinstance(told, int) and told > limit


BOLD: dict[str, tuple[Bold, str]] = {
    # figure                     bold when                                  because
    "physical_stop": (
        lambda told: told is not PhysicalStop.NONE,
        "somebody would rely on a key or button that is not there",
    ),
    "rails": (_is(True), "somebody would reach for rails that are not there"),
    "stop_repeat_ok": (_is(True), "a second stop might start the belt"),
    "set_never_starts": (_is(True), "a set-point might start a belt at rest"),
    "runs_on_when_link_lost": (_is(False), "a lost link would be taken for a stop"),
    "report_period_ms": (_below(CAREFUL.report_period_ms), "the walking ceiling of slow reporters would be lifted"),
    "command_gap_ms": (_below(CAREFUL.command_gap_ms), "set-points might be swallowed"),
    "lag_ms": (_above(CAREFUL.lag_ms), "a belt that does not obey would be noticed later"),
    "stop_reaction_ms": (_above(CAREFUL.stop_reaction_ms), "a stop that fails would be noticed later"),
    "slowest_fall_ckph_per_s": (
        lambda told: told != CAREFUL.slowest_fall_ckph_per_s,
        "a belt that does not slow down would be noticed later, or its way to rest be told too short",
    ),
    "start_timeout_ms": (_above(CAREFUL.start_timeout_ms), "a belt could move after everybody gave up waiting"),
    "write_within_ms": (_above(AS_SPECIFIED.write_within_ms), "a stop that hangs would be noticed later"),
    "answer_within_ms": (_above(AS_SPECIFIED.answer_within_ms), "a stop that hangs would be noticed later"),
}
"""Figure -> when a told value is bolder than the careful one, and what could happen then. The others are taken."""


def taken(figure: str, value: Value, sources: int) -> bool:
    """Whether a family's sheet may carry ``value``, told by so many sources."""
    bold = BOLD.get(figure)
    return bold is None or sources >= SOURCES_FOR_A_BOLD_FIGURE or not bold[0](value)
