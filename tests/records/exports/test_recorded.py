"""A session on the simulated treadmill goes all the way: from its journal through the store into Garmin's decoder."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from tests.records.conftest import record
from tests.records.exports.test_fit import decoded

from retrotread.devices.heart.simulated import SimulatedStrap
from retrotread.records.exports.fit import EFFECTIVE_GRADE, GAIT, PLAN_STEP, fit
from retrotread.records.exports.told import Privacy, Who, told
from retrotread.records.file import NAME, opened
from retrotread.records.store import PersonFacts, Store
from retrotread.records.taking import take_over
from retrotread.sessions.simulate import Simulated

WORKOUT = """\
retrotread: 1
name: Up and on
level: 4
facing: rear
steps:
  - walk: 60 s
    speed: 1.0 km/h
  - repeat: 2
    steps:
      - walk: 60 s
        speed: 1.5 km/h
        incline: 2 %
      - walk: 60 s
        speed: 1.0 km/h
        incline: 0 %
  - cool down: 60 s
    speed: 1.0 km/h
"""


class Way(NamedTuple):
    """How it went, and what Garmin's decoder says of the file."""

    went: Simulated
    found: dict[str, list[dict[Any, Any]]]


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> Way:
    """One run for all of these tests, on virtual time."""
    folder = tmp_path_factory.mktemp("up")
    workout, journal = folder / "up.yaml", folder / "up.sqlite"
    workout.write_text(WORKOUT, encoding="utf-8")
    went = record(journal, workout, strap=SimulatedStrap("chest", bpm=95.0, to_bpm=125.0, in_s=240.0))
    store = Store(opened(folder / NAME), folder / NAME)
    take_over(store, store.person_here(PersonFacts(True, "walker")), journal)
    whole = store.whole("ab12")
    assert whole is not None
    return Way(went, decoded(fit(told(whole, Who(Privacy.PSEUDONYMOUS)))))


def found_in(way: Way, lap: dict[Any, Any]) -> list[dict[Any, Any]]:
    """The records from the start of a lap to its end."""
    return [one for one in way.found["record_mesgs"] if lap["start_time"] <= one["timestamp"] < lap["timestamp"]]


def test_the_distance_is_the_one_of_the_run_and_near_that_of_the_belt_itself(way: Way) -> None:
    (session,) = way.found["session_mesgs"]
    assert session["total_distance"] == pytest.approx(way.went.distance_m, abs=0.01)
    assert session["total_distance"] == pytest.approx(way.went.true_distance_m, rel=0.02)
    assert way.found["record_mesgs"][-1]["distance"] == session["total_distance"]
    laps = way.found["lap_mesgs"]
    assert sum(lap["total_distance"] for lap in laps) == pytest.approx(session["total_distance"], abs=0.005 * len(laps))
    assert sum(lap["total_timer_time"] for lap in laps) == session["total_timer_time"]


def test_every_step_is_a_lap_as_long_and_as_fast_as_it_was_planned(way: Way) -> None:
    laps = way.found["lap_mesgs"]
    assert [lap["developer_fields"][PLAN_STEP] for lap in laps] == [1, 2, 3, 4, 5, 6]
    assert [lap["total_timer_time"] for lap in laps[1:-1]] == pytest.approx([60.0] * 4, abs=1.0)
    middle = [found_in(way, lap)[30]["enhanced_speed"] * 3.6 for lap in laps[:-1]]
    assert middle == pytest.approx([1.0, 1.5, 1.0, 1.5, 1.0], abs=0.01)
    assert [lap["intensity"] for lap in laps] == ["active"] * 5 + ["cooldown"]
    starts = [lap["start_time"] for lap in laps]
    assert [lap["timestamp"] for lap in laps[:-1]] == starts[1:]


def test_incline_and_effective_grade_are_what_the_deck_did(way: Way) -> None:
    laps = way.found["lap_mesgs"]
    assert [found_in(way, lap)[30]["grade"] for lap in laps[:-1]] == [0.0, 2.0, 0.0, 2.0, 0.0]
    assert [lap["avg_grade"] for lap in laps] == pytest.approx([0.0, 1.9, 0.1, 1.9, 0.1, 0.0], abs=0.1)
    assert {one["developer_fields"][GAIT] for one in way.found["record_mesgs"]} == {-1}
    steep = [one for one in way.found["record_mesgs"] if one["grade"] == 2.0]
    assert len(steep) > 90
    assert {one["developer_fields"][EFFECTIVE_GRADE] for one in steep} == {2.0}


def test_the_heart_rate_is_that_of_the_strap(way: Way) -> None:
    told = [one["heart_rate"] for one in way.found["record_mesgs"] if "heart_rate" in one]
    assert len(told) == len(way.found["record_mesgs"])
    assert 95 <= told[0] < told[-1] <= 125
    assert way.found["session_mesgs"][0]["max_heart_rate"] == max(told)
