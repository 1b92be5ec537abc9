"""What the explorer does with a defect: the plainest history that shows it, in sentences, and again as a test."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.proof.explore.explorations import EXPLORATIONS
from tests.proof.explore.explorer import Exploration, Finding, explore, explored, replay
from tests.proof.explore.judge import Violation

from retrotread.safety import conditions, stopping
from retrotread.safety.belt import Belt
from retrotread.safety.modes import TRANSITIONS, Mode, Trigger

START = replace(EXPLORATIONS["start"], faults=0)
STOP = replace(EXPLORATIONS["stop"], faults=0)


def found(exploration: Exploration) -> Finding:
    """The finding of an exploration that has to have one."""
    finding = explore([exploration])
    assert finding is not None, "the defect was not seen"
    return finding


def test_zeros_that_outlive_a_gap_are_found_as_a_start_without_a_standstill(monkeypatch: pytest.MonkeyPatch) -> None:
    aged, seen = Belt.aged, Belt.seen
    monkeypatch.setattr(Belt, "aged", lambda self, elapsed_ms, _late_ms: aged(self, elapsed_ms, 100_000))
    monkeypatch.setattr(Belt, "seen", lambda self, report, ceiling, _late_ms: seen(self, report, ceiling, 100_000))
    assert "a confirmed standstill" in found(START).sentence


def test_a_latch_that_a_link_clears_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TRANSITIONS, (Mode.LATCHED, Trigger.LINK_UP), Mode.IDLE)
    finding = found(replace(STOP, free=(*STOP.free, "link comes up")))
    assert finding.sentence == "I1: a latch went over into idle without a person"
    assert finding.history[-1].name == "the link comes up"


def test_a_stop_that_is_never_doubted_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conditions, "stop_is_unconfirmed", lambda _stop, _belt: False)
    assert found(STOP).sentence.startswith("I9: ")


def test_a_stop_that_is_not_repeated_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_repeat", lambda _config, stop, _belt: (stop, None))
    assert found(STOP).sentence.startswith("nothing falls, and no stop was sent for")


def test_a_supervisor_that_raises_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "watch", None)
    assert found(START).sentence.startswith("the supervisor failed in stopping: TypeError")


def test_a_finding_is_told_in_sentences_and_played_again_as_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TRANSITIONS, (Mode.LATCHED, Trigger.LINK_UP), Mode.IDLE)
    exploration = replace(STOP, free=(*STOP.free, "link comes up"))
    finding = found(exploration)
    lines = str(finding).splitlines()
    assert lines[0] == "stop: I1: a latch went over into idle without a person"
    assert lines[1] == "   1. the link comes up -> idle"
    assert lines[-2].endswith("the link comes up -> idle  <- I1: a latch went over into idle without a person")
    names = [event.name for event in finding.history]
    with pytest.raises(Violation, match="I1: a latch went over into idle"):
        replay(exploration, names)
    monkeypatch.undo()
    assert replay(exploration, names).mode is Mode.LATCHED


def test_a_search_that_ends_early_is_no_fixpoint() -> None:
    figures = explored(replace(EXPLORATIONS["run"], most=500))
    assert (figures.finding, figures.fixpoint) == (None, False)
    assert 500 <= sum(figures.modes.values()) < 2_000, "it ends behind the layer in which it has so many"
