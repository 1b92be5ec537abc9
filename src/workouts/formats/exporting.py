"""Writing a workout of ours for another program, with the list of what that program cannot be told.

Speeds are only ever rounded down, so that no other belt is asked for more than was meant.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from xml.sax.saxutils import escape, quoteattr

from ..plan import WorkoutPlan
from ..quantity import Distance, Duration, Length
from ..steps import StepKind
from .carried import (
    Carried,
    CarriedItem,
    CarriedRepeat,
    CarriedStep,
    Exported,
    Loss,
    as_time,
    carried,
    flat,
    flat_deck,
    lengths,
    steady_incline,
    with_length,
    with_speeds,
    without_cues,
)
from .fit import ACTIVE, COOLDOWN, DISTANCE, NO_TARGET, REPEAT, SPEED, TIME
from .fit_records import RUNNING, FitStep, FitWorkout, write_records
from .foreign import Format

ZWO_REFERENCE_S_PER_KM = 360
"""The threshold pace that the shares of a ZWO file are written against: 10 km/h, so that 0.65 is 6.5 km/h."""

_REFERENCE_KPH = Decimal(3600) / ZWO_REFERENCE_S_PER_KM

FIT_TEXT_BYTES_MAX = 200
"""A field of a FIT record has at most 255 octets, and watches show far fewer letters."""


def exported(plan: WorkoutPlan, form: Format, backward_max_kph: float | None = None) -> Exported:
    """``plan`` as a file of ``form``, which is any but qdomyos-zwift's.

    Raises TimelineError for shares of a maximum that is None, FitMissing.
    """
    whole = carried(plan, backward_max_kph)
    match form:
        case Format.ZWO:
            return _zwo(whole)
        case Format.ICU:
            return _icu(whole)
        case Format.FIT:
            return _fit(whole)
        case Format.QZ:
            raise ValueError("programs of qdomyos-zwift are read here and not written")


# --- ZWO ----------------------------------------------------------------------------------------------------------


def _zwo(whole: Carried) -> Exported:
    """Shares of a threshold pace that the file names; the incline by the attribute that qdomyos-zwift reads."""
    whole = whole.unrolled().changed(steady_incline, Loss.INCLINE_RAMP)
    if lengths(whole.steps) == {Duration, Distance}:
        whole = whole.changed(as_time, Loss.LENGTH)
    whole = whole.changed(with_speeds(_to_thousandth), Loss.SPEED_ROUNDED)
    by_distance = lengths(whole.steps) == {Distance}
    steps = tuple(flat(whole.steps))
    lines = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<workout_file>",
        f"    <name>{escape(whole.name)}</name>",
        "    <sportType>run</sportType>",
        f"    <durationType>{'distance' if by_distance else 'time'}</durationType>",
        f"    <thresholdSecPerKm>{ZWO_REFERENCE_S_PER_KM}</thresholdSecPerKm>",
        "    <workout>",
        *(line for index, step in enumerate(steps) for line in _zwo_step(step, last=index + 1 == len(steps))),
        "    </workout>",
        "</workout_file>",
        "",
    )
    return Exported.of("\n".join(lines).encode("utf-8"), whole)


def _zwo_step(step: CarriedStep, last: bool) -> Iterator[str]:
    length = step.length.seconds if isinstance(step.length, Duration) else step.length.metres
    start, end = _share(step.start.speed_kph), _share(step.end.speed_kph)
    element, power = "SteadyState", f'Power="{start}"'
    if start != end or (step.kind is StepKind.COOL_DOWN and last):
        element = "Cooldown" if step.kind is StepKind.COOL_DOWN and last else "Ramp"
        power = f'PowerLow="{start}" PowerHigh="{end}"'
    incline = f' Incline="{_plain(step.start.incline_percent)}"' if step.start.incline_percent else ""
    head = f'        <{element} Duration="{_plain(length)}" {power}{incline}'
    if step.say is None:
        yield f"{head}/>"
        return
    yield f"{head}>"
    yield f'            <textevent timeoffset="0" message={quoteattr(step.say)}/>'
    yield f"        </{element}>"


def _share(kph: float) -> str:
    return _plain(Decimal(repr(kph)) / _REFERENCE_KPH)


# --- intervals.icu ------------------------------------------------------------------------------------------------


def _icu(whole: Carried) -> Exported:
    """A step a line, each with its pace to the whole second; repeats of one level."""
    whole = whole.one_level().changed(flat_deck, Loss.INCLINE).lost(Loss.NAME)
    whole = whole.changed(with_length(_whole_length), Loss.LENGTH_ROUNDED)
    whole = whole.changed(with_speeds(_whole_pace_kph), Loss.SPEED_ROUNDED)
    whole = whole.changed(lambda step: step if _says_only_words(step.say) else without_cues(step), Loss.CUE)
    text = re.sub("\n{3,}", "\n\n", "\n".join(_icu_lines(whole.steps))).strip()
    return Exported.of(f"{text}\n".encode(), whole)


def _icu_lines(steps: tuple[CarriedItem, ...]) -> Iterator[str]:
    for index, item in enumerate(steps):
        if isinstance(item, CarriedRepeat):
            yield ""
            yield f"{item.times}x"
            yield from map(_icu_step, flat(item.steps))
            yield ""
        else:
            if item.kind is StepKind.COOL_DOWN and index + 1 == len(steps):
                yield from ("", "Cooldown")
            yield _icu_step(item)


def _icu_step(step: CarriedStep) -> str:
    start, end = _pace_text(step.start.speed_kph), _pace_text(step.end.speed_kph)
    pace = f"{start}/km" if start == end else f"ramp {start}-{end}/km"
    words = ("-", step.say, _icu_length(step.length), pace, "Pace")
    return " ".join(word for word in words if word)


def _icu_length(length: Length) -> str:
    if isinstance(length, Distance):
        return f"{int(length.metres)}mtr"
    hours, rest = divmod(int(length.seconds), 3600)
    minutes, seconds = divmod(rest, 60)
    return "".join(f"{value}{unit}" for value, unit in ((hours, "h"), (minutes, "m"), (seconds, "s")) if value)


def _whole_length(length: Length) -> Length:
    if isinstance(length, Distance):
        return Distance(float(round(length.metres)))
    return Duration(float(round(length.seconds)))


def _pace_s(kph: float) -> int:
    """Whole seconds a kilometre, rounded up to the slower pace."""
    return int((Decimal(3600) / Decimal(repr(kph)) - Decimal("1e-9")).to_integral_value(ROUND_CEILING))


def _whole_pace_kph(kph: float) -> float:
    return 3600 / _pace_s(kph)


def _pace_text(kph: float) -> str:
    minutes, seconds = divmod(_pace_s(kph), 60)
    return f"{minutes}:{seconds:02d}"


_ONLY_WORDS = re.compile(r"[^\W\d_][^\W\d_,.;' -]*(?:[ ,.;'-]+[^\W\d_]+)*[.!]?")
"""Letters, blanks and stops: a digit may read as a length, and other signs as something else."""


def _says_only_words(say: str | None) -> bool:
    return say is None or _ONLY_WORDS.fullmatch(say) is not None


# --- FIT ----------------------------------------------------------------------------------------------------------


def _fit(whole: Carried) -> Exported:
    workout, left = as_records(whole)
    return Exported.of(write_records(workout), left)


def as_records(whole: Carried) -> tuple[FitWorkout, Carried]:
    """The records of a FIT file: speeds in mm/s, repeats of one level, which is what watches know."""
    whole = whole.one_level().changed(flat_deck, Loss.INCLINE)
    whole = whole.changed(with_speeds(_whole_mm_per_s), Loss.SPEED_ROUNDED)
    whole = whole.changed(with_length(_whole_raw), Loss.LENGTH_ROUNDED)
    whole = whole.changed(lambda step: step if _fits(step.say) else without_cues(step), Loss.CUE)
    if any(step.start.speed_kph != step.end.speed_kph for step in flat(whole.steps)):
        whole = whole.lost(Loss.SPEED_RAMP)
    return FitWorkout(whole.name, RUNNING, tuple(_fit_steps(whole.steps))), whole


def _fit_steps(items: tuple[CarriedItem, ...]) -> Iterator[FitStep]:
    index = 0
    for at, item in enumerate(items):
        first = index
        inside = tuple(flat(item.steps)) if isinstance(item, CarriedRepeat) else (item,)
        for step in inside:
            yield _fit_step(step, last=at + 1 == len(items) and item is step)
            index += 1
        if isinstance(item, CarriedRepeat):
            yield FitStep(REPEAT, first, NO_TARGET, item.times)
            index += 1


def _fit_step(step: CarriedStep, last: bool) -> FitStep:
    ends = sorted(_mm_per_s(one.speed_kph) for one in (step.start, step.end))
    kind = TIME if isinstance(step.length, Duration) else DISTANCE
    intensity = COOLDOWN if step.kind is StepKind.COOL_DOWN and last else ACTIVE
    return FitStep(kind, _raw(step.length), SPEED, 0, ends[0], ends[1], intensity, notes=step.say)


def _raw(length: Length) -> int:
    """Milliseconds or centimetres."""
    return round(length.seconds * 1000) if isinstance(length, Duration) else round(length.metres * 100)


def _whole_raw(length: Length) -> Length:
    return Duration(_raw(length) / 1000) if isinstance(length, Duration) else Distance(_raw(length) / 100)


def _mm_per_s(kph: float) -> int:
    return math.floor(kph / 3.6 * 1000 + 1e-6)


def _whole_mm_per_s(kph: float) -> float:
    return _mm_per_s(kph) * 3.6 / 1000


def _fits(say: str | None) -> bool:
    return say is None or len(say.encode("utf-8")) <= FIT_TEXT_BYTES_MAX


# --- numbers ------------------------------------------------------------------------------------------------------


def _to_thousandth(kph: float) -> float:
    return float((Decimal(repr(kph)) + Decimal("1e-9")).quantize(Decimal("0.001"), ROUND_FLOOR))


def _plain(value: float | Decimal) -> str:
    """Plain digits, no trailing zeros."""
    text = f"{Decimal(repr(value)) if isinstance(value, float) else value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
