"""The bench: each key raises what stands beside it, and what it says of the future comes true."""

from __future__ import annotations

import pytest

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.faults import FAULTS
from retrotread.safety.hazards import Hazard
from retrotread.safety.modes import Mode
from retrotread.sessions.bench.ahead import Next, next_change
from retrotread.sessions.bench.flags import BY_KEY, FLAGS, Group
from retrotread.sessions.bench.room import Bench, bench_of
from retrotread.sessions.bench.words import CAUSE_LINES_MAX, cause_lines, face, flag_text, next_line

WELL = ARCHETYPES["well-behaved"]
WITHIN_S = 40.0

RAISES = {
    "a": Hazard.TELEMETRY_SILENT,
    "b": Hazard.COUNTERS_STUCK,
    "c": Hazard.SUSPECT_SPEED,
    "d": Hazard.LINK_DOWN,
    "e": Hazard.LINK_DOWN,
    "f": Hazard.RUNAWAY,
    "j": Hazard.FOREIGN_HIGHER,
    "k": Hazard.FOREIGN_LOWER,
    "l": Hazard.CONTROL_LOST,
    "1": Hazard.LEASE_LAPSED,
    "2": Hazard.UI_DEAD,
    "3": Hazard.INPUT_DEAD,
    "4": Hazard.FOCUS_GONE,
    "5": Hazard.SCREEN_STAYS_LOCKED,
    "6": Hazard.REMOTE_GONE,
    "7": Hazard.RECORDER_BEHIND,
    "8": Hazard.CUES_FAILED,
    "9": Hazard.BATTERY_LOW,
    "0": Hazard.HOST_SLEEPS,
    ".": Hazard.CLICKER_RELEASED,
    "-": Hazard.SUSPENDED,
    "space": Hazard.OPERATOR_STOP,
    "u": Hazard.KEY_PULLED,
    "w": Hazard.ATTENTION_ASKED,
    "x": Hazard.SYMPTOM_AT_ONCE,
    "y": Hazard.EFFORT_HIGH,
    "z": Hazard.PAIN_OVER,
    "o": Hazard.HEART_OVER,
    "t": Hazard.HEART_LOST,
}


@pytest.fixture
def bench() -> Bench:
    return bench_of(WELL)


def raised(bench: Bench, seconds: float) -> set[Hazard]:
    """Every hazard that the guardian tells of within that time."""
    seen: set[Hazard] = set()
    until_s = bench.now_s + seconds
    while bench.now_s < until_s:
        bench.advance(bench.now_s + 0.1)
        seen |= {one.hazard for one in bench.view().snapshot.causes}
    return seen


def test_a_bench_begins_with_a_belt_that_runs_and_nothing_wrong(bench: Bench) -> None:
    view = bench.view()
    assert view.snapshot.mode is Mode.RUN
    assert view.belt_kph == pytest.approx(2.5)
    assert view.snapshot.causes == ()


@pytest.mark.parametrize(("key", "hazard"), RAISES.items(), ids=[BY_KEY[key].name for key in RAISES])
def test_a_key_raises_what_stands_beside_it(bench: Bench, key: str, hazard: Hazard) -> None:
    bench.press(key)
    assert hazard in raised(bench, WITHIN_S)


def test_a_belt_that_starts_by_itself_is_stopped_again(bench: Bench) -> None:
    bench.press("space")
    bench.advance(bench.now_s + 15.0)
    assert bench.view().snapshot.mode is Mode.LATCHED
    bench.press("h")
    assert Hazard.UNEXPECTED_MOTION in raised(bench, 5.0)


@pytest.mark.parametrize(("key", "hazard"), [("g", Hazard.RUNAWAY), ("i", Hazard.WRITE_OVERDUE)])
def test_a_stop_that_comes_to_nothing_is_the_alarm(bench: Bench, key: str, hazard: Hazard) -> None:
    bench.press(key)
    bench.press("space")
    assert hazard in raised(bench, 10.0)
    assert bench.view().snapshot.alarm


def test_answers_that_come_late_are_no_reason_to_stop(bench: Bench) -> None:
    bench.press("m")
    assert raised(bench, WITHIN_S) <= {Hazard.ATTENTION_ASKED}


