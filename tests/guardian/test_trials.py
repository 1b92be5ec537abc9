"""Trials with nobody on the belt: when they begin, what ends them, and that a stop always follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from retrotread.guardian import trials
from retrotread.guardian.messages import CancelStart, Heartbeat, HostSleeping, StopNow, Tried, Try
from retrotread.guardian.trials import Do, Trial, TrialPhase, ceiling_ckph, incline_dpct, script
from retrotread.machine import (
    Accepted,
    BeltDirection,
    Capabilities,
    DeviceProfile,
    LinkLost,
    MachineNotice,
    Qualification,
    Rejected,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
    Telemetry,
)
from retrotread.safety.inputs import StopBy
from retrotread.safety.modes import Mode

Bench = Any
BenchOf = Callable[[DeviceProfile], Any]


@pytest.fixture
def unknown(profile: DeviceProfile) -> DeviceProfile:
    """The bench's machine before anybody has tried it out."""
    return replace(profile, stop_repeat_ok=False, set_never_starts=False, qualification=Qualification.NONE)


@pytest.fixture
def rested(bench_of: BenchOf, unknown: DeviceProfile) -> Bench:
    """A machine that nobody has tried out, at confirmed standstill, with a live program."""
    bench = bench_of(unknown)
    bench.pass_s(3.0)
    return bench


def begin(bench: Bench, trial: Trial) -> None:
    bench.say(Try(bench.core.epoch, bench.now_s + 0.3, trial))


def phases(bench: Bench) -> list[TrialPhase]:
    return [one.phase for one in bench.messages if isinstance(one, Tried)]


def last(bench: Bench) -> Tried:
    return next(one for one in reversed(bench.messages) if isinstance(one, Tried))


def stops(bench: Bench) -> int:
    return sum(isinstance(command, StopBelt) for _, command in bench.sent)


def test_a_start_runs_at_the_lowest_speed_is_handed_over_and_comes_to_rest(rested: Bench) -> None:
    begin(rested, Trial.START)
    rested.pass_s(30.0)
    assert [type(command) for _, command in rested.sent] == [StartBelt, StopBelt]
    assert phases(rested) == [TrialPhase.BEGAN, TrialPhase.MOVING, TrialPhase.READ_NOW, TrialPhase.DONE]
    assert rested.is_in(Mode.LATCHED)
    assert rested.snapshot.standstill


def test_a_machine_that_is_only_read_may_be_tried_out_and_not_be_armed(rested: Bench) -> None:
    rested.arm(belt_empty=True)
    assert rested.is_in(Mode.IDLE)
    begin(rested, Trial.START)
    assert last(rested).phase is TrialPhase.BEGAN


@pytest.mark.parametrize("trial", Trial)
def test_no_script_asks_for_more_than_its_ceiling(trial: Trial) -> None:
    for lowest_ckph, highest_ckph, step_ckph in ((50, 1600, 10), (100, 1000, 1), (240, 2000, 50), (400, 1200, 10)):
        capabilities = Capabilities(lowest_ckph, highest_ckph, step_ckph, 120, 5)
        commands = [one.command for one in script(trial, capabilities) if isinstance(one, Do)]
        speeds = [one.speed_ckph for one in commands if isinstance(one, SetSpeed)]
        assert all(lowest_ckph <= one <= max(lowest_ckph, min(lowest_ckph + 100, 250)) for one in speeds)
        assert all(one.incline_dpct <= 10 for one in commands if isinstance(one, SetIncline))


def test_a_ceiling_is_a_whole_number_of_the_machines_steps() -> None:
    assert ceiling_ckph(Capabilities(80, 1600, 16)) == 176
    assert ceiling_ckph(Capabilities(50, 1200, 50)) == 150
    assert ceiling_ckph(Capabilities(300, 1200, 10)) == 300
    assert ceiling_ckph(Capabilities(50, 60, 10)) == 60
    assert incline_dpct(Capabilities(50, 1200, 50, 0)) == 0
    assert incline_dpct(Capabilities(50, 1200, 50, 120, 25)) == 25


