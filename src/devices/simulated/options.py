"""What the address of a simulated treadmill may say: its kind, faults, seed and a few figures of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from .archetype import Archetype
from .archetypes import ARCHETYPES
from .faults import TimedFault, parse_fault
from .naming import known
from .treadmill import SimulatedTreadmill

SEED_MAX = 999_999_999
"""Nine digits: enough seeds for a lifetime of runs, and still read out over a telephone."""

_DECIMAL = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class FigureOption:
    """An option that replaces a figure of the archetype; ``apply`` is handed a value inside the range."""

    key: str
    lowest: float
    highest: float
    unit: str
    meaning: str
    apply: Callable[[Archetype, float], Archetype]


def _set_report_hz(kind: Archetype, report_hz: float) -> Archetype:
    return replace(kind, report_period_s=1 / report_hz)


def _set_min_kph(kind: Archetype, min_kph: float) -> Archetype:
    return replace(kind, speed_min_ckph=_whole_steps_ckph("min_kph", min_kph, kind))


def _set_max_kph(kind: Archetype, max_kph: float) -> Archetype:
    return replace(kind, speed_max_ckph=_whole_steps_ckph("max_kph", max_kph, kind))


def _set_lag_s(kind: Archetype, lag_s: float) -> Archetype:
    """Command and report keep their shares of the lag."""
    share = kind.command_lag_s / (kind.command_lag_s + kind.report_lag_s)
    return replace(kind, command_lag_s=lag_s * share, report_lag_s=lag_s * (1 - share))


def _set_start_s(kind: Archetype, start_s: float) -> Archetype:
    return replace(kind, start_countdown_s=start_s)


def _set_answer_s(kind: Archetype, answer_s: float) -> Archetype:
    return replace(kind, answer_after_s=answer_s)


def _whole_steps_ckph(key: str, speed_kph: float, kind: Archetype) -> int:
    step_ckph = kind.speed_increment_ckph
    steps = round(speed_kph * 100 / step_ckph)
    if abs(steps * step_ckph - speed_kph * 100) > 1e-6:
        raise ValueError(
            f"option {key}={speed_kph:g} is not a multiple of {step_ckph / 100:g} km/h, the machine's step"
        )
    return steps * step_ckph


FIGURE_OPTIONS: dict[str, FigureOption] = {
    option.key: option
    for option in (
        # 10 Hz is the quickest that machines in the field report, 0.2 Hz slower than any rule can live with.
        FigureOption("report_hz", 0.2, 10, "Hz", "reports in a second", _set_report_hz),
        # 5 km/h is beyond the lowest speed of any machine, 25 km/h the highest of a running machine.
        FigureOption("min_kph", 0.1, 5, "km/h", "lowest speed of the belt", _set_min_kph),
        FigureOption("max_kph", 1, 25, "km/h", "highest speed of the belt", _set_max_kph),
        # 5 s and 10 s are beyond the slowest answers and countdowns on record (about 4 s and 6.2 s).
        FigureOption("lag_s", 0, 5, "s", "from a command to a report that shows its effect", _set_lag_s),
        FigureOption("answer_s", 0, 5, "s", "from a command to its answer", _set_answer_s),
        FigureOption("start_s", 0, 10, "s", "countdown of the console before the belt moves", _set_start_s),
    )
}
OPTION_NAMES = ("fault", "seed", *FIGURE_OPTIONS)


@dataclass(frozen=True, slots=True)
class SimulatedSetup:
    """Everything that an address says of a simulated treadmill."""

    archetype: Archetype
    faults: tuple[TimedFault, ...]
    seed: int

    def treadmill(self, starts_at_s: float) -> SimulatedTreadmill:
        """A new treadmill, at rest; the moments of its faults count from ``starts_at_s``."""
        return SimulatedTreadmill(self.archetype, self.faults, self.seed, starts_at_s)


def simulated_setup(name: str, options: tuple[tuple[str, str], ...]) -> SimulatedSetup:
    """Read the name and options of a ``sim://`` address. Raises ValueError with a sentence that says the mend."""
    if name not in ARCHETYPES:
        raise ValueError(f"there is no simulated treadmill {name[:40]!r}; the known ones are {known(ARCHETYPES, name)}")
    for key, _ in options:
        if key not in OPTION_NAMES:
            raise ValueError(f"there is no option {key!r}; the known ones are {', '.join(OPTION_NAMES)}")
    return SimulatedSetup(
        archetype=_with_figures(ARCHETYPES[name], options),
        faults=tuple(parse_fault(value) for key, value in options if key == "fault"),
        seed=next((_seed(value) for key, value in options if key == "seed"), 0),
    )


def _with_figures(kind: Archetype, options: tuple[tuple[str, str], ...]) -> Archetype:
    for key, value in options:
        if key in FIGURE_OPTIONS:
            kind = FIGURE_OPTIONS[key].apply(kind, _figure(FIGURE_OPTIONS[key], value))
    if kind.speed_min_ckph > kind.speed_max_ckph:
        lowest, highest = kind.speed_min_ckph / 100, kind.speed_max_ckph / 100
        raise ValueError(
            f"its lowest speed, {lowest:g} km/h, is above its highest, {highest:g} km/h; set min_kph or max_kph"
        )
    return kind


def _figure(option: FigureOption, text: str) -> float:
    """A plain decimal inside the option's range: no sign, no exponent, no nan."""
    range_text = f"write {option.lowest:g} to {option.highest:g} {option.unit}, as in {option.key}={option.highest:g}"
    if _DECIMAL.fullmatch(text) is None:
        raise ValueError(f"option {option.key!r}: {text[:40]!r} is not a plain decimal number; {range_text}")
    if not option.lowest <= float(text) <= option.highest:
        raise ValueError(f"option {option.key!r}: {text} {option.unit} is out of range; {range_text}")
    return float(text)


def _seed(text: str) -> int:
    if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) is None:
        raise ValueError(f"option 'seed': {text[:40]!r} is not a whole number; write 0 to {SEED_MAX}, as in seed=7")
    return int(text)
