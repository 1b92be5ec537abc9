"""What is known of the belt: freshness, standstill, outliers, and the fastest that it may honestly run."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.machine import Capabilities, DeviceProfile
from retrotread.safety.belt import Belt, Envelope, ReportTimes
from retrotread.safety.inputs import Seen

LATE_MS = 1000
WINDOW_MS = 650
FALL = 100


def belt_after(*reports: tuple[int, int]) -> Belt:
    """A belt that gave these reports: each a wait in ms and a speed in hundredths of a km/h."""
    belt = Belt()
    for wait_ms, speed_ckph in reports:
        belt = belt.aged(wait_ms, LATE_MS).seen(Seen(speed_ckph), 10_000, LATE_MS)
    return belt


# --- how old a report may grow -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period_ms", "late_ms", "silent_ms"),
    [(100, 1000, 2000), (250, 1000, 2000), (700, 1400, 2100), (900, 1800, 2700), (1000, 2000, 3000)],
)
def test_two_missed_reports_are_late_and_three_are_silence(period_ms: int, late_ms: int, silent_ms: int) -> None:
    profile = DeviceProfile("any", Capabilities(50, 1600, 10), report_period_ms=period_ms)
    assert ReportTimes.of(profile) == ReportTimes(late_ms, silent_ms)


# --- standstill --------------------------------------------------------------------------------------------------


def test_three_zeros_over_two_seconds_are_a_standstill() -> None:
    assert belt_after((0, 0), (1000, 0), (1000, 0)).standstill(LATE_MS)


@pytest.mark.parametrize(
    "reports",
    [
        pytest.param([(0, 0), (1000, 0)], id="two zeros are too few"),
        pytest.param([(0, 0), (250, 0), (250, 0), (250, 0), (1000, 0)], id="1.75 s are too short"),
        pytest.param([(0, 0), (999, 0), (1000, 0)], id="1.999 s are too short"),
        pytest.param([(0, 0), (1000, 0), (500, 1), (500, 0)], id="the belt moved among them"),
        pytest.param([(0, 0), (1001, 0), (1000, 0)], id="there was a gap among them"),
        pytest.param([(0, 0), (1000, 0), (1001, 0)], id="there was a gap before the last"),
    ],
)
def test_less_is_no_standstill(reports: list[tuple[int, int]]) -> None:
    assert not belt_after(*reports).standstill(LATE_MS)


def test_a_standstill_is_over_when_reports_stop_and_does_not_come_back_with_one_zero() -> None:
    belt = belt_after((0, 0), (1000, 0), (1000, 0))
    assert belt.aged(1000, LATE_MS).standstill(LATE_MS)
    assert not belt.aged(1001, LATE_MS).standstill(LATE_MS)
    assert not belt.aged(1001, LATE_MS).seen(Seen(0), 0, LATE_MS).standstill(LATE_MS)


def test_two_zeros_are_too_few_however_far_apart_a_machine_reports() -> None:
    seldom_ms = 2000
    belt = Belt().seen(Seen(0), 0, seldom_ms).aged(2000, seldom_ms).seen(Seen(0), 0, seldom_ms)
    assert not belt.standstill(seldom_ms)
    assert belt.aged(2000, seldom_ms).seen(Seen(0), 0, seldom_ms).standstill(seldom_ms)


def together(*reports: tuple[int, int]) -> Belt:
    """A belt that gave these reports in one step: each a speed and how long ago it was measured."""
    belt = Belt()
    for speed_ckph, age_ms in reports:
        belt = belt.seen(Seen(speed_ckph, age_ms=age_ms), 10_000, LATE_MS)
    return belt


def test_reports_that_come_late_together_count_from_when_they_were_measured() -> None:
    assert together((0, 2100), (0, 1100), (0, 100)).standstill(LATE_MS)
    assert not together((0, 2100), (0, 1100), (0, 1001)).standstill(LATE_MS)
    assert not together((0, 1900), (0, 1000), (0, 0)).standstill(LATE_MS)
    assert not together((0, 2100), (0, 1200), (0, 200)).standstill(LATE_MS)


def test_a_gap_between_reports_that_come_together_is_a_gap() -> None:
    assert not together((0, 2500), (0, 100), (0, 0)).standstill(LATE_MS)


def test_a_report_that_was_overtaken_is_no_news() -> None:
    belt = together((0, 100), (300, 200))
    assert (belt.speed_ckph, belt.age_ms, belt.moving) == (0, 100, 0)


def test_zeros_do_not_grow_older_by_waiting() -> None:
    belt = belt_after((0, 0), (500, 0), (500, 0)).aged(1000, LATE_MS)
    assert not belt.standstill(LATE_MS)


def test_a_belt_to_be_watched_anew_needs_three_new_zeros() -> None:
    belt = belt_after((0, 0), (1000, 0), (1000, 0)).watched_anew()
    assert not belt.standstill(LATE_MS)
    for _ in range(2):
        belt = belt.aged(1000, LATE_MS).seen(Seen(0), 0, LATE_MS)
    assert not belt.standstill(LATE_MS)
    assert belt.aged(1000, LATE_MS).seen(Seen(0), 0, LATE_MS).standstill(LATE_MS)


@given(st.lists(st.tuples(st.integers(0, 1200), st.sampled_from([0, 0, 0, 1, 500])), max_size=30))
def test_standstill_is_three_unbroken_zeros_over_two_seconds_by_any_count(reports: list[tuple[int, int]]) -> None:
    row: list[int] = []
    now_ms = 0
    for wait_ms, speed_ckph in reports:
        now_ms += wait_ms
        row = [] if wait_ms > LATE_MS or speed_ckph else row
        row = row if speed_ckph else [*row, now_ms]
    confirmed = len(row) >= 3 and row[-1] - row[0] >= 2000
    assert belt_after(*reports).standstill(LATE_MS) is confirmed


def test_a_report_without_incline_leaves_the_last_one_standing() -> None:
    belt = Belt().seen(Seen(100, 40), 100, LATE_MS).seen(Seen(100), 100, LATE_MS)
    assert belt.incline_dpct == 40


def test_ages_do_not_grow_for_ever() -> None:
    belt = belt_after((0, 0)).aged(10**9, 2 * 10**9).aged(10**9, 3 * 10**9)
    assert max(belt.age_ms, belt.zeros_age_ms) <= 61_000


# --- the envelope ------------------------------------------------------------------------------------------------


def ceilings(envelope: Envelope, setpoint_ckph: int, ticks: int) -> list[int]:
    """The ceiling after each of so many ticks of 50 ms with ``setpoint_ckph`` in force."""
    seen = []
    for _ in range(ticks):
        envelope = envelope.aged(50, setpoint_ckph, WINDOW_MS, FALL)
        seen.append(envelope.ceiling_ckph)
    return seen


def test_a_higher_set_point_counts_at_once() -> None:
    assert Envelope().sent(300).ceiling_ckph == 300


def test_a_replaced_set_point_counts_for_one_window() -> None:
    seen = ceilings(Envelope().sent(300).sent(100), 100, ticks=60)
    assert 50 * seen.count(300) == WINDOW_MS


@pytest.mark.parametrize("phase_ms", [0, 30, 60])
def test_it_begins_to_come_down_when_the_window_ends_and_not_at_the_next_look(phase_ms: int) -> None:
    envelope = Envelope().sent(300).sent(100)
    for elapsed_ms in (WINDOW_MS - phase_ms, 100):
        envelope = envelope.aged(elapsed_ms, 100, WINDOW_MS, FALL)
    assert envelope.level_mckph == 300_000 - FALL * (100 - phase_ms)


def test_each_set_point_of_a_ramp_counts_for_a_window_of_its_own() -> None:
    envelope = Envelope().sent(300).sent(290)
    seen = ceilings(envelope.aged(WINDOW_MS - 100, 290, WINDOW_MS, FALL).sent(100), 100, ticks=20)
    assert (seen[0], seen[1]) == (300, 300), "the first one counts for 100 ms more"
    ends = WINDOW_MS // 50
    assert seen[ends - 1 : ends + 1] == [290, 285], "the second for a window, whatever was above it meanwhile"


def test_a_set_point_that_was_refused_counts_for_a_window_too() -> None:
    envelope = Envelope().sent(200).aged(50, 200, WINDOW_MS, FALL).sent(300)
    assert 50 * ceilings(envelope, 200, ticks=60).count(300) == WINDOW_MS


def test_after_a_lower_set_point_it_comes_down_at_the_slowest_fall_of_the_machine() -> None:
    seen = ceilings(Envelope().sent(300).sent(100), 100, ticks=100)
    falls = [before - after for before, after in itertools.pairwise(seen) if before != after]
    assert set(falls[:-1]) == {5}
    assert seen[-1] == 100


def test_after_a_stop_it_waits_for_the_machine_s_reaction_and_then_comes_down_to_zero() -> None:
    seen = ceilings(Envelope().sent(300).stop_sent(1000), 0, ticks=100)
    assert seen[:20] == [300] * 20
    assert seen[20] == 295
    assert seen[-1] == 0


@given(
    st.lists(
        st.tuples(st.sampled_from(["sent", "stop", "wait"]), st.integers(0, 900)),
        max_size=30,
    )
)
def test_it_is_never_above_what_was_ever_sent_nor_below_what_is_in_force(moves: list[tuple[str, int]]) -> None:
    envelope, setpoint_ckph, highest_ckph = Envelope(), 0, 0
    for what, value in moves:
        if what == "sent":
            envelope, setpoint_ckph = envelope.sent(value), value
            highest_ckph = max(highest_ckph, value)
        elif what == "stop":
            envelope, setpoint_ckph = envelope.stop_sent(value), 0
        else:
            envelope = envelope.aged(value, setpoint_ckph, WINDOW_MS, FALL)
        assert setpoint_ckph <= envelope.ceiling_ckph <= highest_ckph


# --- outliers ----------------------------------------------------------------------------------------------------


def test_one_report_over_the_envelope_is_an_outlier_and_the_next_takes_it_back() -> None:
    belt = Belt().seen(Seen(351), 300, LATE_MS)
    assert belt.over == 1
    assert belt.seen(Seen(350), 300, LATE_MS).over == 0


def test_only_a_report_far_above_is_a_spike_and_its_age_runs_until_one_that_is_not() -> None:
    assert Belt().seen(Seen(450), 300, LATE_MS).spike_ms is None
    spike = Belt().seen(Seen(451), 300, LATE_MS)
    assert spike.spike_ms == 0
    again = spike.aged(400, LATE_MS).seen(Seen(460), 300, LATE_MS)
    assert again.aged(300, LATE_MS).spike_ms == 700
    assert again.seen(Seen(449), 300, LATE_MS).spike_ms is None


def test_counters_that_stand_still_are_timed_from_report_to_report_and_only_in_motion() -> None:
    stuck = Seen(300, counters_moved=False)
    belt = Belt().seen(stuck, 300, LATE_MS)
    for _ in range(4):
        belt = belt.aged(250, LATE_MS).seen(stuck, 300, LATE_MS)
    assert belt.stuck_ms >= 1000
    assert belt.aged(250, LATE_MS).seen(Seen(300, counters_moved=True), 300, LATE_MS).stuck_ms == 0
    assert belt.aged(250, LATE_MS).seen(Seen(300), 300, LATE_MS).stuck_ms == belt.stuck_ms
    assert belt.aged(250, LATE_MS).seen(replace(stuck, speed_ckph=0), 300, LATE_MS).stuck_ms == 0


def test_a_counter_that_is_missing_now_and_then_does_not_hide_that_it_stands_still() -> None:
    belt = Belt().seen(Seen(100, counters_moved=True), 100, LATE_MS)
    for missing in (False, True, False, True, False):
        belt = belt.aged(900, LATE_MS).seen(Seen(100, counters_moved=None if missing else False), 100, LATE_MS)
    assert belt.stuck_ms == 3 * 900
