"""Faults by name and moment, and what a slip of the keys is told."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.simulated.faults import FAULT_LATEST_S, FAULTS, TimedFault, parse_fault


def test_the_faults_are_there_by_name() -> None:
    assert list(FAULTS)[:3] == ["silent", "ignore-stop", "self-start"]
    assert all(fault.name == name and len(fault.summary) > 20 for name, fault in FAULTS.items())


@pytest.mark.parametrize(
    ("text", "name", "at_s"),
    [("silent@300", "silent", 300), ("ignore-stop@0", "ignore-stop", 0), ("self-start@12.375", "self-start", 12.375)],
)
def test_a_name_and_a_moment_are_read(text: str, name: str, at_s: float) -> None:
    assert parse_fault(text) == TimedFault(name, at_s)
    assert str(parse_fault(text)) == text


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(
        ValueError, match=r"no fault 'silnet'; the known ones are silent, .*; perhaps 'silent' is meant"
    ):
        parse_fault("silnet@300")


@pytest.mark.parametrize(
    "text",
    [
        "", "silent", "silent@", "@3", "silent@-1", "silent@nan", "silent@inf", "silent@1e3", "silent@1_0", "silent@ 3",
        "silent@3 ", "silent@3\n", "silent@٣", "silent@1:30", "silent@86401", "silent@3@4", " silent@3", "Silent@3",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="fault"):
        parse_fault(text)


@given(st.text(max_size=60))
def test_reading_is_total(text: str) -> None:
    try:
        fault = parse_fault(text)
    except ValueError:
        return
    assert fault.name in FAULTS
    assert 0 <= fault.at_s <= FAULT_LATEST_S


@pytest.mark.parametrize("at_s", [math.nan, math.inf, -0.5, FAULT_LATEST_S + 1])
def test_a_moment_that_no_session_has_is_refused_in_code_too(at_s: float) -> None:
    with pytest.raises(ValueError, match="its moment lies from 0 to 86400 s"):
        TimedFault("silent", at_s)


@given(name=st.sampled_from(list(FAULTS)), at_ms=st.integers(0, FAULT_LATEST_S * 1000))
def test_what_is_written_is_read_back(name: str, at_ms: int) -> None:
    fault = TimedFault(name, at_ms / 1000)
    assert parse_fault(str(fault)) == fault
