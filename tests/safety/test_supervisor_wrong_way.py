"""A belt that says it runs another way than it was started (R9): stopped on its first word, in every moving mode."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from retrotread.machine import BeltDirection, SetSpeed, StartBelt, StopBelt
from retrotread.safety.hazards import Action, Hazard
from retrotread.safety.inputs import Answer, Answered, Beat, CommandKind, PauseAsked, Seen, StopAsked, StopBy
from retrotread.safety.modes import Mode

FORWARD, REVERSED = BeltDirection.FORWARD, BeltDirection.REVERSED


def both_ways(bench_for: Any, belt: BeltDirection) -> Any:
    """A bench that is armed for this way."""
    bench = bench_for("well-behaved")
    bench.config = replace(bench.config, belt=belt, profile=replace(bench.config.profile, reverses=True))
    return bench


@pytest.mark.parametrize(("armed", "seen"), [(FORWARD, REVERSED), (REVERSED, FORWARD)])
def test_one_report_of_the_other_way_is_a_protective_stop_in_the_same_step(
    bench_for: Any, armed: BeltDirection, seen: BeltDirection
) -> None:
    bench = both_ways(bench_for, armed)
    bench.run_at(200)
    made = bench.bare(Seen(200, belt=seen), Beat(0, True), elapsed_ms=100)
    assert made.commands == (StopBelt(),)
    (cause,) = made.causes
    assert (cause.hazard, cause.action) == (Hazard.WRONG_WAY, Action.PROTECTIVE_STOP)
    assert cause.message == f"the belt runs {seen.value} at 2.0 km/h and was started {armed.value}"


@pytest.mark.parametrize("seen", [FORWARD, None], ids=["its own way", "does not tell"])
def test_a_belt_that_runs_its_way_or_does_not_tell_runs_on(bench: Any, seen: BeltDirection | None) -> None:
    bench.run_at(200)
    assert bench.bare(Seen(200, belt=seen), Beat(0, True), elapsed_ms=100).causes == ()
    assert bench.mode is Mode.RUN


def test_at_rest_the_way_of_a_report_means_nothing(bench: Any) -> None:
    bench.run_at(200)
    made = bench.bare(Seen(0, belt=REVERSED), Beat(0, True), elapsed_ms=100)
    assert Hazard.WRONG_WAY not in [one.hazard for one in made.causes]


def test_what_an_earlier_report_said_of_the_way_does_not_outlive_it(bench: Any) -> None:
    bench.run_at(200)
    made = bench.bare(Seen(0, belt=REVERSED), Seen(200), Beat(0, True), elapsed_ms=100)
    assert made.causes == ()


def test_a_report_that_comes_with_a_later_one_of_the_right_way_counts_all_the_same(bench: Any) -> None:
    bench.run_at(200)
    made = bench.bare(Seen(200, belt=REVERSED), Seen(200, belt=FORWARD), Beat(0, True), elapsed_ms=100)
    assert [one.hazard for one in made.causes] == [Hazard.WRONG_WAY]


def test_a_report_that_is_older_than_the_last_one_is_no_news(bench: Any) -> None:
    bench.run_at(200)
    made = bench.bare(Seen(200, belt=FORWARD), Seen(200, belt=REVERSED, age_ms=400), Beat(0, True), elapsed_ms=100)
    assert made.causes == ()


def test_a_start_that_goes_the_wrong_way_is_stopped_before_any_set_point(bench_for: Any) -> None:
    bench = both_ways(bench_for, REVERSED)
    bench.link()
    bench.start()
    began_ms = bench.at_ms
    assert bench.ticks[-1].commands == (StartBelt(belt=REVERSED),)
    bench.bare(Seen(30, belt=FORWARD), Beat(0, True), Answered(CommandKind.START, Answer.ACCEPTED), elapsed_ms=100)
    assert (bench.mode, bench.state.hazards) == (Mode.STOPPING, (Hazard.WRONG_WAY,))
    bench.run(10)
    assert not [one for _, one in bench.commands_since(began_ms) if isinstance(one, SetSpeed | StartBelt)]
    assert bench.mode.value == "latched"


@pytest.mark.parametrize("asked", [PauseAsked(), StopAsked(StopBy.OPERATOR)], ids=["pause", "stop"])
def test_a_ramp_down_that_goes_the_wrong_way_becomes_a_stop_at_once(bench: Any, asked: Any) -> None:
    bench.run_at(300)
    began_ms = bench.at_ms
    bench.tick(asked)
    assert bench.stops_since(began_ms) == [], "it ramps down first"
    made = bench.bare(Seen(290, belt=REVERSED), Beat(0, True), elapsed_ms=100)
    assert made.commands == (StopBelt(),)
    assert Hazard.WRONG_WAY in bench.state.hazards


def test_it_is_over_only_when_the_key_has_been_tested_again(bench: Any) -> None:
    bench.run_at(200)
    bench.bare(Seen(200, belt=REVERSED), Beat(0, True), elapsed_ms=100)
    bench.until(Mode.LATCHED, within_s=15)
    assert bench.clear(key_tested=False) is Mode.LATCHED
    assert bench.clear(key_tested=True) is Mode.IDLE