def test_the_gate_holds_a_trial_to_its_ceiling(rested: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    too_fast = (Do(SetSpeed(160)), trials.Wait(60_000, trials.Expected.EITHER))
    monkeypatch.setattr(trials, "script", lambda trial, capabilities: too_fast)
    begin(rested, Trial.SET_WHILE_STOPPED)
    rested.pass_s(1.0)
    assert SetSpeed(160) not in [command for _, command in rested.sent]
    assert any("above its ceiling" in cause.message for cause in rested.snapshot.causes)


# --- what a trial does not begin after -------------------------------------------------------------------------


def test_not_before_the_belt_is_confirmed_still(bench_of: BenchOf, unknown: DeviceProfile) -> None:
    bench = bench_of(unknown)
    bench.pass_s(1.0)
    begin(bench, Trial.START)
    assert last(bench).phase is TrialPhase.REFUSED
    assert "not confirmed still" in last(bench).message


def test_not_on_a_lapsed_lease(rested: Bench) -> None:
    rested.beats = False
    rested.pass_s(1.0)
    begin(rested, Trial.START)
    assert last(rested).phase is TrialPhase.REFUSED
    assert "has not been heard for" in last(rested).message


def test_not_while_somebody_has_armed_it(bench: Bench) -> None:
    bench.pass_s(3.0)
    bench.arm()
    assert bench.is_in(Mode.ARMED)
    begin(bench, Trial.START)
    assert last(bench).message == "a trial begins only at rest and unarmed, and the belt is armed"
    bench.pass_s(1.0)
    assert not bench.sent


def test_not_while_another_one_is_under_way(rested: Bench) -> None:
    begin(rested, Trial.START)
    rested.pass_s(1.0)
    begin(rested, Trial.STOP)
    assert last(rested).phase is TrialPhase.REFUSED
    assert "in the trial start" in last(rested).message


def test_not_for_another_connection_or_past_its_deadline(rested: Bench) -> None:
    rested.say(Try(rested.core.epoch + 1, rested.now_s + 0.3, Trial.START))
    rested.say(Try(rested.core.epoch, rested.now_s - 0.1, Trial.START))
    rested.pass_s(1.0)
    assert not rested.sent


def test_nobody_arms_a_belt_that_is_in_a_trial(bench: Bench) -> None:
    bench.pass_s(3.0)
    begin(bench, Trial.SET_WHILE_STOPPED)
    bench.arm()
    assert bench.is_in(Mode.IDLE)
    assert any("a trial with nobody" in cause.message for one in bench.messages for cause in getattr(one, "causes", ()))


def test_a_machine_that_says_it_begins_at_a_run_is_not_asked_to(bench_of: BenchOf, unknown: DeviceProfile) -> None:
    bench = bench_of(replace(unknown, capabilities=Capabilities(1200, 2000, 10)))
    bench.pass_s(3.0)
    begin(bench, Trial.LOWEST_SPEED)
    assert last(bench).message == "the lowest speed of bench is said to be 12 km/h (limit of a trial 5 km/h)"
    assert bench.sent == []


def test_a_machine_that_nobody_knows_is_watched_for_a_while_after_its_stop_although_main_is_gone(rested: Bench) -> None:
    begin(rested, Trial.START)
    rested.pass_s(8.0)
    rested.take(rested.core.main_gone(rested.now_s))
    rested.beats = False
    rested.pass_s(5.0)
    assert rested.is_in(Mode.LATCHED)
    assert not rested.core.at_rest()
    rested.speed_kph = 0.5
    rested.pass_s(3.0)
    assert stops(rested) == 2
    assert rested.speed_kph == 0.0
    rested.pass_s(15.0)
    assert rested.core.at_rest()


def test_no_incline_is_tried_out_where_the_deck_does_not_move(bench_of: BenchOf, unknown: DeviceProfile) -> None:
    bench = bench_of(replace(unknown, capabilities=Capabilities(50, 1600, 10, 0)))
    bench.pass_s(3.0)
    begin(bench, Trial.INCLINE)
    assert last(bench).message == "bench has no incline motor to try out"


# --- what ends one ---------------------------------------------------------------------------------------------


def running(bench: Bench) -> None:
    begin(bench, Trial.START)
    bench.pass_s(4.0)
    assert bench.speed_kph == 0.5
    assert not stops(bench)


@pytest.mark.parametrize("by", StopBy)
def test_a_stop_reaches_the_belt_in_the_same_step(by: StopBy, rested: Bench) -> None:
    running(rested)
    outcome = rested.say(StopNow(by))
    assert [ticket.command for ticket in outcome.tickets] == [StopBelt()]
    assert (last(rested).phase, last(rested).message) == (TrialPhase.STOPPED, "stop was asked for")


def test_a_trial_that_is_called_off_is_stopped(rested: Bench) -> None:
    running(rested)
    rested.say(CancelStart())
    assert (last(rested).phase, last(rested).message) == (TrialPhase.STOPPED, "the trial was called off")
    assert stops(rested) == 1


def test_a_command_waits_for_the_answer_to_the_one_before_it(rested: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    both = (Do(SetSpeed(50)), Do(SetSpeed(60)), trials.Wait(3_000, trials.Expected.EITHER))
    monkeypatch.setattr(trials, "script", lambda trial, capabilities: both)
    rested.answers = rested.obeys = False
    begin(rested, Trial.SET_WHILE_STOPPED)
    rested.pass_s(0.6)
    assert [command for _, command in rested.sent] == [SetSpeed(50)]
    rested.take(rested.core.answered(rested.tickets[-1], Accepted(), rested.now_s))
    assert [command for _, command in rested.sent] == [SetSpeed(50), SetSpeed(60)]


def test_a_hand_is_asked_to_stop_the_belt_and_seen_to(rested: Bench) -> None:
    begin(rested, Trial.CONSOLE_STOP)
    while last(rested).phase is not TrialPhase.HAND_NOW:
        rested.pass_s(0.1)
        assert rested.now_s < 200
    rested.speed_kph = 0.0
    rested.pass_s(12.0)
    assert last(rested).phase is TrialPhase.DONE
    assert stops(rested) == 0


@pytest.mark.parametrize(
    ("trial", "why"),
    [
        (Trial.CONSOLE_STOP, "the belt was not stopped by hand within"),
        (Trial.STOP_TWICE, "the belt did not come to rest within"),
    ],
)
def test_a_belt_that_nobody_stopped_in_time_ends_it(rested: Bench, trial: Trial, why: str) -> None:
    begin(rested, trial)
    while rested.speed_kph == 0.0:
        rested.pass_s(0.1)
    rested.obeys = False
    rested.pass_s(120.0)
    assert last(rested).phase is TrialPhase.CUT_SHORT
    assert last(rested).message.startswith(why)


def test_a_stop_behind_the_start_goes_out_although_the_belt_is_still_seen_still(rested: Bench) -> None:
    rested.obeys = False
    begin(rested, Trial.START)
    rested.pass_s(0.5)
    rested.say(StopNow(StopBy.OPERATOR))
    assert stops(rested) == 1


def test_a_stop_at_rest_sends_nothing_that_might_start_the_belt(rested: Bench) -> None:
    rested.obeys = False
    begin(rested, Trial.SET_WHILE_STOPPED)
    rested.pass_s(2.0)
    rested.say(StopNow(StopBy.OPERATOR))
    rested.pass_s(2.0)
    assert stops(rested) == 0


def lapsed(bench: Bench) -> None:
    bench.beats = False
    bench.pass_s(1.0)


def gone(bench: Bench) -> None:
    bench.take(bench.core.main_gone(bench.now_s))


def link_lost(bench: Bench) -> None:
    bench.reports = False
    bench.take(bench.core.report(LinkLost("cut"), bench.now_s))


def silent(bench: Bench) -> None:
    bench.reports = False
    bench.pass_s(3.2)


def too_fast(bench: Bench) -> None:
    bench.speed_kph = 3.0
    bench.pass_s(0.6)


def taken_over(bench: Bench) -> None:
    bench.take(bench.core.report(MachineNotice.CONTROL_LOST, bench.now_s))


def asleep(bench: Bench) -> None:
    bench.say(HostSleeping())


def slept(bench: Bench) -> None:
    bench.take(bench.core.suspended(4.0, bench.now_s))


def screen_dead(bench: Bench) -> None:
    bench.say(Heartbeat(10_000, 5.5, True))


def keyboard_dead(bench: Bench) -> None:
    bench.say(Heartbeat(10_000, 0.0, False))


TROUBLES: dict[Callable[[Bench], None], str] = {
    lapsed: "the program has not been heard for 0.7 s (limit 0.6 s)",
    gone: "the program has ended",
    link_lost: "the link to the treadmill is lost",
    silent: "no report for 3.1 s (limit 3.0 s)",
    too_fast: "the belt runs at 3.0 km/h (limit of a trial 2.9 km/h)",
    taken_over: "another program took control of the treadmill",
    asleep: "the computer is about to sleep",
    slept: "the computer slept",
    screen_dead: "nobody could have pressed a key for 5.5 s (limit 5.0 s)",
    keyboard_dead: "the program does not read the keyboard",
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_whatever_is_unexpected_hands_the_belt_over_to_be_stopped(
    trouble: Callable[[Bench], None], rested: Bench
) -> None:
    running(rested)
    trouble(rested)
    assert (last(rested).phase, last(rested).message) == (TrialPhase.CUT_SHORT, TROUBLES[trouble])
    assert stops(rested) == 1
    assert rested.core.state.mode in (Mode.STOPPING, Mode.ESCALATED, Mode.LATCHED)


def test_a_lone_wild_report_ends_nothing(rested: Bench) -> None:
    running(rested)
    rested.take(rested.core.report(Telemetry(rested.now_s, 15.5, 0.0), rested.now_s))
    rested.pass_s(2.0)
    assert last(rested).phase is not TrialPhase.CUT_SHORT


def test_a_link_that_is_lost_unasked_is_wanted_back_to_stop_the_belt(rested: Bench) -> None:
    running(rested)
    outcome = rested.core.report(LinkLost("cut"), rested.now_s)
    assert outcome.reconnect
    assert rested.snapshot.alarm


def test_a_belt_that_does_not_start_is_told_to_stop(rested: Bench) -> None:
    rested.obeys = False
    begin(rested, Trial.START)
    rested.pass_s(21.0)
    assert last(rested).message == "the belt did not move within 20 s of the start"
    assert stops(rested) == 1


def test_a_start_that_is_refused_ends_it(rested: Bench) -> None:
    rested.obeys, rested.outcome = False, Rejected("not now")
    begin(rested, Trial.START)
    rested.pass_s(1.0)
    assert last(rested).message == "the treadmill's answer to the command start was: rejected"


def test_a_belt_that_a_set_point_starts_is_stopped(rested: Bench) -> None:
    begin(rested, Trial.SET_WHILE_STOPPED)
    rested.pass_s(2.0)
    assert last(rested).message == "the belt moves at 0.5 km/h although it should rest"
    assert rested.speed_kph == 0.0


def test_a_belt_that_stops_by_itself_ends_it(rested: Bench) -> None:
    running(rested)
    rested.speed_kph = 0.0
    rested.pass_s(3.0)
    assert last(rested).message == "the belt came to rest although nothing stopped it"


def test_a_failure_inside_a_trial_stops_the_belt(rested: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    running(rested)

    def fail(*_: object) -> None:
        raise ZeroDivisionError("a fault in a trial")

    monkeypatch.setattr(trials, "turn", fail)
    rested.pass_s(0.2)
    assert stops(rested) == 1
    assert any("a fault in a trial" in cause.message for cause in rested.snapshot.causes)


# --- the link that is let go -----------------------------------------------------------------------------------


def let_go(bench: Bench) -> None:
    """Up to the moment at which the link is let go, and away."""
    begin(bench, Trial.DISCONNECT_WHILE_RUNNING)
    for _ in range(200):
        bench.pass_s(0.05)
        if last(bench).phase is TrialPhase.LINK_LET_GO:
            break
    bench.reports = False
    bench.take(bench.core.report(LinkLost("let go"), bench.now_s))


def test_a_link_that_is_let_go_is_wanted_back_after_its_time(rested: Bench) -> None:
    let_go(rested)
    assert not rested.core.wants_reconnect(rested.now_s)
    assert not rested.core.at_rest()
    rested.pass_s(10.2)
    assert rested.core.wants_reconnect(rested.now_s)
    rested.take(rested.core.linked(rested.now_s))
    rested.reports = True
    rested.pass_s(8.0)
    assert TrialPhase.LINK_BACK in phases(rested)
    assert last(rested).phase is TrialPhase.DONE
    assert rested.speed_kph == 0.0


def test_a_stop_while_the_link_is_away_wants_it_back_at_once(rested: Bench) -> None:
    let_go(rested)
    rested.pass_s(2.0)
    rested.say(StopNow(StopBy.OPERATOR))
    assert rested.core.wants_reconnect(rested.now_s)
    assert rested.snapshot.alarm
    rested.take(rested.core.linked(rested.now_s))
    rested.reports = True
    rested.pass_s(2.0)
    assert rested.speed_kph == 0.0


def test_a_link_that_does_not_come_back_is_an_alarm(rested: Bench) -> None:
    let_go(rested)
    rested.pass_s(20.0)
    assert last(rested).message == "the link did not come back within 9 s"
    assert rested.snapshot.alarm


# --- the other way ------------------------------------------------------------------------------------------------


def test_a_machine_of_no_kind_that_reverses_is_not_started_backwards(rested: Bench) -> None:
    begin(rested, Trial.REVERSE)
    assert (last(rested).phase, last(rested).message) == (
        TrialPhase.REFUSED,
        "bench is of no kind that runs its belt backwards",
    )
    rested.pass_s(10.0)
    assert rested.sent == []


@pytest.fixture
def may_reverse(bench_of: BenchOf, unknown: DeviceProfile) -> Bench:
    bench = bench_of(replace(unknown, may_reverse=True))
    bench.pass_s(3.0)
    return bench


def test_backwards_begins_after_the_dwell_of_a_turn_and_only_over_a_level_deck(may_reverse: Bench) -> None:
    began_s = may_reverse.now_s
    begin(may_reverse, Trial.REVERSE)
    may_reverse.pass_s(10.0)
    assert [command for _, command in may_reverse.sent] == [StartBelt(regardless=True, belt=BeltDirection.REVERSED)]
    assert may_reverse.sent[0][0] >= began_s + 5.0


def test_backwards_over_a_raised_deck_is_refused(may_reverse: Bench) -> None:
    may_reverse.take(may_reverse.core.report(Telemetry(may_reverse.now_s, 0.0, 1.5), may_reverse.now_s))
    begin(may_reverse, Trial.REVERSE)
    assert last(may_reverse).message == "the deck must be level: 1.5 % (limit 1 %)"


def test_between_backwards_and_forwards_lies_a_stop_and_a_long_standstill(may_reverse: Bench) -> None:
    begin(may_reverse, Trial.REVERSE)
    may_reverse.pass_s(60.0)
    starts = [(at_s, one.belt) for at_s, one in may_reverse.sent if isinstance(one, StartBelt)]
    stop_s = next(at_s for at_s, one in may_reverse.sent if isinstance(one, StopBelt))
    assert [belt for _, belt in starts] == [BeltDirection.REVERSED, BeltDirection.FORWARD]
    assert starts[1][0] - stop_s >= 10.0
    assert last(may_reverse).phase is TrialPhase.DONE


def test_a_belt_that_was_started_backwards_and_tells_of_forwards_ends_it(may_reverse: Bench) -> None:
    begin(may_reverse, Trial.REVERSE)
    may_reverse.pass_s(7.0)
    forwards = Telemetry(may_reverse.now_s, 0.5, 0.0, belt=BeltDirection.FORWARD)
    may_reverse.take(may_reverse.core.report(forwards, may_reverse.now_s))
    assert last(may_reverse).phase is TrialPhase.CUT_SHORT
    assert last(may_reverse).message == "the belt runs forward, and a trial starts it reversed"
    assert stops(may_reverse) == 1
