"""Two sessions side by side. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .store import Listed


@dataclass(frozen=True, slots=True)
class Pair:
    """One quantity of two sessions in one unit. None: not said, or not known."""

    what: str
    unit: str
    first: float | None
    second: float | None

    @property
    def change(self) -> float | None:
        """From the first to the second; None where one is not known."""
        return None if self.first is None or self.second is None else self.second - self.first


def compared(first: Listed, second: Listed) -> tuple[Pair, ...]:
    """Every quantity of two sessions."""
    return tuple(Pair(what, unit, of(first), of(second)) for what, unit, of in _QUANTITIES)


def _scaled(name: str, one: float) -> Callable[[Listed], float | None]:
    """A field in units of ``one`` of its own."""

    def of(listed: Listed) -> float | None:
        value = getattr(listed, name)
        return None if value is None else value / one

    return of


_QUANTITIES = (
    ("level", "", _scaled("level", 1)),
    ("total", "min", _scaled("elapsed_ms", 60_000)),
    ("backward", "min", _scaled("backward_ms", 60_000)),
    ("of it running", "min", _scaled("running_ms", 60_000)),
    ("distance", "km", _scaled("distance_mm", 1_000_000)),
    ("mean speed", "km/h", lambda one: one.distance_mm * 3.6 / one.elapsed_ms if one.elapsed_ms else None),
    ("highest speed", "km/h", _scaled("speed_max_ckph", 100)),
    ("highest heart rate", "bpm", _scaled("heart_max_bpm", 1)),
    ("pain before", "", _scaled("pain_before", 1)),
    ("pain in it", "", _scaled("pain_during", 1)),
    ("pain after", "", _scaled("pain_after", 1)),
    ("effort", "", _scaled("effort", 1)),
)
