"""TCX files against their schemas, and what they tell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from tests.records.exports.conftest import a_run, a_step, seconds

from retrotread.machine import BeltDirection
from retrotread.records.done import Sample
from retrotread.records.exports import tcx as form
from retrotread.records.exports.tcx import DATABASE, EXTENSION, OURS, tcx
from retrotread.records.exports.told import Told
from retrotread.records.exports.track import Track, track_of

SCHEMAS = Path(__file__).parent / "schemas"
NAMES = {"": DATABASE, "x": EXTENSION, "rt": OURS}


@pytest.fixture(scope="module")
def schema() -> xmlschema.XMLSchema10:
    others = [(EXTENSION, str(SCHEMAS / "activity-extension.xsd")), (OURS, str(SCHEMAS / "way.xsd"))]
    return xmlschema.XMLSchema10(str(SCHEMAS / "training-center.xsd"), locations=others)


def read(content: bytes, schema: xmlschema.XMLSchema10) -> ElementTree.Element:
    """The file, which the schemas take without an error."""
    root = ElementTree.fromstring(content)
    assert [error.reason for error in schema.iter_errors(root)] == []
    return root


def test_it_is_as_the_schema_says_with_a_lap_for_each_step(two_steps: Told, schema: xmlschema.XMLSchema10) -> None:
    laps = read(tcx(two_steps), schema).findall(".//Lap", NAMES)
    assert [lap.findtext("TotalTimeSeconds", namespaces=NAMES) for lap in laps] == ["13.000", "10.000"]
    assert sum(float(lap.findtext("DistanceMeters", "", NAMES)) for lap in laps) == pytest.approx(20.0)
    assert [lap.findtext("Intensity", namespaces=NAMES) for lap in laps] == ["Active", "Resting"]
    assert [len(lap.findall(".//Trackpoint", NAMES)) for lap in laps] == [13, 11]


def test_points_tell_speed_and_incline_and_only_the_heart_rate_that_was_told(
    two_steps: Told, schema: xmlschema.XMLSchema10
) -> None:
    points = read(tcx(two_steps), schema).findall(".//Trackpoint", NAMES)
    assert [one.findtext(".//x:Speed", namespaces=NAMES) for one in (points[3], points[13])] == ["0.278", "0.833"]
    way = points[13].find(".//rt:Way", NAMES)
    assert way is not None
    assert way.attrib == {"belt": "forward", "gait": "backward", "incline": "2.5", "effectiveGrade": "2.5"}
    assert [one.findtext("HeartRateBpm/Value", namespaces=NAMES) for one in (points[3], points[13])] == ["101", None]
    assert points[0].findtext("Time", namespaces=NAMES) == "2026-03-02T09:00:20Z"


def test_a_reversed_belt_has_a_positive_distance_and_goes_downhill(schema: xmlschema.XMLSchema10) -> None:
    told = a_run(seconds(0, 11, step=0, speed_ckph=360, incline_dpct=15), (a_step(0, belt=BeltDirection.REVERSED),))
    point = read(tcx(told), schema).findall(".//Trackpoint", NAMES)[5]
    way = point.find(".//rt:Way", NAMES)
    assert way is not None
    assert (way.get("belt"), way.get("gait"), way.get("effectiveGrade")) == ("reversed", "backward", "-1.5")
    assert point.findtext("DistanceMeters", namespaces=NAMES) == "10.000"


def test_a_cadence_is_written_as_strides(
    two_steps: Told, schema: xmlschema.XMLSchema10, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted(told: Told) -> Track:
        track = track_of(told)
        laps = tuple(
            replace(lap, points=tuple(replace(one, cadence_spm=150) for one in lap.points)) for lap in track.laps
        )
        return replace(track, laps=laps)

    monkeypatch.setattr(form, "track_of", counted)
    root = read(tcx(two_steps), schema)
    assert {one.text for one in root.findall(".//x:RunCadence", NAMES)} == {"75"}
    assert {one.text for one in root.findall(".//x:AvgRunCadence", NAMES)} == {"75"}


@given(
    told=st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(0, 5000)),
            st.one_of(st.none(), st.integers(-500, 500)),
            st.one_of(st.none(), st.integers(0, 255)),
            st.one_of(st.none(), st.integers(0, 3)),
        ),
        max_size=12,
    ),
    workout=st.text(max_size=30),
)
def test_whatever_was_told_the_schema_takes_it(
    schema: xmlschema.XMLSchema10, told: list[tuple[int | None, ...]], workout: str
) -> None:
    samples = tuple(Sample(at * 1000, *values) for at, values in enumerate(told))
    read(tcx(a_run(samples, (a_step(0), a_step(1)), workout=workout)), schema)
