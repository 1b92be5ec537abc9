"""Importing and checking the largest sane workout of another program: as many steps as a plan may have."""

from __future__ import annotations

import time
from collections.abc import Callable

from retrotread.sessions.check import check_text
from retrotread.sessions.launcher import DEFAULT_TREADMILL
from retrotread.sessions.prepare import ANYBODY, Written
from retrotread.workouts.formats.importing import parse_foreign
from retrotread.workouts.formats.settling import Settled, settled
from retrotread.workouts.plan import STEPS_MAX
from retrotread.workouts.source import WorkoutFileError, parse_workout

from .figures import Figure

RUNS = 9
WRITTEN_STEPS = 240
"""As many written steps as our own file has room for: five keys and values each, 2,000 in all."""

ANSWERS = {"speed-unit": "km/h", "incline-unit": "percent"}
STEP = (
    '<SteadyState Duration="{length}" Speed="{speed}" Incline="1">'
    '<textevent timeoffset="0" message="step {number}, short steps, eyes level, tall"/></SteadyState>'
)
INTERVALS = '<IntervalsT Repeat="{times}" OnDuration="25" OffDuration="25" OnSpeed="6.0" OffSpeed="4.0" Incline="1"/>'


def measure() -> list[Figure]:
    """Processor time, so that a busy neighbour counts less."""
    content = largest()
    done = _imported(content)
    steps = len(done.plan.planned_steps())
    written = Written("bench", done.text.encode(), parse_workout(done.text.encode(), "bench.yaml"))
    rows: tuple[tuple[str, Callable[[], object]], ...] = (
        (f"import: ZWO of {len(content) // 1024} KiB, {steps} steps", lambda: _imported(content)),
        (
            f"check: the same, {len(done.text) // 1024} KiB of our own",
            lambda: check_text(written, DEFAULT_TREADMILL, ANYBODY),
        ),
    )
    return [Figure(name, _milliseconds(work), "ms", "<= 1000") for name, work in rows]


def largest() -> bytes:
    """The most written steps that are still a workout here, and behind them intervals up to the last step allowed."""
    for written in range(WRITTEN_STEPS, 0, -10):
        content = _with(written)
        try:
            _imported(content)
        except WorkoutFileError:
            continue
        return content
    raise AssertionError("no size of workout can be imported")


def _with(written: int) -> bytes:
    steps = (STEP.format(length=27 + number % 3, speed=4 + number % 2, number=number) for number in range(written))
    intervals = INTERVALS.format(times=(STEPS_MAX - written) // 2)
    head = "<sportType>run</sportType><durationType>time</durationType>"
    inside = f"{''.join(steps)}{intervals}"
    return f"<workout_file><name>largest</name>{head}<workout>{inside}</workout></workout_file>".encode()


def _imported(content: bytes) -> Settled:
    return settled(parse_foreign(content, "bench.zwo"), ANSWERS, "largest")


def _milliseconds(work: Callable[[], object]) -> tuple[float, ...]:
    values = []
    for _ in range(RUNS + 1):
        began_s = time.process_time()
        work()
        values.append((time.process_time() - began_s) * 1000)
    return tuple(values[1:])  # the first one only warms up
