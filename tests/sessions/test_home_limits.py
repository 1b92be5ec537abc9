"""Limits of a person at home: set and taken away by a command, and held in the set-up, the run and the store."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from retrotread import config
from retrotread.cli import main
from retrotread.guardian.messages import Arm, LimitInForce, StopNow
from retrotread.safety.heart import HeartCeiling
from retrotread.sessions import diary
from retrotread.sessions.bounds import Bounds
from retrotread.sessions.folder import VARIABLE
from retrotread.sessions.home_limits import Limited, Quantity, TakenAway, amount, bounds_of, in_force
from retrotread.sessions.launcher import HeldBack, SessionLauncher, Wish
from retrotread.sessions.live import LiveRun
from retrotread.sessions.person import Health, Person, Strap

from .test_conductor import Bench

DAY = date(2026, 3, 2)
COACH = "coach://"
KIM = Person("Kim", adult=True, health=Health.NOTHING, strap=Strap("sim://steady"))
BECAUSE = "limit of A. Weber: knee, second week"


def limited(what: Quantity, value: int, **changes: Any) -> Limited:
    return replace(Limited(what, value, "A. Weber", "knee, second week"), **changes)


SLOW = limited(Quantity.SPEED, 120)


# --- which hold -------------------------------------------------------------------------------------------------


def test_of_each_quantity_the_lowest_holds_until_its_last_day() -> None:
    gone = limited(Quantity.SPEED, 80, until="2026-03-01")
    last = limited(Quantity.PAIN, 2, until="2026-03-02")
    assert in_force((gone, limited(Quantity.SPEED, 200), SLOW, last), DAY) == (SLOW, last)


def test_what_is_taken_away_holds_no_longer_and_what_is_set_after_it_does() -> None:
    away, pain = TakenAway(Quantity.SPEED, "2026-03-02", "A. Weber", "well again"), limited(Quantity.PAIN, 2)
    assert in_force((SLOW, pain, away), DAY) == (pain,)
    later = limited(Quantity.SPEED, 300)
    assert in_force((SLOW, away, later), DAY) == (later,)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("speed 1.2 km/h", (Quantity.SPEED, 120)),
        ("speed 1 mph", (Quantity.SPEED, 160)),
        ("incline 2.5 %", (Quantity.INCLINE, 25)),
        ("minutes 20", (Quantity.MINUTES, 20)),
        ("minutes 20 min", (Quantity.MINUTES, 20)),
        ("heart 140 bpm", (Quantity.HEART, 140)),
        ("pain 3", (Quantity.PAIN, 3)),
        ("pain 3 of 10", (Quantity.PAIN, 3)),
    ],
)
def test_a_limit_is_read_in_its_unit_and_rounded_down(words: str, found: tuple[Quantity, int]) -> None:
    assert amount(words) == found


def test_a_last_day_that_is_written_in_another_way_is_none_since_days_are_compared_as_they_are_written() -> None:
    with pytest.raises(ValueError, match="'29991231' is no day"):
        limited(Quantity.SPEED, 120, until="29991231")


# --- retrotread person ------------------------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "data"))
    monkeypatch.setenv(config.VARIABLE, str(tmp_path / "settings"))
    with started() as launcher:
        launcher.introduce(KIM)
    return tmp_path / "data"


@contextlib.contextmanager
def started() -> Iterator[SessionLauncher]:
    """One start of the program, for level 1 on a belt that is set by hand."""
    launcher = SessionLauncher(Wish("ladder-1", COACH))
    try:
        yield launcher
    finally:
        launcher.close()


SIGNED = ("--author", "A. Weber", "--reason", "knee, second week")


def test_the_command_sets_limits_tells_them_and_takes_them_away(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["person", "--limit", "speed 1.2 km/h", "--limit", "minutes 20", "--until", "2999-12-31", *SIGNED]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "limit of speed: at most 1.2 km/h, until 2999-12-31 (A. Weber: knee, second week)",
        "limit of minutes: at most 20 min, until 2999-12-31 (A. Weber: knee, second week)",
    ]
    assert main(["person", "--take-away", "speed", "--author", "Kim", "--reason", "well again", "--json"]) == 0
    assert [one["what"] for one in json.loads(capsys.readouterr().out)["limits"]] == ["minutes_max"]
    assert [type(one.said).__name__ for one in diary.entries(data)[1:]] == ["Limited", "Limited", "TakenAway"]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--limit", "speed 1.2 km/h", "--reason", "knee"), "it needs an author, as plain text on one line"),
        (("--limit", "speed 1.2 km/h", "--author", "me"), "it needs a reason, as plain text on one line"),
        (("--take-away", "speed", "--author", "me"), "it needs a reason, as plain text on one line"),
        (("--limit", "speed 17 km/h", *SIGNED), "a limit of 17.0 km/h limits nobody: from 0.1 km/h to 16.0 km/h"),
        (("--limit", "speed 3", *SIGNED), "'3' has no unit; write a speed with its unit"),
        (("--limit", "pain much", *SIGNED), "a whole number belongs behind pain"),
        (("--limit", "weight 80 kg", *SIGNED), "nothing that can be limited; those that can: speed, incline, minutes"),
        (("--limit", "pain 2", "--until", "soon", *SIGNED), "'soon' is no day; write days as 2026-12-31"),
        (("--limit", "pain 2", "--until", "29991231", *SIGNED), "'29991231' is no day; write days as 2026-12-31"),
        (("--limit", "pain 2", "--until", "2026-01-01", *SIGNED), "its last day, 2026-01-01, is over"),
        (("--author", "me"), "--author, --reason and --until belong to a limit"),
    ],
)
def test_what_is_no_limit_is_refused_with_the_mend_and_changes_nothing(
    data: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], error: str
) -> None:
    before = diary.entries(data)
    assert main(["person", *words]) == 2
    assert error in capsys.readouterr().err
    assert diary.entries(data) == before


# --- the set-up -------------------------------------------------------------------------------------------------


def problems(launcher: SessionLauncher) -> tuple[str, ...]:
    return next(one for one in launcher.offers(COACH) if one.title.startswith("Ladder 1")).problems


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        (limited(Quantity.SPEED, 60), f"is above 0.6 km/h ({BECAUSE})"),
        (limited(Quantity.MINUTES, 2), f"min, and 2 min is the most ({BECAUSE})"),
    ],
)
def test_a_plan_that_passes_a_limit_is_not_run_and_says_whose_it_is(data: Path, limit: Limited, sentence: str) -> None:
    diary.add(data, limit)
    with started() as launcher:
        (problem,) = problems(launcher)
    assert problem.endswith(sentence)


def test_a_limit_of_the_heart_rate_is_not_run_without_a_strap(data: Path) -> None:
    diary.add(data, limited(Quantity.HEART, 140))
    with started() as launcher:
        assert problems(launcher) == ()
        launcher.introduce(replace(KIM, strap=None))
        sentence = "no more than 140 bpm, and there is no strap in your settings: put one on with b"
        assert problems(launcher) == (f"{sentence} ({BECAUSE})",)


def test_what_was_offered_before_a_limit_was_set_is_not_launched(data: Path) -> None:
    with started() as launcher:
        offer = next(one for one in launcher.offers(COACH) if not one.problems)
        diary.add(data, limited(Quantity.PAIN, 2))
        with pytest.raises(HeldBack, match="limits of whoever trains here were changed since this was offered"):
            launcher.launch(offer, COACH)


def test_a_run_takes_the_limits_along_and_its_journal_tells_them(data: Path) -> None:
    diary.add(data, limited(Quantity.SPEED, 250), limited(Quantity.HEART, 140), limited(Quantity.MINUTES, 21))
    with started() as launcher:
        run = launcher.launch(next(one for one in launcher.offers(COACH) if not one.problems), COACH)
        assert isinstance(run, LiveRun)
        plan = run._conductor.plan
        run.close()
    assert (plan.heart, plan.session_max_s) == (HeartCeiling(140, required=True), 21 * 60.0)
    (path,) = (data / "runs").glob("*.sqlite")
    with contextlib.closing(sqlite3.connect(path)) as database:
        told = [text for (text,) in database.execute("SELECT text FROM event WHERE kind = 'limited' ORDER BY n")]
    most = ("speed at most 2.5 km/h", "minutes at most 21", "heart rate at most 140 bpm")
    assert told == [f"{one} ({BECAUSE})" for one in most]


# --- the run ----------------------------------------------------------------------------------------------------


def own(*limits: Limited) -> Bounds:
    return bounds_of(limits)


def test_each_arming_takes_speed_and_incline_to_the_guardian_with_their_own_reasons() -> None:
    steep = limited(Quantity.INCLINE, 10, author="Kim", reason="heel")
    bench = Bench(own=own(SLOW, steep))
    (arm,) = bench.conductor.arm(bench.now_s)
    assert isinstance(arm, Arm)
    assert arm.prescribed is not None
    speed, incline = arm.prescribed.speed_ckph, arm.prescribed.incline_dpct
    assert (speed.value, speed.reason) == (120, BECAUSE)
    assert (incline.value, incline.reason) == (10, "limit of Kim: heel")


def test_a_wish_for_more_is_taken_up_to_the_limit_and_is_then_answered_with_the_reason() -> None:
    bench = Bench(own=own(limited(Quantity.SPEED, 60))).running()
    bench.see(limits=(LimitInForce("speed", 0.6, "km/h", BECAUSE),))
    before = bench.conductor.state
    bench.conductor.nudge(0.2, bench.now_s)
    assert bench.conductor.state == before
    assert bench.conductor.message == f"not raised: 0.7 km/h is above 0.6 km/h ({BECAUSE})"
    bench.conductor.nudge(0.1, bench.now_s)
    assert bench.conductor.state != before


def test_more_pain_than_a_limit_stops_the_belt() -> None:
    bench = Bench(own=own(limited(Quantity.PAIN, 2))).running()
    assert not any(isinstance(one, StopNow) for one in bench.conductor.rate(2, None))
    assert any(isinstance(one, StopNow) for one in bench.conductor.rate(3, None))
    assert bench.conductor.message == f"pain 3 of 10 was said, and 2 is the most that goes on ({BECAUSE})"
