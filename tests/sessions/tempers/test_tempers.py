"""Every temper and every fault: a careless driver comes to grief by it, and ours does not.

The careless driver is the same in every row, and on a well-behaved machine nobody on the belt could complain of it.
So what a row finds is the doing of that machine. Ours runs the same plan on the same machine: no invariant is
broken, the same truth finds nothing, and the end is one that the person knows of.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from retrotread.devices.simulated import faults
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.faults import FAULTS
from retrotread.safety.modes import Mode
from retrotread.sessions.follower import Habits
from retrotread.workouts.engine import Phase

WATCH_S = 12.0
"""Longer than the belt that starts again by itself needs for it."""


@dataclass(frozen=True)
class Row:
    """``grief``: what the truth or a judge finds of the careless driver. ``alarm``: ours must end in the key alarm."""

    machine: str
    fault: str | None
    grief: str
    alarm: bool = False
    cause: str = "plan_stop"

    @property
    def faults(self) -> tuple[str, ...]:
        return () if self.fault is None else (self.fault,)

    def __str__(self) -> str:
        return self.machine if self.fault is None else self.fault.partition("@")[0]


ROWS = (
    Row("slow-reporter", None, "above the plan"),
    Row("ignores-stop", None, "runs on", alarm=True),
    Row("slow-starter", None, "moves unasked"),
    Row("mph-speaker", None, "too fast", alarm=True, cause="runaway"),
    Row("start-toggles", None, "moves unasked"),
    Row("set-starts", None, "moves unasked"),
    Row("restarts-after-stop", None, "moves unasked"),
    Row("coarse-steps", None, "above the plan"),
    Row("coarse-mph-steps", None, "above the plan"),
    Row("spiky", None, "stops for nothing"),
    Row("zero-glitches", None, "stops for nothing"),
    Row("target-teller", None, "too fast"),
    Row("mph-console", None, "above the plan"),
    Row("well-behaved", "silent@62", "above the plan", alarm=True, cause="telemetry_silent"),
    Row("well-behaved", "ignore-stop@75", "runs on", alarm=True),
    Row("well-behaved", "self-start@5", "moves unasked", cause="unexpected_motion"),
    Row("well-behaved", "drop@70", "runs on", alarm=True, cause="link_down"),
    Row("well-behaved", "drop-return@62", "I14", alarm=True, cause="link_down"),
    Row("well-behaved", "frozen@62", "above the plan", alarm=True, cause="counters_stuck"),
    Row("well-behaved", "spike@70", "stops for nothing"),
    Row("well-behaved", "runaway@75", "above the plan", alarm=True, cause="runaway"),
    Row("well-behaved", "stuck-write@75", "runs on", alarm=True, cause="write_overdue"),
    Row("well-behaved", "late-answers@5", "I17"),
    Row("well-behaved", "doubled-answers@5", "takes an answer for another's"),
    Row("well-behaved", "foreign-raise@75", "too fast", cause="foreign_higher"),
    Row("well-behaved", "foreign-lower@45", "rises again"),
    Row("well-behaved", "console-reboot@70", "moves unasked", cause="console_restarted"),
    Row("well-behaved", "foreign-takeover@75", "too fast", alarm=True, cause="control_lost"),
)
ELSEWHERE = {"well-behaved", "jumps-back", "flood"}
"""The measure itself; the kind that needs a stop and a new start (below); what only a loop can choke on."""

every_row = pytest.mark.parametrize("row", ROWS, ids=str)


def test_every_kind_and_every_fault_has_its_row() -> None:
    assert {str(row) for row in ROWS} == (set(ARCHETYPES) | set(FAULTS)) - ELSEWHERE


def test_on_a_well_behaved_machine_nobody_could_complain_of_the_careless_driver(carelessly: Any) -> None:
    run = carelessly("well-behaved")
    assert run.found == {}
    assert run.ended_s is not None
    assert not {"I2", "I12", "I14", "I17", "R5", "R8"} & run.invariants


@every_row
def test_a_careless_driver_comes_to_grief(carelessly: Any, row: Row) -> None:
    run = carelessly(row.machine, *row.faults)
    assert row.grief in {*run.found, *run.invariants}


@every_row
def test_ours_breaks_nothing_and_ends_as_the_person_knows(carefully: Any, row: Row) -> None:
    done, found = carefully(row.machine, *row.faults, watch_s=WATCH_S)
    assert done.violations == ()
    assert found == {}
    assert done.ended_well, done.ended
    if row.alarm:
        assert done.alarm_at_s is not None
    elif row.cause == "plan_stop":
        assert (done.phase, done.mode, done.alarm_at_s) == (Phase.FINISHED, Mode.LATCHED, None)


@every_row
def test_ours_names_the_cause_of_the_end_first(carefully: Any, row: Row) -> None:
    done, _ = carefully(row.machine, *row.faults)
    assert done.stops[0].cause == row.cause


# What single tempers ask for beside that


def test_a_machine_that_takes_miles_for_kilometres_is_found_at_its_first_motion(carefully: Any) -> None:
    done, _ = carefully("mph-speaker")
    over_s = next(one.at_s for one in done.samples if one.true_kph > 1.5)
    assert done.alarm_at_s is not None
    assert 0 < done.alarm_at_s - over_s <= 1.0
    assert done.plan_time_s == 0, "nobody was on the belt yet"
    assert "over 0.5 km/h above the 1.0 km/h asked for" in done.stops[0].message


def test_a_belt_that_starts_again_after_the_stop_is_stopped_and_named(carefully: Any) -> None:
    done, _ = carefully("restarts-after-stop", watch_s=WATCH_S)
    assert [stop.cause for stop in done.stops] == ["plan_stop", "unexpected_motion"]
    rest_s = next(one.at_s for one in reversed(done.samples) if one.mode is Mode.LATCHED and one.true_kph > 0)
    assert done.stops[1].at_s - rest_s <= 0.6


def test_where_a_stop_starts_the_resting_belt_a_stop_of_the_person_at_rest_starts_nothing(carefully: Any) -> None:
    for stop_at_s in (4.0, 6.0, 10.0):
        done, found = carefully("start-toggles", stop_at_s=stop_at_s, watch_s=WATCH_S)
        assert max(one.true_kph for one in done.samples) == 0, f"stop at {stop_at_s} s"
        assert (done.violations, found) == ((), {})


def test_a_careless_resume_meets_the_speed_from_before_the_stop(carelessly: Any) -> None:
    assert "too fast" in carelessly("jumps-back", stop_at_s=75.0).found
    assert carelessly("well-behaved", stop_at_s=75.0).found == {}


def test_a_pause_of_ours_ends_so_slowly_that_the_way_back_is_no_jump(carefully: Any) -> None:
    done, found = carefully("jumps-back", habits=Habits(pauses_at_s=(75.0,)))
    assert done.violations == ()
    assert found == {}
    assert done.phase is Phase.FINISHED
    assert any(one.mode is Mode.PAUSED for one in done.samples)


def test_who_lowered_the_target_in_the_quick_part_does_not_see_it_rise_when_the_plan_slows_down(carefully: Any) -> None:
    done, found = carefully("well-behaved", "foreign-lower@90")
    assert found == {}
    assert done.violations == ()


def test_a_belt_that_only_hands_can_stop_is_stopped_by_hand(carefully: Any) -> None:
    done, found = carefully("well-behaved", "runaway@75", "ignore-stop@75")
    assert done.alarm_at_s is not None
    assert done.alarm_at_s <= 76.0
    assert found == {}
    assert done.violations == ()
    assert done.ended_well


def test_the_link_that_comes_back_is_used_to_stop_and_for_nothing_else(
    carefully: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "RETURN_S", 1.5)  # before the person has the key in the hand
    done, _ = carefully("well-behaved", "drop-return@90", watch_s=WATCH_S)
    assert done.violations == ()
    speeds_kph = {round(one.at_s, 1): one.true_kph for one in done.samples}
    assert speeds_kph[91.5] == 2.8
    assert speeds_kph[93.0] < 2.8, "stopped over the new link"
    assert "key_pulled" in [stop.cause for stop in done.stops]
    after = [one for one in done.samples if one.at_s > 91.5]
    assert all(later.true_kph <= one.true_kph for one, later in pairwise(after))
    assert after[-1].true_kph == 0
