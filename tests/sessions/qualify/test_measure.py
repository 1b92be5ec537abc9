"""Records made by hand: what each of them shows, and what it does not."""

from __future__ import annotations

import itertools

import pytest

from retrotread.guardian.trials import Trial, TrialPhase
from retrotread.machine import Command, MachineNotice, SetSpeed, StartBelt, StopBelt
from retrotread.safety.inputs import Answer, CommandKind
from retrotread.sessions.qualify.measure import Findings, measured
from retrotread.sessions.qualify.record import Came, Entry, Linked, Noticed, Reached, Record, Reported, Sent

KINDS = {StartBelt: CommandKind.START, SetSpeed: CommandKind.SPEED, StopBelt: CommandKind.STOP}


def belt(*speeds: tuple[float, float]) -> list[Entry]:
    """Four reports a second along straight lines between (moment, speed)."""
    reports: list[Entry] = []
    for (from_s, from_kph), (to_s, to_kph) in itertools.pairwise(speeds):
        count = round((to_s - from_s) * 4)
        reports += [
            Reported(from_s + i / 4, round(from_kph + (to_kph - from_kph) * i / count, 4)) for i in range(count)
        ]
    return reports


def sent(at_s: float, command: Command, answer: Answer = Answer.ACCEPTED) -> list[Entry]:
    return [Sent(at_s, command), Came(at_s + 0.05, KINDS[type(command)], answer)]


def record(trial: Trial, *entries: list[Entry], phase: TrialPhase = TrialPhase.DONE, alarm: bool = False) -> Record:
    return Record(trial, tuple(sorted(itertools.chain(*entries), key=lambda one: one.at_s)), phase, alarm=alarm)


def found(*records: Record) -> Findings:
    return measured(records)


RUN = belt((0, 0), (5, 0), (6, 0.5), (20, 0.5), (22, 1.5), (30, 1.5), (30.5, 1.5), (32.0, 0.0), (40, 0))


def test_a_whole_run_gives_countdown_lag_fall_reaction_and_period() -> None:
    findings = found(
        record(
            Trial.STEP_UP,
            RUN,
            sent(1.1, StartBelt()),
            sent(10.1, SetSpeed(50)),
            sent(19.6, SetSpeed(150)),
            sent(30.1, StopBelt()),
        )
    )
    assert findings.countdown_s == pytest.approx(5.25 - 1.1)
    assert findings.lag_s == pytest.approx(20.25 - 19.6)
    assert findings.fall_kph_per_s == pytest.approx(1.0)
    assert findings.stop_reaction_s == pytest.approx(30.75 - 30.1)
    assert findings.period_s == pytest.approx(0.25)
    assert (findings.lowest_set_kph, findings.lowest_reported_kph) == (0.5, 0.5)
    assert findings.answer_s == pytest.approx(0.05)
    assert findings.stop_obeyed is True


def test_nothing_is_found_in_no_record() -> None:
    assert found() == Findings()


def test_a_lone_wild_report_and_a_lone_zero_are_counted_and_change_nothing_else() -> None:
    wrong = [one for one in RUN if one.at_s not in (12.0, 15.0)]
    spiky = record(Trial.WATCH, wrong, [Reported(12.0, 15.5), Reported(15.0, 0.0)], sent(1.1, StartBelt()))
    findings = found(spiky)
    assert (findings.spikes, findings.zeros) == (1, 1)
    assert findings.period_s == pytest.approx(0.25)
    assert findings.restarts is False


def test_a_hole_in_the_reports_is_no_period() -> None:
    gappy = record(Trial.WATCH, [one for one in RUN if not 8 < one.at_s < 18])
    assert found(gappy).period_s == pytest.approx(0.25)


def test_a_belt_that_moves_again_by_itself_restarts_and_one_that_was_told_to_does_not() -> None:
    again = belt((0, 0.5), (5, 0.5), (6, 0.0), (10, 0.0), (11, 0.5), (14, 0.5))
    assert found(record(Trial.STOP, again, sent(4.9, StopBelt()))).restarts is True
    told = record(Trial.STOP_TWICE, again, sent(4.9, StopBelt()), sent(9.0, StopBelt()), phase=TrialPhase.CUT_SHORT)
    assert found(told).restarts is False
    assert found(told).stop_repeat_ok is False


def test_a_short_row_of_zeros_is_no_rest() -> None:
    again = belt((0, 0.5), (5, 0.5), (5.25, 0.0), (6.5, 0.0), (7, 0.5), (14, 0.5))
    assert found(record(Trial.STOP, again, sent(4.9, StopBelt()))).restarts is False


