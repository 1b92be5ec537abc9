"""The core when it fails itself, and when what comes in is senseless: the belt stops, and nothing starts it again."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from retrotread.guardian.messages import HoldDone, Intent, Snapshot, Stepped, StopNow
from retrotread.guardian.showing import Showing
from retrotread.machine import DeviceProfile, LinkLost, StopBelt, Telemetry
from retrotread.safety import supervisor
from retrotread.safety.inputs import Seen, SelfFault, StopBy
from retrotread.safety.modes import Mode


def fails_while(monkeypatch: pytest.MonkeyPatch, failing: Callable[[], bool]) -> None:
    """The supervisor raises for as long as ``failing`` says so."""
    real = supervisor.step

    def step(*arguments: Any) -> Any:
        if failing():
            raise RuntimeError("planted")
        return real(*arguments)

    monkeypatch.setattr(supervisor, "step", step)


def test_a_supervisor_that_fails_twice_and_recovers_does_not_go_on_with_the_run(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault itself was lost with the second failure; it is told again until the supervisor has taken it."""
    bench.run()
    failures = [1, 2]
    fails_while(monkeypatch, lambda: bool(failures and failures.pop()))
    bench.obeys, since_s = False, bench.now_s
    bench.say(Intent(bench.core.epoch, 1, bench.now_s + 0.3, 3.0, 0.0))
    bench.obeys = True
    bench.pass_s(5.0)
    assert {type(command) for command in bench.commands_since(since_s)} == {StopBelt}
    assert bench.is_in(Mode.FAULT)


