"""Whether anybody is still there: the check that asks, and what follows when nobody answers it (R14).

    every 60 s (frail 30 s, above 6 km/h 20 s)   the check asks
    10 s without an answer                       rises freeze, and a tone
    20 s                                         down to the lowest speed
    30 s                                         a controlled stop

It is answered by the person, with what they have in the hand, or by a supervisor at the keyboard. Where neither is
there, it is switched off by choice, and the belt is no faster than for somebody alone.
"""

from __future__ import annotations

from enum import StrEnum

from ..values import value
from .config import Config

FAST_EVERY_MS, FAST_CKPH = 20_000, 600
FREEZE_MS, EASE_MS, STOP_MS = 10_000, 20_000, 30_000
# A key that is held, or lain upon, repeats itself several times a second: that is nobody's answer.
PRESS_MS = 1_000
AGE_CEILING_MS = 61_000


class AnsweredBy(StrEnum):
    """Who answers the check."""

    HAND = "the person, with what is in the hand"
    SUPERVISOR = "a supervisor"
    NOBODY = "nobody"


@value
class Attention:
    """``quiet_ms``: since the last answer, or since the belt began to run. ``asked_ms``: for so long the check has
    waited for one; None while it does not ask. ``pressed_ms``: since the last press, whether it counted or not.
    """

    quiet_ms: int = 0
    asked_ms: int | None = None
    pressed_ms: int = AGE_CEILING_MS

    def watched(self, config: Config, sent_ckph: int, elapsed_ms: int) -> Attention:
        """The check ``elapsed_ms`` later, over a belt that moves."""
        quiet_ms, asked_ms = min(self.quiet_ms + elapsed_ms, AGE_CEILING_MS), self.asked_ms
        if asked_ms is not None:
            asked_ms = min(asked_ms + elapsed_ms, AGE_CEILING_MS)
        elif quiet_ms >= every_ms(config, sent_ckph):
            asked_ms = 0
        return Attention(quiet_ms, asked_ms, min(self.pressed_ms + elapsed_ms, AGE_CEILING_MS))

    def answered(self) -> Attention:
        """After a press: an answer where the check asks and the press is a new one."""
        if self.asked_ms is not None and self.pressed_ms >= PRESS_MS:
            return Attention(pressed_ms=0)
        return Attention(self.quiet_ms, self.asked_ms, 0)


def every_ms(config: Config, sent_ckph: int) -> int:
    """How often the check asks: who is fast is far along before anybody notices."""
    return min(config.tier.asked_every_ms, FAST_EVERY_MS if sent_ckph > FAST_CKPH else AGE_CEILING_MS)


ALERT = Attention()
