"""How the program and the computer around it are, and whether the person at the belt reaches them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .inputs import Beat, Unreachable

AGE_CEILING_MS = 60_000


@dataclass(frozen=True, slots=True)
class Health:
    """As the last beat told it. Ages in milliseconds; None: the person reaches the program in this respect.

    ``recorder_ms``: of the oldest thing that is not yet recorded. The last two as in ``Beat``.
    """

    focus_ms: int | None = None
    locked_ms: int | None = None
    remote_ms: int | None = None
    recorder_ms: int = 0
    recorder_failed: bool = False
    cues_ok: bool = True
    battery_percent: int | None = None
    clicker_held: bool | None = None

    def aged(self, elapsed_ms: int) -> Health:
        """The same ``elapsed_ms`` later."""
        if self.focus_ms is None and self.locked_ms is None and self.remote_ms is None:
            return self
        return replace(
            self,
            focus_ms=_older(self.focus_ms, elapsed_ms),
            locked_ms=_older(self.locked_ms, elapsed_ms),
            remote_ms=_older(self.remote_ms, elapsed_ms),
        )

    def told(self, beat: Beat) -> Health:
        """With a new beat: what began keeps its age, what is over has none."""
        away = beat.unreachable
        battery_percent, clicker_held = beat.battery_percent, beat.clicker_held
        told = not beat.recorder_age_ms and not beat.recorder_failed and beat.cues_ok
        if not away and told and battery_percent is None and clicker_held is None:
            return WELL
        return Health(
            _since(self.focus_ms, Unreachable.FOCUS in away),
            _since(self.locked_ms, Unreachable.LOCKED in away),
            _since(self.remote_ms, Unreachable.REMOTE in away),
            min(beat.recorder_age_ms, AGE_CEILING_MS),
            beat.recorder_failed,
            beat.cues_ok,
            None if battery_percent is None else max(0, min(battery_percent, 100)),
            clicker_held,
        )


WELL = Health()


def _older(age_ms: int | None, elapsed_ms: int) -> int | None:
    return None if age_ms is None else min(age_ms + elapsed_ms, AGE_CEILING_MS)


def _since(age_ms: int | None, away: bool) -> int | None:
    if not away:
        return None
    return 0 if age_ms is None else age_ms