def test_a_message_that_cannot_be_made_does_not_take_the_command_with_it(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.run()
    real, planted = Showing.snapshot, [True]

    def fails_once(showing: Showing, *arguments: Any) -> Snapshot:
        if planted:
            planted.clear()
            raise ZeroDivisionError("planted")
        return real(showing, *arguments)

    monkeypatch.setattr(Showing, "snapshot", fails_once)
    bench.pass_s(5.0)
    assert bench.speed_kph == 0.0
    assert bench.is_in(Mode.FAULT)
    assert "planted" in bench.snapshot.causes[0].message
    assert any(SelfFault() in one.inputs for one in bench.messages if isinstance(one, Stepped))


@pytest.mark.parametrize("moment", ["at rest", "in the countdown", "running", "stopped just now"])
@pytest.mark.parametrize("apart_s", [0.0, 0.05, 0.3])
def test_faults_one_behind_the_other_are_one_reason_to_stop(bench: Any, moment: str, apart_s: float) -> None:
    """Around a supervisor that works: its stop is out, and the bare one has nothing to add within the second."""
    if moment == "running":
        bench.run()
    else:
        bench.pass_s(3.0)
        bench.arm()
        bench.pass_s(3.0 if moment == "at rest" else 0.1)
        bench.say(HoldDone(bench.core.epoch, bench.now_s + 0.3))
    if moment == "stopped just now":
        bench.say(StopNow(StopBy.OPERATOR))
    since_s = bench.now_s
    for _ in range(4):
        bench.take(bench.core.failed(AssertionError("planted"), bench.now_s))
        bench.pass_s(apart_s)
    bench.pass_s(3.0)
    assert bench.commands_since(since_s) == [StopBelt()] * (2 if moment == "stopped just now" else 1)
    assert bench.is_in(Mode.FAULT)


@pytest.mark.parametrize("failures", [0, 1, 4, 8])
def test_the_time_of_a_step_that_failed_passes_all_the_same(
    bench: Any, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    """Else what is known of the belt would look younger than it is, by as much as the guardian was broken for."""
    bench.pass_s(3.0)
    bench.reports, since_s = False, bench.now_s
    bench.now_s += 0.09
    planted = list(range(failures))
    fails_while(monkeypatch, lambda: bool(planted and planted.pop() >= 0))
    bench.take(bench.core.failed(AssertionError("planted"), bench.now_s))
    bench.pass_s(0.8)
    assert not planted
    assert bench.snapshot.age_s == pytest.approx(bench.now_s - since_s, abs=0.06)


@pytest.mark.parametrize("moment", ["refused", "faults", "broken"])
def test_what_is_told_between_two_steps_is_as_old_as_it_is_then(
    bench: Any, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    bench.pass_s(3.0)
    bench.reports, since_s = False, bench.now_s
    bench.take(bench.core.failed(AssertionError("planted"), bench.now_s))
    bench.pass_s(0.4)
    fails_while(monkeypatch, lambda: moment == "broken")
    bench.pass_s(0.4)
    bench.now_s += 0.09
    if moment == "faults":
        bench.take(bench.core.failed(AssertionError("planted"), bench.now_s))
    elif moment == "refused":
        bench.arm()
    else:
        bench.pass_s(0.1)
    told = [one for one in bench.messages if isinstance(one, Snapshot)][-1]
    assert told.at_s == pytest.approx(bench.now_s)
    assert told.age_s == pytest.approx(bench.now_s - since_s, abs=0.001)


@pytest.mark.parametrize("at_rest", [True, False], ids=["a belt at rest", "a running belt"])
def test_a_guardian_that_can_tell_nothing_any_more_stops_the_belt_once(
    bench: Any, monkeypatch: pytest.MonkeyPatch, at_rest: bool
) -> None:
    """Each message that cannot be made is a fault: they do not make a stop frame each on the link."""
    if at_rest:
        bench.pass_s(3.0)
    else:
        bench.run()
    monkeypatch.setattr(Showing, "messages", lambda *_of: 1 / 0)
    since_s = bench.now_s
    bench.pass_s(5.0)
    assert bench.commands_since(since_s) == [StopBelt()]
    assert bench.is_in(Mode.FAULT)
    assert bench.speed_kph == 0.0


@pytest.mark.parametrize("at_rest", [True, False], ids=["a belt at rest", "a running belt"])
def test_a_belt_that_a_second_stop_may_start_is_sent_no_second_one_by_a_broken_guardian(
    profile: DeviceProfile,
    bench_of: Callable[[DeviceProfile], Any],
    monkeypatch: pytest.MonkeyPatch,
    at_rest: bool,
) -> None:
    bench = bench_of(replace(profile, stop_repeat_ok=False))
    if at_rest:
        bench.pass_s(3.0)
    else:
        bench.run()
    fails_while(monkeypatch, lambda: True)
    since_s = bench.now_s
    bench.pass_s(5.0)
    assert len(bench.commands_since(since_s)) == (0 if at_rest else 1)
    assert bench.snapshot.alarm


@pytest.mark.parametrize("moment", ["running", "at rest", "unlinked", "linked anew"])
def test_a_standby_is_told_of_a_bare_stop_only_where_one_has_left_on_this_link(
    profile: DeviceProfile, bench_of: Callable[[DeviceProfile], Any], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """At rest it is spared; without a link it reaches nobody; a new link may be that of a console that restarted."""
    bench = bench_of(replace(profile, stop_repeat_ok=False))
    if moment == "at rest":
        bench.pass_s(3.0)
    else:
        bench.run()
    if moment == "unlinked":
        bench.take(bench.core.report(LinkLost("gone"), bench.now_s))
    fails_while(monkeypatch, lambda: True)
    bench.pass_s(0.2)
    if moment == "linked anew":
        bench.take(bench.core.linked(bench.now_s))
    assert bench.core.bare
    assert bench.core.belt().stop_sent == (moment == "running")


SENSELESS: dict[str, Callable[[float], Telemetry]] = {
    "a speed beyond every belt": lambda now_s: Telemetry(now_s, 1e308, 0.0),
    "measured before all time": lambda now_s: Telemetry(-math.inf, 0.5, 0.0),
    "measured at no time": lambda now_s: Telemetry(math.nan, 0.5, 0.0),
}


@pytest.mark.parametrize("kind", SENSELESS)
def test_a_senseless_report_is_no_report(bench: Any, kind: str) -> None:
    bench.run()
    bench.reports = False
    for _ in range(30):
        bench.pass_s(0.1)
        bench.take(bench.core.report(SENSELESS[kind](bench.now_s), bench.now_s))
    assert bench.is_in(Mode.ESCALATED)
    assert bench.snapshot.causes[0].message.startswith("no telemetry for 2.")


def test_senseless_numbers_beside_a_good_speed_are_left_out(bench: Any) -> None:
    bench.run()
    bench.take(bench.core.report(Telemetry(bench.now_s, 0.5, 0.0, distance_m=12.0, machine_time_s=3.0), bench.now_s))
    bench.take(
        bench.core.report(Telemetry(bench.now_s, 0.5, 1e308, distance_m=math.inf, machine_time_s=math.nan), bench.now_s)
    )
    assert bench.snapshot.distance_m == 12.0
    assert bench.snapshot.incline_percent == 0.0
    assert bench.snapshot.speed_kph == 0.5


def test_a_report_that_was_held_up_on_its_way_is_as_old_as_its_measurement(bench: Any) -> None:
    bench.run()
    bench.reports = False
    bench.pass_s(1.5)
    bench.take(bench.core.report(Telemetry(bench.now_s - 0.75, 0.5, 0.0), bench.now_s))
    assert bench.snapshot.age_s == pytest.approx(0.75, abs=0.001)


def test_a_counter_that_is_no_number_does_not_count_as_moving(bench: Any) -> None:
    bench.run()
    bench.messages.clear()
    for machine_time_s in (7.0, math.nan, 7.0, math.inf):
        bench.take(bench.core.report(Telemetry(bench.now_s, 0.5, 0.0, machine_time_s=machine_time_s), bench.now_s))
    seen = [item for step in bench.messages if isinstance(step, Stepped) for item in step.inputs]
    assert [item.counters_moved for item in seen if isinstance(item, Seen)] == [True, None, False, None]


@pytest.mark.parametrize("speed_kph", [1e308, 1e3])
def test_a_wish_beyond_every_belt_is_dropped_and_not_an_error(bench: Any, speed_kph: float) -> None:
    bench.run()
    bench.say(Intent(bench.core.epoch, 1, bench.now_s + 0.3, speed_kph, 0.0))
    bench.pass_s(3.0)
    assert bench.is_in(Mode.RUN)
    assert bench.speed_kph == 0.5


def test_a_supervisor_that_fails_for_good_leaves_the_bare_stop_at_once_on_a_new_link(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What left on the old one may have reached nobody."""
    bench.run()
    bench.obeys = False
    bench.take(bench.core.failed(AssertionError("planted"), bench.now_s))
    bench.take(bench.core.report(LinkLost("out of range"), bench.now_s))

    def fails(*_args: Any) -> Any:
        raise RuntimeError("planted")

    monkeypatch.setattr(supervisor, "step", fails)
    bench.now_s += 0.3
    assert [one.command for one in bench.take(bench.core.linked(bench.now_s)).tickets] == [StopBelt()]
