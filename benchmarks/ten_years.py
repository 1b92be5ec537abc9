"""What to do next after ten years: a session every second day, with the pain, breaks and falls of such a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

from retrotread.training.history import Cleared, Entry, Event, History, Illness, Pain, Session
from retrotread.training.history_file import history_as_json, history_from_json
from retrotread.training.progression import Trainee, recommend

from .figures import Figure

DAYS, TIMES = 3653, 30
BEGIN = date(2016, 11, 21)


def measure() -> list[Figure]:
    """The recommendation alone, and reading its file; processor time, so that a busy neighbour counts less."""
    history = ten_years()
    text = history_as_json(history)
    today, trainee = history[-1].day + timedelta(days=2), Trainee()
    return [
        Figure(
            f"next step after ten years ({len(history)} entries)",
            _taken_ms(lambda: recommend(history, trainee, today)),
            "ms",
            "<= 20",
        ),
        Figure(
            f"reading that history ({len(text) / 1e6:.1f} MB of JSON)",
            _taken_ms(lambda: history_from_json(text)),
            "ms",
            "known",
        ),
    ]


def ten_years() -> History:
    """Up and down the whole ladder; every ninth session hurts, once a year somebody falls and is cleared, and once
    they are ill."""
    entries: list[Entry] = []
    for n, offset in enumerate(range(0, DAYS, 2)):
        day = BEGIN + timedelta(days=offset)
        if offset % 364 == 0:
            entries.append(Illness(day, day + timedelta(days=1)))
        entries.append(
            Session(
                day,
                level=min(10, n // 60 % 11),
                walked_min=20.0,
                ran_min=5.0 if n // 60 % 11 > 6 else 0.0,
                device="ble://home",
                pain=Pain(0, 4 if n % 9 == 0 else 1, 0, 0),
                effort=3,
                events=frozenset({Event.FALL}) if n % 180 == 90 else frozenset(),
                supervised=True,
            )
        )
        if n % 180 == 90:
            entries.append(Cleared(day, "a doctor"))
    return tuple(entries)


def _taken_ms(work: Callable[[], object]) -> tuple[float, ...]:
    found = []
    for _ in range(TIMES):
        began_s = time.process_time()
        work()
        found.append((time.process_time() - began_s) * 1000)
    return tuple(found)
