"""JSON files against their published schema, and read again."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from tests.records.exports.conftest import a_run, a_step

from retrotread.machine import BeltDirection
from retrotread.records import tables
from retrotread.records.done import Sample
from retrotread.records.exports.session_json import SCHEMA, session_json
from retrotread.records.exports.told import Told

VALIDATOR = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def read(told: Told) -> dict[str, Any]:
    """The file, which its schema takes."""
    found = json.loads(session_json(told))
    assert [error.message for error in VALIDATOR.iter_errors(found)] == []
    assert isinstance(found, dict)
    return found


def test_the_schema_is_one_and_the_documents_have_the_same() -> None:
    Draft202012Validator.check_schema(VALIDATOR.schema)
    published = Path(__file__).parents[3] / "docs" / SCHEMA.name
    assert published.read_text(encoding="utf-8") == SCHEMA.read_text(encoding="utf-8")


def test_every_column_of_a_session_is_in_it_but_keys_files_and_the_plan_as_it_was_written(two_steps: Told) -> None:
    found = read(two_steps)["session"]
    kept = {column.name for column in tables.SESSION.columns}
    assert kept - found.keys() == {"id", "person_id", "treadmill_id", "journal", "plan", "layout"}
    assert (found["complete"], found["heart_over"], found["happened"]) == (True, None, [])


def test_laps_and_steps_say_how_somebody_went(two_steps: Told) -> None:
    found = read(two_steps)
    assert [(lap["step"], lap["length_ms"]) for lap in found["laps"]] == [(0, 13_000), (1, 10_000)]
    assert sum(lap["distance_mm"] for lap in found["laps"]) == found["session"]["distance_mm"]
    assert [lap["heart_max_bpm"] for lap in found["laps"]] == [101, None]
    assert [(step["gait"], step["belt"]) for step in found["steps"]] == [("backward", "forward")] * 2
    assert (found["pain_next_morning"], found["said"][1]) == (1, {"moment": "after", "pain": 2, "effort": 3})


SAMPLES = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 5000)),
        st.one_of(st.none(), st.integers(-500, 500)),
        st.one_of(st.none(), st.integers(0, 255)),
        st.one_of(st.none(), st.integers(0, 3)),
    ),
    max_size=20,
)


@given(told=SAMPLES, workout=st.text(max_size=30), belt=st.sampled_from(BeltDirection))
def test_samples_and_texts_come_back_as_they_were_kept(
    told: list[tuple[int | None, ...]], workout: str, belt: BeltDirection
) -> None:
    kept = tuple(Sample(at * 1000 + 1, *values) for at, values in enumerate(told))
    found = read(a_run(kept, (a_step(0, belt=belt), a_step(1, belt=belt)), workout=workout))
    names = Sample.__slots__
    assert tuple(Sample(*row) for row in zip(*(found["samples"][name] for name in names), strict=True)) == kept
    assert found["session"]["workout"] == workout


def test_who_it_was_is_in_it_only_if_that_was_asked_for(two_steps: Told) -> None:
    hidden, shown = read(two_steps), read(a_run((), name="Ada Lovelace"))
    assert hidden["person"] == {"pseudonym": "P-7K3M2Q", "name": None}
    assert hidden["treadmill"] == {"name": None, "address": None, "simulated": False}
    assert (shown["person"]["name"], shown["treadmill"]["address"]) == ("Ada Lovelace", "ble://Home")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("retrotread_session",), 2),
        (("person", "name"), "Ada Lovelace"),
        (("session", "distance_mm"), -1),
        (("session", "distance_mm"), 1.5),
        (("samples", "heart_bpm"), ["120"]),
        (("steps", 0, "gait"), "sideways"),
    ],
)
def test_the_schema_refuses_what_is_no_session(two_steps: Told, place: tuple[str | int, ...], value: object) -> None:
    broken: Any = copy.deepcopy(read(two_steps))
    inside = broken
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    assert list(VALIDATOR.iter_errors(broken))
