"""CSV files, read again: every value is the one that was kept, and what was not told is empty."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.records.exports.conftest import a_run, a_step, seconds

from retrotread.records.done import Sample
from retrotread.records.exports import samples_csv as of_samples
from retrotread.records.exports import sessions_csv as of_sessions
from retrotread.records.exports.csv_text import words
from retrotread.records.exports.told import Told
from retrotread.records.whole import KeptAnswer


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def whole(text: str, times: int) -> int | None:
    """Back to the small unit; a digit too many would be seen."""
    if not text:
        return None
    value = Decimal(text) * times
    assert value == int(value)
    return int(value)


SAMPLES = st.lists(
    st.builds(
        lambda speed, incline, heart, step: Sample(0, speed, incline, heart, step),
        st.one_of(st.none(), st.integers(0, 5000)),
        st.one_of(st.none(), st.integers(-500, 500)),
        st.one_of(st.none(), st.integers(0, 255)),
        st.one_of(st.none(), st.integers(0, 3)),
    ),
    max_size=20,
)


@given(samples=SAMPLES, gap_ms=st.integers(1000, 9000))
def test_samples_come_back_as_they_were_kept(samples: list[Sample], gap_ms: int) -> None:
    kept = tuple(replace(one, at_ms=at * gap_ms) for at, one in enumerate(samples))
    read = tuple(
        Sample(
            whole(one["at_s"], 1000) or 0,
            whole(one["speed_kph"], 100),
            whole(one["incline_percent"], 10),
            whole(one["heart_bpm"], 1),
            whole(one["step"], 1),
        )
        for one in rows(of_samples.samples_csv(a_run(kept, (a_step(0), a_step(1)))))
    )
    assert read == kept


def test_a_row_says_when_it_was_how_somebody_stood_and_how_far_it_was(two_steps: Told) -> None:
    found = rows(of_samples.samples_csv(two_steps))
    assert list(found[0]) == list(of_samples.COLUMNS)
    assert len(found) == 46
    waiting, there = found[21], found[34]
    assert (waiting["step"], waiting["kind"], waiting["gait"]) == ("", "walk", "backward")
    assert (there["step"], there["kind"], there["facing"], there["belt"]) == ("1", "cool down", "rear", "forward")
    assert (there["time_utc"], there["effective_grade_percent"]) == ("2026-03-02T09:00:34Z", "2.5")
    assert (found[0]["distance_m"], found[43]["distance_m"]) == ("", "20.000")
    assert {(one["run_id"], one["pseudonym"], one["name"]) for one in found} == {("ab12cd34", "P-7K3M2Q", "")}


TOTALS = {
    "elapsed_s": ("elapsed_ms", 1000),
    "plan_time_s": ("plan_time_ms", 1000),
    "plan_total_s": ("plan_total_ms", 1000),
    "backward_s": ("backward_ms", 1000),
    "running_s": ("running_ms", 1000),
    "distance_m": ("distance_mm", 1000),
    "speed_max_kph": ("speed_max_ckph", 100),
    "incline_max_percent": ("incline_max_dpct", 10),
}
"""Column, column of the table, and how many of its unit are one of the other."""


@given(
    totals=st.fixed_dictionaries({name: st.integers(0, 2_000_000_000) for name, _ in TOTALS.values()}),
    heart=st.one_of(st.none(), st.integers(30, 255)),
    pain=st.one_of(st.none(), st.integers(0, 10)),
    effort=st.one_of(st.none(), st.integers(0, 10)),
)
def test_totals_and_answers_come_back_as_they_were_kept(
    totals: dict[str, Any], heart: int | None, pain: int | None, effort: int | None
) -> None:
    told = a_run((), heart_mean_bpm=heart, **totals)
    said = (KeptAnswer("during", pain, None), KeptAnswer("after", None, effort))
    (row,) = rows(of_sessions.sessions_csv([replace(told, whole=replace(told.whole, said=said))]))
    read = {name: whole(row[column], times) for column, (name, times) in TOTALS.items()}
    assert read == totals
    assert [whole(row[name], 1) for name in ("heart_mean_bpm", "pain_during", "effort")] == [heart, pain, effort]
    assert (row["pain_before"], row["pain_after"]) == ("", "")


def test_a_table_has_a_row_for_each_session_and_says_who_it_was_only_if_asked_to() -> None:
    content = of_sessions.sessions_csv([a_run(()), a_run((), name="Ada Lovelace", run_id="two")])
    hidden, shown = rows(content)
    assert [hidden[name] for name in ("pseudonym", "name", "treadmill", "address")] == ["P-7K3M2Q", "", "", ""]
    assert [shown[name] for name in ("run_id", "name", "treadmill", "address")] == [
        "two", "Ada Lovelace", "Home", "ble://Home",
    ]  # fmt: skip
    assert [hidden[name] for name in ("simulated", "complete", "partial", "effort")] == ["no", "yes", "no", "3"]
    assert [hidden[name] for name in ("empty_belt", "supervised", "harness")] == ["no", "", ""]
    assert hidden["pain_next_morning"] == "1"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r\n=1"])
def test_a_text_is_no_formula_for_a_spreadsheet(text: str) -> None:
    assert words(text).startswith("'")
    (row,) = rows(of_sessions.sessions_csv([a_run((), workout=text)]))
    assert row["workout"].startswith("'")


@given(st.text(max_size=40))
def test_whatever_a_workout_is_called_it_stays_one_cell_of_one_line(text: str) -> None:
    content = of_sessions.sessions_csv([a_run((), workout=text)])
    assert content.count(b"\n") == 2
    (row,) = rows(content)
    assert list(row) == list(of_sessions.COLUMNS)
    assert row["workout"].isprintable()


def test_what_was_told_on_the_way_is_what_a_lap_is_made_of() -> None:
    found = rows(of_samples.samples_csv(a_run(seconds(0, 3, step=5, speed_ckph=123), (a_step(0),))))
    assert [(one["step"], one["kind"], one["speed_kph"]) for one in found] == [("5", "", "1.23")] * 3