def test_every_fault_of_the_simulated_treadmill_has_a_key() -> None:
    """But for two that differ from another by their figures alone, and one for which the screen has no line left."""
    assert {flag.fault for flag in FLAGS} - {None} == FAULTS.keys() - {"doubled-answers", "flood", "console-reboot"}


def test_keys_are_given_once_and_none_ends_the_bench() -> None:
    assert len(BY_KEY) == len(FLAGS)
    assert not BY_KEY.keys() & {"n", "q", "escape"}


def test_what_is_switched_off_again_is_over(bench: Bench) -> None:
    bench.press("4")
    bench.advance(bench.now_s + 2.0)
    assert {one.hazard for one in bench.view().snapshot.causes} == {Hazard.FOCUS_AWAY}
    bench.press("4")
    bench.advance(bench.now_s + 2.0)
    assert bench.view().snapshot.causes == ()
    assert bench.view().snapshot.mode is Mode.RUN


def test_after_a_stop_it_is_read_and_started_again(bench: Bench) -> None:
    bench.press("space")
    bench.advance(bench.now_s + 15.0)
    bench.press("r")
    bench.press("s")
    bench.advance(bench.now_s + 40.0)
    assert bench.view().snapshot.mode is Mode.RUN
    assert bench.view().belt_kph > 0.0


def test_a_pause_is_gone_on_from_in_the_same_run(bench: Bench) -> None:
    plan = bench.conductor
    bench.press("p")
    bench.advance(bench.now_s + 15.0)
    assert bench.view().snapshot.mode is Mode.PAUSED
    bench.press("s")
    bench.advance(bench.now_s + 40.0)
    assert bench.view().snapshot.mode is Mode.RUN
    assert bench.conductor is plan


@pytest.mark.parametrize("key", ["a", "b", "f", "1", "2", "4", "o", "t", "space", "p"])
def test_what_is_said_of_the_future_comes_true(bench: Bench, key: str) -> None:
    bench.press(key)
    for _ in range(3):
        coming = next_change(bench)
        if coming is None:
            break
        bench.advance(bench.now_s + coming.in_s)
        view = bench.view()
        assert (view.snapshot.mode, view.in_force) == (coming.mode, coming.action)
        assert view.strongest == coming.cause


def test_to_look_ahead_changes_nothing(bench: Bench) -> None:
    other = bench_of(WELL)
    for one in (bench, other):
        one.press("a")
    assert isinstance(next_change(bench), Next)
    for one in (bench, other):
        one.advance(one.now_s + 10.0)
    assert bench.view() == other.view()


def test_a_key_without_a_meaning_does_nothing(bench: Bench) -> None:
    before = bench.view()
    assert bench.press("?") is None
    assert bench.view() == before


def test_the_screen_fits_eighty_columns_and_twenty_four_lines_whatever_is_wrong(bench: Bench) -> None:
    for key in ("4", "5", "6", "7", "8", "t"):
        bench.press(key)
    bench.advance(bench.now_s + 6.0)
    assert len(bench.view().snapshot.causes) > CAUSE_LINES_MAX // 2
    lines = face(bench.view(), next_change(bench), 80).splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 23


def test_a_cause_is_told_with_its_rule_its_end_and_its_reason(bench: Bench) -> None:
    bench.press("3")
    bench.advance(bench.now_s + 0.5)
    assert cause_lines(bench.view())[0] == (
        "R13b  controlled stop: the program no longer reads the keyboard. Over when a person acknowledges it at "
        "standstill. Why: a belt whose stop key is not read must not run."
    )


def test_the_countdown_names_what_comes_and_when(bench: Bench) -> None:
    bench.press("a")
    line = next_line(next_change(bench))
    assert line.startswith("NEXT in ")
    assert "freeze rises" in line
    assert next_line(None) == "NEXT nothing changes within a minute"


@pytest.mark.parametrize("group", Group)
def test_what_is_on_bears_a_star(bench: Bench, group: Group) -> None:
    flag = next(one for one in FLAGS if one.group is group and (one.fault or one.kind.value == "switch"))
    assert flag_text(flag, bench.view()).startswith(" ")
    bench.press(flag.key)
    assert flag_text(flag, bench.view()).startswith("*")
