"""What is remembered of a whole run, over pauses and turns: the last way, the minutes, what a console lowered."""

from __future__ import annotations

from dataclasses import replace

from ..machine import BeltDirection
from ..values import value
from .limits import Limits
from .tiers import Tier
from .turning import Way

# An hour on a belt is the longest session that any tier is for; the stop comes a minute after the ease.
SESSION_MAX_MS = 3_600_000
OVER_MS = 60_000
MOTION_CEILING_MS = SESSION_MAX_MS + OVER_MS + 1_000
# A plan keeps to the blocks of its tier; beside it the belt also runs until somebody is on it, and while they wait.
BESIDE_BLOCK_MS = 120_000
EFFORT_CEILING_MS = 1_500_000


@value
class Run:
    """``way``: that of the last motion, None before the first. ``motion_ms``: the belt's, so far.

    ``turned``: a turn has been armed and the belt has not moved since, so that nobody knows which way the person
    faces. ``lowered_ckph`` and ``lowered_dpct``: ceilings that somebody set at the console. ``key_tested``: today, in
    this mode; None before an arming has said. ``max_ms``: how long the belt may move in all. ``effort_ckph`` and
    ``effort_ms``: the wish that is held now, going backward, and for how long. ``ran``: the way of the belt's last
    motion, in whichever run.
    """

    way: Way | None = None
    turned: bool = False
    motion_ms: int = 0
    lowered_ckph: int | None = None
    lowered_dpct: int | None = None
    key_tested: bool | None = None
    max_ms: int = SESSION_MAX_MS
    effort_ckph: int | None = None
    effort_ms: int = 0
    ran: BeltDirection | None = None

    def moved(self, elapsed_ms: int) -> Run:
        """After so much more motion."""
        return self._lasting(min(self.motion_ms + elapsed_ms, MOTION_CEILING_MS), self.effort_ckph, self.effort_ms)

    def held(self, wanted_ckph: int, elapsed_ms: int, longest_ms: int) -> Run:
        """After so much more of one effort: backward at one wish. Another wish is another one, until one has lasted too
        long: being eased is no new effort, so that one ends with the belt's rest alone."""
        if wanted_ckph != self.effort_ckph and self.effort_ms < longest_ms:
            return self._lasting(self.motion_ms, wanted_ckph, 0)
        return self._lasting(self.motion_ms, self.effort_ckph, min(self.effort_ms + elapsed_ms, EFFORT_CEILING_MS))

    def _lasting(self, motion_ms: int, effort_ckph: int | None, effort_ms: int) -> Run:
        """With these; written out, because it is made anew twice in every step of a moving belt."""
        before, effort = (self.lowered_ckph, self.lowered_dpct, self.key_tested, self.max_ms), (effort_ckph, effort_ms)
        return Run(self.way, self.turned, motion_ms, *before, *effort, self.ran)

    def another(self) -> Run:
        """A run with nothing behind it but the belt."""
        return Run(ran=self.ran)

    def rested(self) -> Run:
        """Without an effort: the belt rests, or the person goes forward."""
        return self if self.effort_ckph is None else replace(self, effort_ckph=None, effort_ms=0)

    def armed(self, key_tested: bool, max_ms: int) -> Run:
        """Armed again within the same run: nothing of it is forgotten, and no limit of it is wider."""
        return replace(self, key_tested=key_tested, max_ms=min(self.max_ms, max_ms))

    def started(self, way: Way) -> Run:
        """The belt is told to move, this way."""
        return replace(self, way=way, turned=False, ran=way[1])

    def lowered(self, speed_ckph: int | None, incline_dpct: int | None) -> Run:
        """With what a console lowered; a ceiling only comes down."""
        speed, incline = _lower(self.lowered_ckph, speed_ckph), _lower(self.lowered_dpct, incline_dpct)
        return replace(self, lowered_ckph=speed, lowered_dpct=incline)

    def limits(self, limits: Limits) -> Limits:
        """``limits`` under what a console lowered."""
        if self.lowered_ckph is None and self.lowered_dpct is None:
            return limits
        speed, incline = limits.speed_ckph, limits.incline_dpct
        if self.lowered_ckph is not None:
            why = f"lowered to {self.lowered_ckph / 100:.1f} km/h at the console"
            speed = speed.tighten(self.lowered_ckph, why)
        if self.lowered_dpct is not None:
            why = f"lowered to {self.lowered_dpct / 10:.1f} % at the console"
            incline = incline.tighten(self.lowered_dpct, why)
        return Limits(speed, incline)


def longest_effort_ms(tier: Tier) -> int:
    """A block of the tier, and what the belt runs beside it."""
    return tier.block_max_min * 60_000 + BESIDE_BLOCK_MS


def _lower(now: int | None, to: int | None) -> int | None:
    if now is None or to is None:
        return to if now is None else now
    return min(now, to)
