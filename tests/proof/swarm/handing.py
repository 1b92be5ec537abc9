"""What may be handed to the link, held against what the belt has just reported.

    R16     no set-point goes to a belt that was last reported still: on some machines it would start
    R10     no ramp goes on by set-points on the strength of old reports
    stop    no more than two stop frames leave within a second: one may belong to what was before
    link    a command that is given up while the belt moves raises the alarm

The figures are typed a second time on purpose, and nothing comes from the code that decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from retrotread.machine import Command, DeviceProfile, SetIncline, SetSpeed, StopBelt, Telemetry

RAMPS = frozenset({"pausing", "stopping"})
UNDER_WAY = frozenset({"starting", "running", "pausing", "stopping"})
SLACK_S = 0.2
"""A look of the guardian, and one at the link."""
AT_ONCE, WITHIN_S = 2, 0.9


class Handing:
    """Told of the same things as the guardian, in their order; ``note`` takes the rule and a sentence."""

    def __init__(self, profile: DeviceProfile, note: Callable[[str, str], None]) -> None:
        self._late_s = max(2 * profile.report_period_ms / 1000, 1.0)
        self._note = note
        self._mode = "disconnected"
        self._speed_kph: float | None = None
        self._reported_s = -math.inf
        self._frames_s: tuple[float, ...] = ()
        self._gave_up_s: float | None = None
        self._told: set[str] = set()

    def report(self, now_s: float, report: Telemetry) -> None:
        """A report that the guardian hears."""
        if report.speed_kph is not None:
            self._speed_kph, self._reported_s = report.speed_kph, now_s

    def link_lost(self) -> None:
        """Nothing that was reported before counts any more."""
        self._speed_kph, self._gave_up_s = None, None

    def gave_up(self, now_s: float) -> None:
        """A command has been with the link for too long."""
        if self._mode in UNDER_WAY and self._gave_up_s is None:
            self._gave_up_s = now_s

    def command(self, now_s: float, command: Command) -> None:
        """A command leaves the guardian."""
        if isinstance(command, StopBelt):
            self._frames_s = (*(one for one in self._frames_s if now_s - one < WITHIN_S), now_s)
            if len(self._frames_s) > AT_ONCE:
                self._once("stop", f"{len(self._frames_s)} stop frames within {WITHIN_S} s")
        elif isinstance(command, (SetSpeed, SetIncline)):
            self._set_point(now_s, command)

    def _set_point(self, now_s: float, command: Command) -> None:
        if self._speed_kph == 0:
            self._once("R16", f"{command} to a belt that was last reported still")
        old_s = now_s - self._reported_s
        if self._mode in RAMPS and old_s > self._late_s + SLACK_S:
            self._once("R10", f"{command} in {self._mode} on reports of {old_s:.1f} s ago (limit {self._late_s:.1f} s)")

    def step(self, now_s: float, mode: str) -> None:
        """A look of the guardian, and the mode that it is in now."""
        self._mode = mode
        if mode not in UNDER_WAY:
            self._gave_up_s = None
        elif self._gave_up_s is not None and now_s - self._gave_up_s > SLACK_S:
            self._once("link", f"{mode} for {now_s - self._gave_up_s:.1f} s behind a command that was given up")

    def _once(self, rule: str, sentence: str) -> None:
        if rule not in self._told:
            self._told.add(rule)
            self._note(rule, sentence)
