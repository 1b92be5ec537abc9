"""The fault matrix: every fault in every moment, at four rates of reports, on machines of two families."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from tests.proof.matrix.rig import MOMENTS, Rig, moments
from tests.proof.matrix.table import TABLE, Row, as_markdown, bounds_s

from retrotread.machine import SetIncline, SetSpeed, StartBelt, StopBelt
from retrotread.safety import conditions, policy, stopping
from retrotread.safety.modes import Mode

PERIODS_S = {1: 1.0, 2: 0.5, 4: 0.25, 10: 0.1}
HEART = "heart rate lost"
OVER_S = 0.001

Fault = Callable[[Rig], None]


def _both(*faults: Fault) -> Fault:
    def begin(rig: Rig) -> None:
        for fault in faults:
            fault(rig)

    return begin


def _suffers(name: str) -> Fault:
    return lambda rig: rig.belt.suffer(name, rig.now_s)


def _switch(name: str, value: bool) -> Fault:
    return lambda rig: setattr(rig, name, value)


def _dies(rig: Rig) -> None:
    rig.beats = False
    rig.carry_out(rig.core.main_gone(rig.now_s))


def _runs_away(rig: Rig) -> None:
    if rig.belt.belt_speed_kph > 0:
        rig.belt.suffer("runaway", rig.now_s)
    else:
        rig.belt.start_by_itself(rig.now_s, 9.0)


def _sleeps(rig: Rig) -> None:
    rig.slept_s += 30.0
    rig.belt.advance(rig.now_s + rig.slept_s)
    rig.carry_out(rig.core.suspended(30.0, rig.now_s))


def _gap(rig: Rig) -> None:
    """Nobody has a turn; what came meanwhile comes together."""
    rig.steps += 16
    rig.now_s = round(rig.steps * 0.05, 3)


def _hangs(rig: Rig) -> None:
    """And something is to be written."""
    rig.belt.suffer("stuck-write", rig.now_s)
    rig.judge.operator(rig.now_s, "person on")
    rig.wish = 1.5 if rig.wish is None else rig.wish + 0.5


def _walks_on(rig: Rig) -> None:
    """What is set is taken for miles: the first rise shows it."""
    rig.until(Mode.RUN)
    rig.judge.operator(rig.now_s, "person on")
    rig.wish = 3.0


def _loses_the_heart(rig: Rig) -> None:
    rig.heart_bpm = None


FAULTS: dict[str, Fault] = {
    "link drop": lambda rig: rig.belt.drop_link(rig.now_s),
    "drop and return after 3 s": lambda rig: rig.belt.drop_link(rig.now_s, returns_after_s=3.0),
    "telemetry silent": _suffers("silent"),
    "telemetry frozen": _suffers("frozen"),
    "frames corrupt": _switch("corrupts", True),
    "one spike of 15 km/h": _suffers("spike"),
    "runaway": _runs_away,
    "ignores set-speed": _switch("obeys_set", False),
    "ignores Stop": _both(_suffers("ignore-stop"), _switch("answers_stop", False)),
    "Stop answered, belt runs on": _suffers("ignore-stop"),
    "self-start": lambda rig: rig.belt.start_by_itself(rig.now_s, 3.0),
    "toggle start and stop": lambda _rig: None,
    "mph machine": _walks_on,
    "console stop": lambda rig: rig.belt.press_console_stop(rig.now_s),
    "key pull": lambda rig: rig.belt.pull_safety_key(rig.now_s),
    "console restarts": _suffers("console-reboot"),
    "foreign start": lambda rig: rig.belt.press_console_start(rig.now_s),
    "foreign target lower": _suffers("foreign-lower"),
    "foreign target higher": _suffers("foreign-raise"),
    "control lost": _suffers("foreign-takeover"),
    "write hangs": _hangs,
    "late and doubled replies": _suffers("doubled-answers"),
    "main kill -9": _dies,
    "main stopped": _switch("beats", False),
    "host suspended for 30 s": _sleeps,
    "wall clock jumps": lambda _rig: None,
    "monotonic gap of 0.8 s": _gap,
    "recorder failed": _switch("recorder_failed", True),
    HEART: _loses_the_heart,
    "attention unanswered": lambda _rig: None,
    "assertion in the supervisor": lambda rig: rig.carry_out(rig.core.failed(AssertionError("planted"), rig.now_s)),
    "drop, and main kill -9": _both(lambda rig: rig.belt.drop_link(rig.now_s), lambda rig: rig.run(0.3), _dies),
    "silent, and ignores Stop": _both(_suffers("silent"), _suffers("ignore-stop")),
}


@cache
def at(kind: str, driver: str, rate_hz: int, heart: bool) -> dict[str, Rig]:
    """The rig at its moments, made once."""
    return moments(kind, driver, PERIODS_S[rate_hz], heart)


CASES = [
    pytest.param(one, moment, driver, rate_hz, id=f"{one.fault}-{moment}-{driver}-{rate_hz}Hz")
    for one in TABLE
    for moment in MOMENTS
    if one.cell(moment) != "-"
    for driver in one.drivers
    for rate_hz in PERIODS_S
]


@pytest.mark.parametrize(("one", "moment", "driver", "rate_hz"), CASES)
def test_a_fault_in_a_moment_has_its_answer_in_time(one: Row, moment: str, driver: str, rate_hz: int) -> None:
    rig = at(one.kind, driver, rate_hz, one.fault == HEART)[moment].begin()
    FAULTS[one.fault](rig)
    if moment == "Between directions":
        _confirm_in_spite_of_it(rig)
    rig.run(one.lasts_s)
    rig.judge.finish(rig.now_s)
    broken = [*_broken(one, moment, rig), *(f"{v.invariant}: {v.message}" for v in rig.judge.violations)]
    assert not broken, f"{broken}\nsent {rig.log.sent}\nmodes {rig.log.modes}\ncauses {rig.log.hazards}"


def _confirm_in_spite_of_it(rig: Rig) -> None:
    rig.run(1.2)
    rig.turned_and_armed()


def _broken(one: Row, moment: str, rig: Rig) -> list[str]:
    """What of the cell does not hold; and what holds in every cell."""
    period_s, kind = rig.kind.report_period_s, rig.kind
    bounds = bounds_s(period_s, kind.command_lag_s + kind.report_lag_s, kind.rise_kph_per_s)
    tokens = [token.partition(":") for token in one.cell(moment).split()]
    found = [said for code, _, by in tokens if (said := _owed(code, by, bounds, rig)) is not None]
    codes = {code for code, _, _ in tokens}
    goes_on = bool(codes & {"ok", "go"})
    if not goes_on and rig.log.count(StartBelt):
        found.append("the belt was started again")
    found += rig.log.untrue[:1]
    if codes & {"P", "A", "E", "C", "L"} and not rig.log.hazards:
        found.append("nothing was logged")
    return found


def _owed(code: str, by: str, bounds: dict[str, float], rig: Rig) -> str | None:
    """Why one code of a cell does not hold; None where it does."""
    return CODES[code](rig, 0.0 if not by else bounds[by] if by in bounds else float(by))


def _by(at_s: float | None, by_s: float, what: str) -> str | None:
    if at_s is not None and at_s <= by_s + OVER_S:
        return None
    return f"no {what} by {by_s:.2f} s" + ("" if at_s is None else f", but at {at_s:.2f} s")


def _rests(rig: Rig, _by_s: float) -> str | None:
    moves = [command for _, command in rig.log.sent if isinstance(command, (StartBelt, SetSpeed, SetIncline))]
    return f"{moves} left" if moves or rig.belt.belt_speed_kph > 0 else None


def _frozen(rig: Rig, by_s: float) -> str | None:
    rises = rig.log.rose_frozen_s
    return _by(rig.log.freeze_s, by_s, "freeze") or (f"rises at {rises} while frozen" if rises else None)


def _held(rig: Rig, by_s: float) -> str | None:
    late = [at_s for at_s in rig.log.rises_s if at_s > by_s]
    return f"rises at {late}" if late else None


def _kept(rig: Rig, _by_s: float) -> str | None:
    return None if not rig.log.rises_s and rig.mode in _AT_AN_END else f"{rig.mode.value}, rises {rig.log.rises_s}"


def _unless(allowed: bool, rig: Rig) -> str | None:
    return None if allowed else f"the belt is {rig.mode.value}"


def _few_stops(rig: Rig, most: float) -> str | None:
    stops = rig.log.count(StopBelt)
    return None if stops <= most else f"{stops} stop frames"


def _goes_on(rig: Rig, _by_s: float) -> str | None:
    log = rig.log
    return None if log.stop_s is None and log.alarm_s is None else f"stop {log.stop_s}, alarm {log.alarm_s}"


CODES: dict[str, Callable[[Rig, float], str | None]] = {
    "0": _rests,
    "A": lambda rig, by_s: _by(rig.log.stop_s, by_s, "stop frame"),
    "P": lambda rig, by_s: _by(rig.log.stop_s, by_s, "stop frame"),
    "C": lambda rig, by_s: _by(rig.log.fall_s, by_s, "lower set-point or stop frame"),
    "E": lambda rig, by_s: _by(rig.log.alarm_s, by_s, "alarm"),
    "F": _frozen,
    "H": _held,
    "K": _kept,
    "R": lambda rig, _by_s: _unless(rig.mode not in (Mode.STARTING, Mode.RUN), rig),
    "L": lambda rig, _by_s: _unless(rig.mode in (Mode.LATCHED, Mode.ESCALATED, Mode.FAULT), rig),
    "S": _few_stops,
    "ok": _goes_on,
    "go": lambda _rig, _by_s: None,
}
_AT_AN_END = frozenset({Mode.LATCHED, Mode.ESCALATED, Mode.FAULT, Mode.PAUSED, Mode.STOPPING, Mode.PAUSING})


# --- the table itself ------------------------------------------------------------------------------------------------


def test_every_fault_of_the_table_can_be_made_and_every_code_is_known() -> None:
    assert [one.fault for one in TABLE] == list(FAULTS)
    codes = {token.partition(":")[0] for one in TABLE for cell in one.owed for token in cell.split()}
    assert codes - {"-"} == set(CODES)


def test_the_page_shows_the_table_as_it_is() -> None:
    """docs/safety/simulation.md is written by hand but for this part."""
    page = Path(__file__).parents[3] / "docs" / "safety" / "simulation.md"
    assert as_markdown() in page.read_text(encoding="utf-8")


# --- what the matrix is there to find: each of these defects turns cells red ------------------------------------------


def red(fault: str, moment: str, driver: str = "ftms", rate_hz: int = 4) -> bool:
    (one,) = [row for row in TABLE if row.fault == fault]
    try:
        test_a_fault_in_a_moment_has_its_answer_in_time(one, moment, driver, rate_hz)
    except AssertionError:
        return True
    return False


def test_an_alarm_that_comes_late_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not red("telemetry silent", "Steady")
    monkeypatch.setattr(conditions, "telemetry_silent", lambda *_of: None)
    monkeypatch.setitem(policy._BY_MODE, Mode.RUN, ())
    assert red("telemetry silent", "Steady")
    assert red("runaway", "Steady")
    assert red("recorder failed", "Ramping")


def test_a_lease_that_lasts_too_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conditions, "LEASE_MS", 900)
    assert red("main stopped", "Steady")


def test_a_second_stop_to_a_machine_that_toggles_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_repeat", lambda _config, stop, _belt: (stop, StopBelt()))
    assert red("toggle start and stop", "Stopping")