def test_a_set_point_that_is_refused_starts_nothing() -> None:
    still = belt((0, 0), (12, 0))
    refused = record(Trial.SET_WHILE_STOPPED, still, sent(0.1, SetSpeed(50), Answer.REJECTED))
    assert found(refused).set_never_starts is True


def test_a_trial_that_was_stopped_before_it_showed_anything_shows_nothing() -> None:
    still = belt((0, 0), (2, 0))
    for trial in (Trial.SET_WHILE_STOPPED, Trial.STOP_TWICE, Trial.START_WHILE_RUNNING, Trial.DISCONNECT_WHILE_RUNNING):
        findings = found(record(trial, still, phase=TrialPhase.STOPPED))
        shown = (findings.set_never_starts, findings.stop_repeat_ok, findings.start_toggles)
        assert (*shown, findings.runs_on_when_link_lost) == (None, None, None, None)


@pytest.mark.parametrize(("speed_kph", "ran_on"), [(0.5, True), (0.0, False)])
def test_the_first_reports_behind_a_lost_link_tell_what_the_belt_did(speed_kph: float, ran_on: bool) -> None:
    links: list[Entry] = [Linked(10, up=False), Linked(20, up=True)]
    away = record(
        Trial.DISCONNECT_WHILE_RUNNING, belt((0, 0.5), (10, 0.5)), links, belt((20.1, speed_kph), (24.1, speed_kph))
    )
    assert found(away).runs_on_when_link_lost is ran_on


def test_a_key_counts_only_when_the_belt_came_to_rest_by_it() -> None:
    asked: list[Entry] = [Reached(8, TrialPhase.HAND_NOW)]
    rests = belt((0, 0.5), (10, 0.5), (10.5, 0.0), (16, 0.0))
    pulled = record(Trial.KEY_PULL, rests, asked, [Noticed(10, MachineNotice.SAFETY_KEY_PULLED)])
    assert (found(pulled).key_seen, found(pulled).key_told) == (True, True)
    zeros = record(Trial.KEY_PULL, rests, asked)
    assert (found(zeros).key_seen, found(zeros).key_told) == (True, False)
    stopped = record(Trial.KEY_PULL, rests, asked, sent(9.9, StopBelt()), phase=TrialPhase.CUT_SHORT)
    assert found(stopped).key_seen is False


def test_a_belt_that_an_alarm_was_needed_for_did_not_obey() -> None:
    slow = record(Trial.START, RUN, sent(30.1, StopBelt()), alarm=True)
    assert found(slow).stop_obeyed is False


def test_a_start_behind_a_fast_stop_tells_whether_the_speed_is_kept() -> None:
    first = record(Trial.STEP_UP, RUN, sent(1.1, StartBelt()), sent(10.1, SetSpeed(50)), sent(30.1, StopBelt()))
    kept = belt((50, 0), (55, 0), (57, 1.5), (65, 1.5))
    lowest = belt((50, 0), (55, 0), (56, 0.5), (65, 0.5))
    for speeds, keeps in ((kept, True), (lowest, False)):
        second = record(Trial.STOP, speeds, sent(51.1, StartBelt()), sent(64.0, StopBelt()))
        assert found(first, second).keeps_speed is keeps


def test_of_several_stops_the_slowest_counts() -> None:
    quick = record(Trial.STOP, RUN, sent(30.1, StopBelt()))
    slow = record(Trial.START, RUN, sent(29.1, StopBelt()))
    for records in ((quick, slow), (slow, quick)):
        assert found(*records).stop_reaction_s == pytest.approx(30.75 - 29.1)


def test_of_several_falls_the_slowest_counts() -> None:
    gentle = belt((50, 1.5), (60, 1.5), (64, 0.0), (70, 0))
    findings = found(
        record(Trial.STOP, RUN, sent(30.1, StopBelt())), record(Trial.STOP, gentle, sent(59.9, StopBelt()))
    )
    assert findings.fall_kph_per_s == pytest.approx(1.5 / 4, rel=1e-3)


def test_reports_that_jump_to_every_set_point_are_echoes_and_ramps_are_not() -> None:
    jumping = [Reported(at / 4, 1.5 if (at // 40) % 2 else 0.5) for at in range(200)]
    ramps = belt((0, 0.5), (10, 0.5), (11, 1.5), (20, 1.5), (21, 0.5), (30, 0.5), (31, 1.5), (40, 1.5), (50, 1.5))
    sets = [sent(9.9, SetSpeed(150)), sent(19.9, SetSpeed(50)), sent(29.9, SetSpeed(150))]
    assert found(record(Trial.STEP_UP, list(jumping), *sets)).echoes is True
    assert found(record(Trial.STEP_UP, ramps, *sets)).echoes is False
    assert found(record(Trial.STEP_UP, list(jumping), sets[0])).echoes is None
