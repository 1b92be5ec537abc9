"""A clinic's prescription: what it keeps from beginning, and what it leaves to the participant."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.safety.heart import HeartCeiling
from retrotread.safety.tiers import TIERS
from retrotread.sessions.bounds import UNBOUNDED, UNLIMITED, heart_ceiling, limits, too_much_pain
from retrotread.sessions.prepare import Asked, Prepared, laid_out, prescribed, written_in
from retrotread.sessions.prescription import Ceilings, Prescription, Way, days_from, hash_of
from retrotread.workouts import library

DAY = date(2026, 11, 20)
MACHINE = ARCHETYPES["well-behaved"].profile
WALK = library.find("ladder-1")
BECAUSE = "prescription 3 of Dr. A. Weber: knee, second week"


def a_prescription(path: Path = WALK, **changes: object) -> Prescription:
    """One of a level 1 workout without a limit; ``changes`` are its fields."""
    found = Prescription(
        number=3,
        participant="P-7QK2M9",
        workout=path.stem,
        plan_hash=hash_of(path.read_bytes()),
        tier="novice",
        way=Way.BOTH,
        ceilings=Ceilings(),
        author="Dr. A. Weber",
        reason="knee, second week",
        first_day="2026-11-01",
        last_day="2026-11-30",
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def offered(prescription: Prescription, path: Path = WALK, day: date = DAY) -> Prepared:
    """The workout laid out for a participant of that prescription."""
    asked = Asked(tier=TIERS[prescription.tier])
    return prescribed(laid_out(written_in(path), MACHINE, asked), prescription, day)


def test_a_plan_within_its_prescription_can_be_run() -> None:
    prescription = a_prescription(ceilings=Ceilings(speed_kph=3.0, incline_percent=0.0, minutes=60))
    assert offered(prescription).offer.problems == ()


@pytest.mark.parametrize(
    ("changes", "day", "sentence"),
    [
        (
            {"ceilings": Ceilings(speed_kph=0.6)},
            DAY,
            f"is above 0.6 km/h ({BECAUSE})",
        ),
        ({"ceilings": Ceilings(minutes=2)}, DAY, f"min, and 2 min is the most ({BECAUSE})"),
        ({"way": Way.FORWARD}, DAY, f"it does not go forward, as everything does that is prescribed ({BECAUSE})"),
        (
            {"plan_hash": "0" * 64},
            DAY,
            f"is not the version that was prescribed; ask for a new prescription ({BECAUSE})",
        ),
        ({}, date(2026, 12, 1), f"it ended with 2026-11-30, and today is 2026-12-01; ask for a new one ({BECAUSE})"),
        ({}, date(2026, 10, 31), f"it holds from 2026-11-01 on, and today is 2026-10-31 ({BECAUSE})"),
    ],
    ids=["too fast", "too long", "the other way", "another version", "over", "not yet"],
)
def test_what_passes_a_prescription_is_refused_with_its_author_and_their_reason(
    changes: dict[str, Any], day: date, sentence: str
) -> None:
    (problem,) = offered(replace(a_prescription(), **changes), day=day).offer.problems
    assert problem.endswith(sentence)


def test_a_plan_that_is_too_steep_is_refused() -> None:
    path = library.find("ladder-4")
    prescription = a_prescription(path, tier="walker", ceilings=Ceilings(incline_percent=1.0))
    (problem,) = offered(prescription, path).offer.problems
    assert problem.endswith(f"3.0 % is above 1.0 % ({BECAUSE})")


def test_the_belt_moves_no_longer_than_is_prescribed() -> None:
    assert offered(a_prescription(ceilings=Ceilings(minutes=20))).session_max_s == 1200.0
    assert offered(a_prescription()).session_max_s > 1200.0


def test_the_guardian_is_told_each_limit_with_the_reason_and_nothing_where_none_was_set() -> None:
    told = limits(a_prescription(ceilings=Ceilings(speed_kph=1.2)).bounds)
    assert told is not None
    assert (told.speed_ckph.value, told.speed_ckph.reason) == (120, BECAUSE)
    assert told.incline_dpct.value == UNLIMITED
    assert limits(a_prescription().bounds) is None


@pytest.mark.parametrize(
    ("own", "bpm", "holds"),
    [
        (None, None, None),
        (None, 120, HeartCeiling(120, required=True)),
        (HeartCeiling(110), 120, HeartCeiling(110, required=True)),
        (HeartCeiling(150), None, HeartCeiling(150)),
    ],
)
def test_of_two_ceilings_of_the_heart_the_lower_holds_and_a_prescribed_one_needs_the_strap(
    own: HeartCeiling | None, bpm: int | None, holds: HeartCeiling | None
) -> None:
    assert heart_ceiling(a_prescription(ceilings=Ceilings(heart_bpm=bpm)).bounds, own) == holds


def test_more_pain_than_is_prescribed_ends_it_and_so_much_does_not() -> None:
    prescription = a_prescription(ceilings=Ceilings(pain=2)).bounds
    assert too_much_pain(prescription, 2) is None
    assert too_much_pain(prescription, 3) == f"pain 3 of 10 was said, and 2 is the most that goes on ({BECAUSE})"
    assert too_much_pain(a_prescription().bounds, 9) is None
    assert too_much_pain(UNBOUNDED, 9) is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"last_day": "2026-10-01"}, "it ends with 2026-10-01, before it begins with 2026-11-01"),
        ({"last_day": "soon"}, "Invalid isoformat string: 'soon'"),
        ({"tier": "giant"}, "there is no tier 'giant'; the tiers are frail,"),
        ({"author": " "}, "it needs an author, as plain text on one line"),
        ({"reason": "one\ntwo"}, "it needs a reason, as plain text on one line"),
    ],
)
def test_a_prescription_that_nobody_can_have_meant_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}"):
        replace(a_prescription(), **changes)


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        ({"speed_kph": 0.0}, "speed 0.0: from 0.1 to 16"),
        ({"speed_kph": math.nan}, "speed nan: from 0.1 to 16"),
        ({"incline_percent": 16.0}, "incline 16.0: from 0 to 15"),
        ({"minutes": 61}, "minutes 61: from 1 to 60"),
        ({"heart_bpm": 59}, "heart rate 59: from 60 to 230"),
        ({"pain": 11}, "pain 11: from 0 to 10"),
    ],
)
def test_a_limit_that_is_no_number_of_its_kind_is_refused(limit: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        Ceilings(**limit)


def test_a_prescription_is_for_today_and_later_and_its_days_are_written_in_one_way() -> None:
    assert days_from(None, "2026-12-31", DAY) == (DAY, date(2026, 12, 31))
    assert days_from("2026-11-01", "2026-11-20", DAY) == (date(2026, 11, 1), DAY)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (None, "20261231", "'20261231' is no day; write days as 2026-12-31"),
        (None, "2026-W53-1", "'2026-W53-1' is no day; write days as 2026-12-31"),
        ("20261120", "2026-12-31", "'20261120' is no day; write days as 2026-12-31"),
        (None, "soon", "'soon' is no day; write days as 2026-12-31"),
        (None, "2026-11-19", "its last day, 2026-11-19, is over: today is 2026-11-20"),
    ],
)
def test_other_days_are_refused_with_a_sentence(first: str | None, last: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        days_from(first, last, DAY)
