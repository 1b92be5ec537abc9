"""A simulated heart-rate strap on the injected clock: one reading a second, and the troubles that real ones have.

sim-strap://chest?bpm=120            like a Polar H10: intervals between beats, no word of its contact to the skin
sim-strap://contact?bpm=120          says whether it feels skin, too
sim-strap://armband?bpm=120          neither; it only says a rate

All moments are seconds since the strap was first reached; every option may be given once.

bpm, to_bpm, in_s   the rate, and the one that it moves to within so many seconds
off_s               taken off: a chest strap repeats its last rate without intervals, the others say what they can
freeze_s            from here on the same rate and no interval, whatever is worn
jump_s              for three seconds the rate is 60 bpm higher: electrodes that slipped
drop_s, back_s      the link is lost, and cannot be made again for so long (10 s)

Not simulated: a radio, a battery that runs down, a rhythm that is not one.
"""

from __future__ import annotations

import math
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from ...clock import Clock
from ..errors import ConnectFailed
from .strap import StrapReading

KINDS = {"chest": (True, False), "contact": (True, True), "armband": (False, False)}
"""Whether a kind sends intervals, and whether it speaks of its contact."""

PERIOD_S = 1.0
JUMP_BPM, JUMP_LASTS_S = 60, 3.0
NEVER_S = math.inf
_NUMBER = re.compile(r"[0-9]{1,5}(\.[0-9]{1,3})?", re.ASCII)
_RATE = (20.0, 250.0)
_TIME = (0.0, 86_400.0)
_RANGES = {
    "bpm": _RATE,
    "to_bpm": _RATE,
    "in_s": _TIME,
    "off_s": _TIME,
    "freeze_s": _TIME,
    "jump_s": _TIME,
    "drop_s": _TIME,
    "back_s": _TIME,
}
# Consecutive beats differ by a few hundredths even at rest; intervals that repeat exactly would be a frozen strap.
_WOBBLE = (0.0, 0.02, -0.01, 0.015, -0.025)


@dataclass(frozen=True, slots=True)
class SimulatedStrap:
    """What one strap does over time; pure. Moments in seconds since it was first reached."""

    kind: str
    bpm: float = 100.0
    to_bpm: float | None = None
    in_s: float = 60.0
    off_s: float = NEVER_S
    freeze_s: float = NEVER_S
    jump_s: float = NEVER_S
    drop_s: float = NEVER_S
    back_s: float = 10.0

    def reading(self, age_s: float, at_s: float) -> StrapReading:
        """What it sends at ``age_s``, stamped ``at_s``."""
        intervals, contacts = KINDS[self.kind]
        off, frozen = age_s >= self.off_s, age_s >= self.freeze_s
        held_s = min(age_s, self.off_s, self.freeze_s)
        bpm = self._bpm(held_s)
        contact = not off if contacts else None
        if off and self.kind == "armband":
            return StrapReading(at_s, 0, contact)
        beats = _beats(bpm, age_s) if intervals and not off and not frozen else ()
        return StrapReading(at_s, bpm, contact, beats)

    def linked(self, age_s: float) -> bool:
        """Whether it can be reached then."""
        return not self.drop_s <= age_s < self.drop_s + self.back_s

    def _bpm(self, age_s: float) -> int:
        share = 1.0 if self.in_s == 0 else min(1.0, age_s / self.in_s)
        bpm = self.bpm if self.to_bpm is None else self.bpm + (self.to_bpm - self.bpm) * share
        jumped = self.jump_s <= age_s < self.jump_s + JUMP_LASTS_S
        return round(bpm) + (JUMP_BPM if jumped else 0)


def _beats(bpm: int, age_s: float) -> tuple[float, ...]:
    """The intervals of the beats that fall into the second up to ``age_s``; a slow heart has seconds without any."""
    number, before = math.floor(age_s * bpm / 60), math.floor((age_s - PERIOD_S) * bpm / 60)
    return tuple(
        round(60 / bpm * (1 + _WOBBLE[beat % len(_WOBBLE)]), 4) for beat in range(max(0, before), max(0, number))
    )


def simulated_strap(name: str, options: tuple[tuple[str, str], ...]) -> SimulatedStrap:
    """The strap behind a ``sim-strap://`` address. Raises ValueError with a sentence that says the mend."""
    if name not in KINDS:
        raise ValueError(f"there is no simulated strap {name[:40]!r}; the known ones are {', '.join(KINDS)}")
    return SimulatedStrap(name, **{key: _figure(key, text) for key, text in options})


def _figure(key: str, text: str) -> float:
    if key not in _RANGES:
        raise ValueError(f"there is no option {key!r}; the known ones are {', '.join(_RANGES)}")
    lowest, highest = _RANGES[key]
    if _NUMBER.fullmatch(text) is None or not lowest <= float(text) <= highest:
        raise ValueError(f"option {key!r} is {text[:40]!r}; write a number from {lowest:g} to {highest:g}")
    return float(text)


_began_s: WeakKeyDictionary[Clock, dict[str, float]] = WeakKeyDictionary()
"""When each strap was first reached: a strap whose link was lost goes on, and is not a new one."""


async def reach_simulated_strap(spelling: str, strap: SimulatedStrap, clock: Clock) -> SimulatedStrapLink:
    """The strap at this address, as it is now. Raises ConnectFailed while it is out of reach."""
    began_s = _began_s.setdefault(clock, {}).setdefault(spelling, clock.now_s())
    if not strap.linked(clock.now_s() - began_s):
        raise ConnectFailed(f"no simulated strap answers at {spelling}; it comes back after {strap.back_s:g} s")
    return SimulatedStrapLink(strap, clock, began_s)


class SimulatedStrapLink:
    """A connection to it: ``strap.HeartStrap``."""

    def __init__(self, strap: SimulatedStrap, clock: Clock, began_s: float) -> None:
        self._strap, self._clock, self._began_s = strap, clock, began_s
        self._closed = False

    @property
    def name(self) -> str:
        return f"Simulated strap ({self._strap.kind})"

    async def readings(self) -> AsyncIterator[StrapReading]:
        """A reading at every whole second of the strap's life, until the link is lost or closed."""
        number = math.floor((self._clock.now_s() - self._began_s) / PERIOD_S)
        while not self._closed:
            number += 1
            await self._clock.sleep_until(self._began_s + number * PERIOD_S)
            if not self._strap.linked(number * PERIOD_S):
                return
            yield self._strap.reading(number * PERIOD_S, self._began_s + number * PERIOD_S)

    async def close(self) -> None:
        self._closed = True
