"""The test of the cues again, with the belt moving: at a standstill the room was quieter, and the person stood nearer.

Asked once in each run, at the speed of the warm-up, only of somebody who can answer with what is in the hand: a "fine"
means that they heard it, whatever they were asked. While nobody answers nothing rises (R20); the answer may come late.
A supervisor's answer would tell what the supervisor hears, so there the test at the standstill is all there is. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

ASKED_AFTER_S = 15.0
"""Of the plan on a moving belt: the steps have found their pace, and no warm-up has become fast by then."""

AGAIN_S = 10.0
"""The question takes five seconds."""

ANSWER_S = 25.0
"""Three times asked and not answered: then it was not heard."""


@dataclass(frozen=True, slots=True)
class CueCheck:
    """Where it stands. ``moving_s``: since when the plan runs on a moving belt; ``asked_s``: the first time and the
    last one.
    """

    moving_s: float | None = None
    asked_s: tuple[float, float] | None = None
    heard: bool = False

    def unheard(self, now_s: float) -> bool:
        """Whether it was asked, and nobody answered in time."""
        return not self.heard and self.asked_s is not None and now_s - self.asked_s[0] >= ANSWER_S

    def answered(self) -> CueCheck:
        """Somebody said that they are fine; before anything was asked that says nothing of the cues."""
        return self if self.asked_s is None else replace(self, heard=True)


def looked(check: CueCheck, moves: bool, quiet: bool, now_s: float) -> tuple[CueCheck, bool]:
    """With a look at the run, and whether to ask now.

    ``moves``: the plan runs on a moving belt; a stand begins it anew. ``quiet``: no rise is announced.
    """
    if check.heard:
        return check, False
    if not moves:
        return CueCheck(), False
    moving_s = now_s if check.moving_s is None else check.moving_s
    check = replace(check, moving_s=moving_s)
    if now_s - moving_s < ASKED_AFTER_S or not quiet or check.unheard(now_s):
        return check, False
    if check.asked_s is not None and now_s - check.asked_s[1] < AGAIN_S:
        return check, False
    first_s = now_s if check.asked_s is None else check.asked_s[0]
    return replace(check, asked_s=(first_s, now_s)), True
