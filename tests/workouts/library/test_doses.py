"""Every published dose in the library, held against a table that was typed from the sources and not from the files."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from retrotread.workouts.about import Dose
from retrotread.workouts.catalogue import Entry, catalogue
from retrotread.workouts.plan import WorkoutPlan
from retrotread.workouts.steps import PlannedStep

DOSES: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("doses.toml").read_text(encoding="utf-8"))
ENTRIES = {entry.name: entry for entry in catalogue()}
PEAK_KPH = 8.0
"""A backward maximum for the files that ask for a share of one."""

each = pytest.mark.parametrize("name", DOSES)


def typed(name: str, key: str, otherwise: Any = None) -> Any:
    return DOSES[name].get(key, otherwise)


def steps(entry: Entry) -> tuple[PlannedStep, ...]:
    return entry.about.planned_steps(PEAK_KPH) if isinstance(entry.about, WorkoutPlan) else ()


@each
def test_a_file_says_of_the_dose_what_its_source_says_and_no_more(name: str) -> None:
    said = ENTRIES[name].about.dose
    assert said is not None
    assert said.model_dump(by_alias=True, exclude_none=True) == typed(name, "published")


@each
def test_a_file_names_how_many_took_part_and_from_which_level_it_may_be_done(name: str) -> None:
    about = ENTRIES[name].about
    people = typed(name, "people")
    assert about.population is not None
    assert people is None or str(people) in about.population.replace(",", " ").split()
    assert (about.level, about.where) == (typed(name, "level"), typed(name, "where", "home"))
    assert ENTRIES[name].kind == typed(name, "kind", "workout")


def fits(bout: dict[str, float], step: PlannedStep) -> bool:
    told = {"min": step.length_s / 60, "kph": step.end.speed_kph, "percent": step.end.incline_percent}
    return all(told[key] == pytest.approx(value) for key, value in bout.items())


@each
def test_the_steps_hold_what_was_published_in_its_order(name: str) -> None:
    left = list(steps(ENTRIES[name]))
    for bout in typed(name, "bouts", []):
        while left and not fits(bout, left[0]):
            left.pop(0)
        assert left, f"{name}: no step is {bout} in its place"
        left.pop(0)


@each
def test_a_session_is_as_long_as_the_table_says(name: str) -> None:
    on_belt = [step.length_s for step in steps(ENTRIES[name]) if step.end.speed_kph]
    assert sum(on_belt) / 60 == typed(name, "minutes", 0)
    assert (typed(name, "minutes") is None) == (ENTRIES[name].kind == "card")


def test_every_file_with_a_published_number_is_in_the_table() -> None:
    numbered = {name for name, entry in ENTRIES.items() if entry.about.dose is not None and has_numbers(entry)}
    assert numbered - DOSES.keys() == set()
    assert DOSES.keys() - ENTRIES.keys() == set()


def has_numbers(entry: Entry) -> bool:
    """Whether its dose comes from a study: what coaches write about a few minutes has no numbers to hold."""
    dose: Dose | None = entry.about.dose
    grade = entry.about.source.grade if entry.about.source is not None else None
    return dose is not None and (grade in ("trial", "design", "study") or dose.times_a_week is not None)
