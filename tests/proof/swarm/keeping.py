"""Invariants that need what the guardian tells and no judge of a session hears.

I15   in a run a lower wish is followed: the set-point comes down within six seconds, or the machine answers nothing
I16   within one run no limit of one way of facing and of the belt becomes wider
I19   a stop frame has a cause that was told
I20   who loses the guardian is told at once, with a way out; and what its standby is told is true: of a stop only where
      one has left since the start, of rest only where nothing is under way
"""

from __future__ import annotations

from collections.abc import Callable

from retrotread.guardian.messages import Armed, Stepped
from retrotread.guardian.standby.messages import Belt
from retrotread.machine import Command, SetSpeed, StartBelt, StopBelt
from retrotread.sessions.narration import Utterance

LOWER_WITHIN_S = 6.0
"""The gentlest tier slows down by 0.36 km/h in a second, the coarsest machine by 0.8 km/h at once, and the slowest
link takes two commands in three seconds."""

COARSEST_CKPH = 81
_UNDER_WAY = frozenset({"starting", "running", "pausing", "stopping", "escalated"})


class Keeping:
    """``found`` is told the invariant and a sentence."""

    def __init__(self, found: Callable[[str, str], None]) -> None:
        self._found = found
        self._limits: dict[tuple[object, ...], tuple[int, int]] = {}
        self._above_s: float | None = None
        self._causes = False
        self._stop_left = False

    def handed_over(self, command: Command) -> None:
        """A command leaves the guardian."""
        self._stop_left = isinstance(command, StopBelt) or (self._stop_left and not isinstance(command, StartBelt))

    def standby_told(self, mode: str, told: Belt) -> None:
        """What the process that would take over is told now."""
        if told.stop_sent and not self._stop_left:
            self._found("I20", f"a standby is told of a stop that has not left, and the guardian is {mode}")
        if not told.may_move and mode in _UNDER_WAY:
            self._found("I20", f"a standby is told of a belt at rest, and the guardian is {mode}")

    def armed(self, run: int, armed: Armed) -> None:
        """The limits of one arming; ``run``: which run it is."""
        way = run, armed.facing, armed.belt
        limits = armed.limits.speed_ckph.value, armed.limits.incline_dpct.value
        before = self._limits.setdefault(way, limits)
        if limits[0] > before[0] or limits[1] > before[1]:
            self._found("I16", f"the limits went from {before} to {limits} within one run")
        self._limits[way] = limits

    def stepped(self, now_s: float, message: Stepped, wish_ckph: tuple[int, int]) -> None:
        """A step of the guardian; ``wish_ckph``: what was wished and the set-point in force."""
        mode, wished_ckph, sent_ckph = message.mode.value, *wish_ckph
        commands = message.commands
        if mode != "running" or sent_ckph - wished_ckph <= COARSEST_CKPH or _falls(commands, sent_ckph):
            self._above_s = None
        elif self._above_s is None:
            self._above_s = now_s
        elif now_s - self._above_s > LOWER_WITHIN_S:
            self._found("I15", f"{wished_ckph / 100} km/h was wished, and {sent_ckph / 100} km/h stayed in force")
            self._above_s = now_s
        self._causes = bool(message.causes) or (self._causes and mode in {"stopping", "escalated", "pausing"})
        if not self._causes and mode != "pausing" and StopBelt() in commands:
            self._found("I19", f"a stop frame left while the guardian was {mode}, and no cause was told")

    def guardian_lost(self, said: tuple[tuple[float, Utterance], ...]) -> None:
        """What is spoken when the guardian is gone."""
        if not any(one.urgent for _, one in said):
            self._found("I20", "the guardian is gone, and nobody is told")


def _falls(commands: tuple[Command, ...], sent_ckph: int) -> bool:
    return any(isinstance(one, SetSpeed) and one.speed_ckph <= sent_ckph for one in commands)
