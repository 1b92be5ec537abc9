"""The core without its process: epochs, deadlines, lease, link loss, refusals, and what happens when it fails."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from retrotread.guardian.messages import (
    Acknowledge,
    Armed,
    Attend,
    CancelStart,
    Feel,
    Heartbeat,
    HoldDone,
    Intent,
    Pause,
    Rate,
    Snapshot,
    Stepped,
    StopNow,
    Tried,
    Try,
)
from retrotread.guardian.standby.messages import Belt
from retrotread.guardian.trials import Trial, TrialPhase
from retrotread.machine import (
    BeltDirection,
    DeviceProfile,
    Facing,
    Identity,
    LinkLost,
    PhysicalStop,
    Qualification,
    SetSpeed,
    StartBelt,
    StopBelt,
    Stuck,
    TargetChanged,
    Telemetry,
    Unknown,
)
from retrotread.safety import supervisor
from retrotread.safety.attention import AnsweredBy
from retrotread.safety.feeling import Symptom
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import StopBy
from retrotread.safety.limits import PlanCeiling
from retrotread.safety.modes import Mode


def wish(bench: Any, speed_kph: float, *, seq: int, epoch: int | None = None, deadline_s: float | None = None) -> None:
    bench.say(
        Intent(
            bench.core.epoch if epoch is None else epoch,
            seq,
            bench.now_s + 0.3 if deadline_s is None else deadline_s,
            speed_kph,
            0.0,
        )
    )


def test_a_whole_run_from_the_link_to_the_latch(bench: Any) -> None:
    bench.run()
    wish(bench, 2.0, seq=1)
    bench.pass_s(12.0)
    assert bench.speed_kph == 2.0
    bench.say(StopNow(StopBy.OPERATOR))
    bench.pass_s(8.0)
    assert bench.is_in(Mode.LATCHED)
    assert bench.snapshot.causes[0].message == "stop was pressed"
    bench.acknowledge()
    assert bench.is_in(Mode.IDLE)


def test_the_first_command_of_a_run_is_the_start_and_nothing_before(bench: Any) -> None:
    bench.run()
    assert [type(command) for _, command in bench.sent] == [StartBelt]


def test_a_controlled_stop_takes_its_first_step_down_in_the_same_call_even_right_after_a_rise(bench: Any) -> None:
    bench.run()
    wish(bench, 3.0, seq=1)
    bench.pass_s(8.0)
    while not (isinstance(bench.sent[-1][1], SetSpeed) and bench.sent[-1][0] == bench.now_s):
        bench.pass_s(0.05)
    outcome = bench.say(StopNow(StopBy.OPERATOR))
    assert outcome.tickets[0].command.speed_ckph < bench.sent[-2][1].speed_ckph


@pytest.mark.parametrize(
    ("late", "foreign"), [(True, False), (False, True)], ids=["past its deadline", "of another epoch"]
)
def test_a_wish_that_was_not_meant_for_now_is_dropped(bench: Any, late: bool, foreign: bool) -> None:
    bench.run()
    wish(
        bench,
        3.0,
        seq=1,
        epoch=bench.core.epoch + 1 if foreign else None,
        deadline_s=bench.now_s - 0.001 if late else None,
    )
    bench.pass_s(5.0)
    assert bench.speed_kph == 0.5


def test_an_older_wish_that_arrives_after_a_newer_one_is_dropped(bench: Any) -> None:
    bench.run()
    wish(bench, 1.0, seq=5)
    wish(bench, 3.0, seq=4)
    bench.pass_s(12.0)
    assert bench.speed_kph == 1.0


@pytest.mark.parametrize("speed_kph", [float("nan"), float("inf"), -1.0, -0.001])
def test_a_wish_that_is_no_speed_is_dropped(bench: Any, speed_kph: float) -> None:
    bench.run()
    wish(bench, speed_kph, seq=1)
    wish(bench, 1.0, seq=2)
    bench.pass_s(12.0)
    assert bench.speed_kph == 1.0


def test_a_stop_needs_no_epoch_and_no_deadline_and_leaves_within_the_same_call(bench: Any) -> None:
    bench.run()
    outcome = bench.say(StopNow(StopBy.OPERATOR))
    assert [type(ticket.command) for ticket in outcome.tickets] == [StopBelt]


def test_a_belt_that_moves_off_at_rest_is_shown_with_its_first_report(bench: Any) -> None:
    """A person reads "Stopped" for no tenth of a second longer than it is known to be true."""
    bench.pass_s(3.05)
    assert bench.snapshot.standstill
    bench.take(bench.core.tick(bench.now_s))
    bench.messages.clear()
    bench.take(bench.core.report(Telemetry(bench.now_s, 0.3, 0.0), bench.now_s))
    assert [one.standstill for one in bench.messages if isinstance(one, Snapshot)] == [False]


def test_main_is_gone_and_the_belt_slows_down_in_the_same_call(bench: Any) -> None:
    bench.run()
    wish(bench, 3.0, seq=1)
    bench.pass_s(15.0)
    bench.beats = False
    outcome = bench.take(bench.core.main_gone(bench.now_s))
    assert [type(ticket.command) for ticket in outcome.tickets] == [SetSpeed]
    assert outcome.tickets[0].command.speed_ckph < 300
    bench.pass_s(8.0)
    assert bench.is_in(Mode.LATCHED)
    assert bench.core.at_rest()


def test_main_falls_silent_and_the_lease_ends_after_600_ms(bench: Any) -> None:
    bench.run()
    bench.beats, since_s = False, bench.now_s
    bench.pass_s(0.55)
    assert bench.is_in(Mode.RUN)
    bench.pass_s(0.2)
    assert bench.is_in(Mode.STOPPING)
    assert bench.snapshot.causes[0].hazard is Hazard.LEASE_LAPSED
    assert [type(command) for command in bench.commands_since(since_s)] == [StopBelt]


def test_reports_that_say_nothing_or_come_from_the_future_are_no_reports(bench: Any) -> None:
    bench.run()
    bench.reports = False
    for _ in range(25):
        bench.pass_s(0.1)
        for speed_kph, ahead_s in ((None, 0.0), (float("nan"), 0.0), (-1.0, 0.0), (0.5, 5.0)):
            bench.take(bench.core.report(Telemetry(bench.now_s + ahead_s, speed_kph), bench.now_s))
    assert bench.is_in(Mode.ESCALATED)
    assert bench.snapshot.causes[0].message.startswith("no telemetry for 2.")


def test_a_lost_link_raises_the_alarm_at_once_and_the_next_connection_only_stops(bench: Any) -> None:
    bench.run()
    bench.obeys = bench.reports = False
    outcome = bench.take(bench.core.report(LinkLost("out of range"), bench.now_s))
    assert outcome.reconnect
    assert bench.snapshot.alarm
    since_s, epoch = bench.now_s, bench.core.epoch
    bench.pass_s(1.0)
    bench.obeys = bench.reports = True
    bench.take(bench.core.linked(bench.now_s))
    assert bench.core.epoch == epoch + 1
    bench.pass_s(5.0)
    assert {type(command) for command in bench.commands_since(since_s)} == {StopBelt}
    assert bench.is_in(Mode.ESCALATED)
    bench.acknowledge()
    assert bench.is_in(Mode.LATCHED)


@pytest.mark.parametrize(("lost", "sent"), [((), SetSpeed), ((LinkLost("gone"),), StopBelt)])
def test_a_report_that_comes_with_the_loss_of_its_link_lets_nothing_rise(
    bench: Any, lost: tuple[LinkLost, ...], sent: type[object]
) -> None:
    bench.run()
    wish(bench, 3.0, seq=1)
    bench.pass_s(0.5)
    bench.now_s += 0.5
    report = Telemetry(bench.now_s, bench.speed_kph, 0.0)
    outcome = bench.core.reports((report, *lost), bench.now_s)
    assert [type(ticket.command) for ticket in outcome.tickets] == [sent]
    assert outcome.reconnect == bool(lost)


def test_reconnecting_is_tried_three_times_within_eight_seconds(bench: Any) -> None:
    bench.run()
    bench.take(bench.core.report(LinkLost("gone"), bench.now_s))
    tries = 0
    while bench.core.wants_reconnect(bench.now_s):
        bench.core.reconnecting()
        tries += 1
    assert tries == 3
    again = bench.now_s + 8.0
    bench.core._reaching._tries = 0
    assert not bench.core.wants_reconnect(again)


def test_a_link_that_is_lost_at_rest_is_sought_again_to_listen_and_nothing_moves(bench: Any) -> None:
    outcome = bench.take(bench.core.report(LinkLost("gone"), bench.now_s))
    assert outcome.reconnect
    assert bench.is_in(Mode.DISCONNECTED)
    bench.core.reconnecting()
    assert bench.core.quiet_until_s == pytest.approx(bench.now_s + 5.0, abs=0.1)
    since_s = bench.now_s
    bench.take(bench.core.linked(bench.now_s))
    bench.pass_s(10.0)
    assert bench.commands_since(since_s) == []
    assert bench.is_in(Mode.IDLE)


def test_a_belt_that_starts_itself_behind_a_link_that_was_lost_at_rest_is_seen_and_stopped(bench: Any) -> None:
    bench.run()
    bench.say(StopNow(StopBy.OPERATOR))
    bench.pass_s(15.0)
    assert bench.is_in(Mode.LATCHED)
    assert bench.take(bench.core.report(LinkLost("gone"), bench.now_s)).reconnect
    bench.pass_s(60.0)
    assert bench.core.wants_reconnect(bench.now_s)
    bench.take(bench.core.linked(bench.now_s))
    assert bench.is_in(Mode.LATCHED)
    since_s = bench.now_s
    bench.speed_kph = bench.target_kph = 2.0
    bench.pass_s(1.0)
    assert {type(command) for command in bench.commands_since(since_s)} == {StopBelt}
    assert Hazard.UNEXPECTED_MOTION in bench.core.state.hazards


def test_listening_for_a_machine_that_never_comes_back_ends_after_five_minutes(bench: Any) -> None:
    bench.take(bench.core.report(LinkLost("gone"), bench.now_s))
    tries = 0
    while bench.core.wants_reconnect(bench.now_s):
        bench.core.reconnecting()
        tries += 1
    assert tries == 60


def test_an_answer_from_an_earlier_connection_changes_nothing(bench: Any) -> None:
    bench.run()
    bench.answers = False
    wish(bench, 1.0, seq=1)
    bench.pass_s(0.6)
    ticket = bench.tickets[-1]
    assert isinstance(ticket.command, SetSpeed)
    bench.take(bench.core.report(LinkLost("gone"), bench.now_s))
    bench.take(bench.core.linked(bench.now_s))
    before = bench.core.state
    assert bench.core.answered(ticket, Unknown("late"), bench.now_s).messages == ()
    assert bench.core.state == before


def test_a_write_that_hangs_for_a_second_raises_the_alarm(bench: Any) -> None:
    bench.run()
    bench.answers, since_s = False, bench.now_s
    wish(bench, 1.0, seq=1)
    bench.pass_s(1.9)
    alarm_s = next(one.at_s for one in bench.messages if isinstance(one, Snapshot) and one.alarm)
    write_s = next(at_s for at_s, command in bench.sent if at_s >= since_s and isinstance(command, SetSpeed))
    assert 1.0 <= alarm_s - write_s <= 1.1
    assert "stuck in the link" in bench.snapshot.causes[0].message


REFUSALS: dict[str, dict[str, Any]] = {
    "the checklist is not complete": {"checklist_done": False},
    "there is no tier 'hero'": {"tier": "hero"},
    "is not known to run its belt backwards": {"belt": BeltDirection.REVERSED},
    "the lowest speed of the belt, 0.5 km/h, is above 0.4 km/h": {"plan": PlanCeiling(40, 0, "slow")},
}


@pytest.mark.parametrize("sentence", REFUSALS)
def test_an_arming_that_cannot_be_is_refused_with_a_sentence(bench: Any, sentence: str) -> None:
    bench.pass_s(3.0)
    bench.messages.clear()
    bench.arm(**REFUSALS[sentence])
    assert bench.is_in(Mode.IDLE)
    refused = [one for one in bench.messages if isinstance(one, Snapshot)]
    assert sentence in refused[0].causes[-1].message


def test_a_machine_behind_an_adapter_without_a_number_is_armed_once_a_hand_has_shown_which_one_it_is(
    bench_of: Any, profile: DeviceProfile
) -> None:
    bench = bench_of(replace(profile, unnumbered=True))
    bench.pass_s(3.0)
    bench.messages.clear()
    bench.arm()
    assert bench.is_in(Mode.IDLE)
    refused = next(one for one in bench.messages if isinstance(one, Snapshot))
    assert refused.causes[-1].message.startswith("bench: its adapter has no serial number")
    bench.arm(machine_shown=True)
    assert bench.is_in(Mode.ARMED)


@pytest.mark.parametrize(("stop", "armed"), [(PhysicalStop.KEY, False), (PhysicalStop.BUTTON, True)])
def test_a_real_machine_with_a_key_is_not_armed_before_its_key_was_tested(
    bench_of: Any, profile: DeviceProfile, stop: PhysicalStop, armed: bool
) -> None:
    bench = bench_of(replace(profile, simulated=False, physical_stop=stop))
    bench.pass_s(3.0)
    bench.messages.clear()
    bench.arm(belt_empty=True)
    assert bench.is_in(Mode.ARMED) is armed
    if not armed:
        refused = next(one for one in bench.messages if isinstance(one, Snapshot))
        assert refused.causes[-1].message == "bench: its safety key was not tested today, facing the rear"
        bench.arm(belt_empty=True, key_tested=True)
        assert bench.is_in(Mode.ARMED)


def test_a_new_run_counts_its_wishes_anew_and_the_same_one_goes_on(bench: Any) -> None:
    bench.run()
    wish(bench, 1.0, seq=40)
    bench.say(Pause(bench.core.epoch))
    bench.pass_s(6.0)
    for run_id, wanted_ckph in (("run", 50), ("another run", 200)):
        bench.arm(run_id=run_id)
        bench.say(HoldDone(bench.core.epoch, bench.now_s + 0.3))
        bench.pass_s(11.0)
        wish(bench, 2.0, seq=1)
        assert bench.core.state.wanted.speed_ckph == wanted_ckph
        bench.say(Pause(bench.core.epoch))
        bench.pass_s(6.0)


def test_arming_before_the_belt_is_seen_still_is_refused(bench: Any) -> None:
    bench.pass_s(1.0)
    bench.arm()
    assert bench.is_in(Mode.IDLE)


def test_arming_a_running_belt_changes_no_limit(bench: Any) -> None:
    bench.run()
    before = bench.core.config
    bench.arm(tier="harness", run_id="other", plan=PlanCeiling(1000, 0, "fast"))
    assert bench.core.config == before


def test_within_one_run_limits_only_tighten(bench: Any) -> None:
    bench.pass_s(3.0)
    bench.arm(plan=PlanCeiling(150, 0, "slow"))
    bench.say(CancelStart())
    bench.arm(plan=PlanCeiling(300, 0, "fast"))
    assert bench.core.config.limits.speed_ckph.value == 150
    bench.say(CancelStart())
    bench.arm(plan=PlanCeiling(300, 0, "fast"), run_id="another run")
    assert bench.core.config.limits.speed_ckph.value == 300


def test_a_refused_arming_of_another_run_forgets_nothing_of_this_one(bench: Any) -> None:
    bench.pass_s(3.0)
    bench.arm(plan=PlanCeiling(150, 0, "slow"))
    bench.say(HoldDone(bench.core.epoch, bench.now_s + 0.3))
    bench.pass_s(11.0)
    bench.say(Pause(bench.core.epoch))
    bench.pass_s(5.0)
    assert bench.is_in(Mode.PAUSED)
    bench.beats = False
    bench.pass_s(1.0)
    bench.arm(run_id="another run")
    bench.beats = True
    bench.pass_s(0.4)
    assert bench.is_in(Mode.PAUSED)
    bench.messages.clear()
    bench.arm(facing=Facing.CONSOLE)
    assert bench.is_in(Mode.PAUSED)
    refused = [one for one in bench.messages if isinstance(one, Snapshot)]
    assert "it needs a turn" in refused[0].causes[-1].message
    bench.arm()
    assert bench.is_in(Mode.ARMED)
    assert bench.core.config.limits.speed_ckph.value == 150


def test_the_limits_shown_hold_what_a_console_lowered_and_not_more(bench: Any) -> None:
    bench.run()
    wish(bench, 3.0, seq=1)
    bench.pass_s(15.0)
    bench.speed_kph = 1.5
    bench.take(bench.core.report(TargetChanged(1.5), bench.now_s))
    shown = {one.name: (one.value, one.reason) for one in bench.snapshot.limits}
    assert shown["speed"] == (1.5, "lowered to 1.5 km/h at the console")
    assert shown["incline"][1] != shown["speed"][1]


def test_behind_a_start_that_was_sent_no_belt_is_called_still(bench: Any) -> None:
    bench.pass_s(3.0)
    bench.arm()
    bench.say(HoldDone(bench.core.epoch, bench.now_s + 0.3))
    bench.obeys = False
    shown = []
    while not bench.is_in(Mode.STARTING):
        shown.append(bench.snapshot.standstill)
        bench.pass_s(0.1)
    bench.pass_s(4.0)
    assert (all(shown), bench.core.state.mode, bench.snapshot.standstill) == (True, Mode.STARTING, False)


def test_every_step_and_every_arming_is_told_to_the_journal(bench: Any) -> None:
    bench.run()
    steps = [one for one in bench.messages if isinstance(one, Stepped)]
    assert sum(step.elapsed_ms for step in steps) == pytest.approx(14_000, abs=100)
    assert [one.limits.speed_ckph.value for one in bench.messages if isinstance(one, Armed)] == [300]


def test_snapshots_come_five_times_a_second_and_at_every_change(bench: Any) -> None:
    bench.run()
    bench.messages.clear()
    bench.pass_s(2.0)
    shown = [one for one in bench.messages if isinstance(one, Snapshot)]
    assert 9 <= len(shown) <= 12
    bench.messages.clear()
    bench.say(StopNow(StopBy.OPERATOR))
    assert any(isinstance(one, Snapshot) and one.mode is Mode.STOPPING for one in bench.messages)


def test_a_pause_keeps_the_run_and_a_resume_is_a_new_arming(bench: Any) -> None:
    bench.run()
    bench.say(Pause(bench.core.epoch))
    bench.pass_s(4.0)
    assert bench.is_in(Mode.PAUSED)
    bench.say(HoldDone(bench.core.epoch, bench.now_s + 0.3))
    assert bench.is_in(Mode.PAUSED)
    bench.arm()
    bench.say(HoldDone(bench.core.epoch, bench.now_s + 0.3))
    bench.pass_s(11.0)
    assert bench.is_in(Mode.RUN)


def test_an_acknowledgement_for_another_connection_is_none(bench: Any) -> None:
    bench.run()
    bench.say(StopNow(StopBy.OPERATOR))
    bench.pass_s(5.0)
    bench.say(Acknowledge(bench.core.epoch + 1))
    assert bench.is_in(Mode.LATCHED)


def test_an_assertion_in_the_supervisor_stops_the_belt_and_only_a_restart_clears_it(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.run()
    real, calls = supervisor.step, [0]

    def fails_once(*args: Any) -> Any:
        calls[0] += 1
        assert calls[0] != 1, "planted"
        return real(*args)

    monkeypatch.setattr(supervisor, "step", fails_once)
    since_s = bench.now_s
    bench.pass_s(5.0)
    assert isinstance(bench.commands_since(since_s)[0], StopBelt)
    assert bench.is_in(Mode.FAULT)
    assert "planted" in bench.snapshot.causes[0].message
    bench.acknowledge(key_tested=True)
    assert bench.is_in(Mode.FAULT)


def test_a_supervisor_that_fails_for_good_leaves_the_bare_stop_once_a_second_and_the_alarm(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.run()
    bench.obeys = False

    def fails(*_args: Any) -> Any:
        raise RuntimeError("planted")

    monkeypatch.setattr(supervisor, "step", fails)
    since_s = bench.now_s
    bench.pass_s(5.0)
    stops = bench.commands_since(since_s)
    assert {type(command) for command in stops} == {StopBelt}
    assert 4 <= len(stops) <= 6
    assert bench.snapshot.alarm


def test_a_command_that_must_never_leave_is_caught_at_the_gate_and_stops_the_belt(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.run()
    real = supervisor.step
    planted = [SetSpeed(301)]

    def too_fast(*args: Any) -> Any:
        step = real(*args)
        return supervisor.Step(step.state, (planted.pop(),), ()) if planted else step

    monkeypatch.setattr(supervisor, "step", too_fast)
    since_s = bench.now_s
    bench.pass_s(1.0)
    assert [type(command) for command in bench.commands_since(since_s)] == [StopBelt]
    assert "above its ceiling" in bench.snapshot.causes[0].message


def test_a_machine_that_answers_later_by_its_profile_is_given_that_time(bench_of: Any, profile: Any) -> None:
    bench = bench_of(replace(profile, answer_within_ms=2600))
    bench.run()
    bench.answers, since_s = False, bench.now_s
    wish(bench, 1.0, seq=1)
    bench.pass_s(3.5)
    alarm_s = next(one.at_s for one in bench.messages if isinstance(one, Snapshot) and one.alarm)
    write_s = next(at_s for at_s, command in bench.sent if at_s >= since_s and isinstance(command, SetSpeed))
    assert 2.59 <= alarm_s - write_s <= 2.71
    assert bench.snapshot.causes[0].message == "the command speed is stuck in the link (limit 2.6 s)"


def test_a_write_that_the_link_has_not_even_taken_raises_the_alarm_at_once(bench: Any) -> None:
    bench.run()
    bench.outcome, since_s = Stuck("the write hangs"), bench.now_s
    wish(bench, 1.0, seq=1)
    bench.pass_s(0.6)
    assert bench.snapshot.alarm
    assert bench.snapshot.causes[0].hazard is Hazard.WRITE_OVERDUE
    assert StopBelt() in bench.commands_since(since_s)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"simulated": False, "experimental": True}, "only with nobody on the belt"),
        ({"qualification": Qualification.NONE}, "is only read"),
        ({"rails": False}, "nobody goes backward on it"),
    ],
)
def test_a_machine_that_is_not_fit_for_a_person_is_not_armed(
    bench_of: Any, profile: Any, change: dict[str, Any], told: str
) -> None:
    bench = bench_of(replace(profile, **change))
    bench.pass_s(3.0)
    bench.arm()
    assert bench.is_in(Mode.IDLE)
    assert any(told in one.message for one in bench.messages[-1].causes)


@pytest.mark.parametrize("belt_empty", [True, False])
def test_a_real_machine_whose_key_was_tested_is_armed_with_somebody_on_it_or_nobody(
    belt_empty: bool, bench_of: Any, profile: Any
) -> None:
    bench = bench_of(replace(profile, simulated=False))
    bench.pass_s(3.0)
    bench.arm(belt_empty=belt_empty, key_tested=True)
    assert bench.is_in(Mode.ARMED)


def test_nobody_goes_forward_either_on_a_real_machine_that_only_software_stops(bench_of: Any, profile: Any) -> None:
    bench = bench_of(replace(profile, simulated=False, physical_stop=PhysicalStop.NONE))
    bench.pass_s(3.0)
    bench.arm(facing=Facing.CONSOLE, plan=PlanCeiling(600, 0, "bench"))
    assert bench.is_in(Mode.IDLE)
    assert any("nobody is moved by it" in one.message for one in bench.messages[-1].causes)


def test_another_machine_behind_the_same_address_is_not_armed(bench: Any) -> None:
    first, second = Identity("AA:01", "Belt", firmware="1.0"), Identity("AA:02", "Belt")
    bench.take(bench.core.linked(bench.now_s, first))
    bench.pass_s(3.0)
    bench.take(bench.core.linked(bench.now_s, second))
    bench.pass_s(3.0)
    bench.arm()
    assert bench.is_in(Mode.IDLE)
    assert "another machine answers at this address" in bench.messages[-1].causes[0].message


def test_a_machine_that_says_less_of_itself_after_a_reconnect_is_the_same_one(bench: Any) -> None:
    bench.take(bench.core.linked(bench.now_s, Identity("AA:01", "Belt", firmware="1.0")))
    bench.pass_s(3.0)
    bench.take(bench.core.linked(bench.now_s, Identity("AA:01")))
    bench.pass_s(3.0)
    bench.arm()
    assert bench.is_in(Mode.ARMED)


@pytest.mark.parametrize(
    ("answers", "empty", "asks", "limit_ckph"),
    [
        (AnsweredBy.SUPERVISOR, False, True, 300),
        (AnsweredBy.HAND, False, True, 300),
        (AnsweredBy.NOBODY, False, False, 150),
        (AnsweredBy.NOBODY, True, False, 300),
        (AnsweredBy.SUPERVISOR, True, False, 300),
    ],
)
def test_who_answers_the_attention_check_decides_whether_it_asks_and_how_fast_the_belt_may_be(
    bench: Any, answers: AnsweredBy, empty: bool, asks: bool, limit_ckph: int
) -> None:
    bench.take(bench.core.linked(bench.now_s))
    bench.pass_s(4.0)
    bench.arm(answers=answers, belt_empty=empty)
    assert (bench.core.config.asks, bench.core.config.limits.speed_ckph.value) == (asks, limit_ckph)


def test_what_the_person_says_reaches_the_supervisor(bench: Any) -> None:
    bench.run()
    bench.say(Rate(pain=4, effort=7))
    assert (bench.core.state.feeling.pain, bench.core.state.feeling.effort) == (4, 7)
    bench.say(Rate(effort=8))
    assert (bench.core.state.feeling.pain, bench.core.state.feeling.effort) == (4, 8)
    bench.say(Attend())
    assert bench.core.state.attention.pressed_ms == 0
    bench.say(Heartbeat(10_000, 0.0, True, battery_percent=50, clicker_held=True))
    assert (bench.core.state.health.battery_percent, bench.core.state.health.clicker_held) == (50, True)
    bench.say(Feel(Symptom.UNWELL))
    assert bench.is_in(Mode.STOPPING)
    assert bench.core.state.hazards == (Hazard.SYMPTOM,)


@pytest.mark.parametrize(("age_s", "freezes"), [(2.0, False), (2.0006, True)])
def test_what_is_older_than_its_limit_by_less_than_a_millisecond_is_older(
    bench: Any, age_s: float, freezes: bool
) -> None:
    bench.run()
    said = bench.say(Heartbeat(10_000, 0.0, True, recorder_age_s=age_s))
    (stepped,) = [one for one in said.messages if isinstance(one, Stepped)]
    assert (Hazard.RECORDER_BEHIND in {one.hazard for one in stepped.causes}) == freezes


def test_what_came_since_the_last_look_is_one_step_with_a_command_that_hangs(bench: Any) -> None:
    """As on virtual time: a tick, its reports and its messages together."""
    bench.run()
    bench.answers = False
    wish(bench, 1.0, seq=1)
    while not any(isinstance(command, SetSpeed) for _, command in bench.sent):
        bench.pass_s(0.1)
    bench.pass_s(0.9)
    now_s = round(bench.now_s + 0.2, 3)
    reports = (Telemetry(now_s, 0.5, 0.0), TargetChanged(incline_percent=math.nan))
    outcome = bench.core.together(now_s, reports, (Heartbeat(900, 0.0, True), StopNow(StopBy.OPERATOR)))
    assert bench.core.state.hazards == (Hazard.WRITE_OVERDUE, Hazard.OPERATOR_STOP)
    assert [type(one.command) for one in outcome.tickets] == [StopBelt]


def test_an_arming_that_comes_late_is_none(bench: Any) -> None:
    bench.pass_s(3.0)
    assert bench.arm(deadline_s=bench.now_s - 0.1).messages == ()
    assert bench.is_in(Mode.IDLE)


def test_a_standby_is_told_whether_the_belt_may_move_and_whether_a_stop_has_gone(bench: Any) -> None:
    bench.pass_s(3.0)
    assert bench.core.belt() == Belt(may_move=False, stop_sent=False)
    bench.run()
    assert bench.core.belt() == Belt(may_move=True, stop_sent=False)
    bench.obeys = False
    bench.say(StopNow(StopBy.OPERATOR))
    bench.pass_s(0.2)
    assert bench.core.belt() == Belt(may_move=True, stop_sent=True)


def test_a_standby_is_told_of_no_stop_that_found_no_link(bench: Any) -> None:
    bench.pass_s(3.0)
    bench.run()
    bench.take(bench.core.report(LinkLost("gone"), bench.now_s))
    assert bench.is_in(Mode.ESCALATED)
    assert bench.core.belt() == Belt(may_move=True, stop_sent=False)


def test_a_standby_is_told_of_no_stop_that_was_spared_on_the_next_link(bench_of: Any, profile: DeviceProfile) -> None:
    bench = bench_of(replace(profile, stop_repeat_ok=False))
    bench.run()
    bench.answers = False
    bench.take(bench.core.report(LinkLost("gone"), bench.now_s))
    since_s, bench.speed_kph = bench.now_s + 0.05, 0.0
    bench.pass_s(0.3)
    bench.take(bench.core.linked(bench.now_s))
    bench.pass_s(4.0)
    assert bench.commands_since(since_s) == [], "a stop too many might start it"
    assert not bench.core.belt().stop_sent


def test_a_standby_is_told_of_a_stop_that_was_taken_before_the_link_was_lost(bench: Any) -> None:
    bench.pass_s(3.0)
    bench.run()
    bench.obeys = False
    bench.say(StopNow(StopBy.OPERATOR))
    bench.pass_s(0.2)
    bench.take(bench.core.report(LinkLost("gone"), bench.now_s))
    assert bench.core.belt() == Belt(may_move=True, stop_sent=True)


def test_nothing_is_tried_out_on_another_machine_behind_the_same_address(bench: Any) -> None:
    bench.take(bench.core.report(LinkLost("gone"), bench.now_s))
    for address in ("AA:01", "AA:02"):
        bench.take(bench.core.linked(bench.now_s, Identity(address, "Belt")))
    bench.pass_s(3.0)
    bench.say(Try(bench.core.epoch, bench.now_s + 0.3, Trial.START))
    told = bench.messages[-1]
    assert isinstance(told, Tried)
    assert told.phase is TrialPhase.REFUSED
    assert "another machine answers at this address now" in told.message
