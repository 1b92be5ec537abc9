"""The judge of the way that the belt runs (R9), with runs that break it and runs that do not."""

from __future__ import annotations

import pytest

from retrotread.machine import BeltDirection, Capabilities, DeviceProfile, Facing, StartBelt, StopBelt, Telemetry
from retrotread.sessions.oracles import Judge, rules_for

FORWARD, REVERSED = BeltDirection.FORWARD, BeltDirection.REVERSED
PROFILE = DeviceProfile("bench", Capabilities(50, 1600, 10), lag_ms=400, report_period_ms=500)
RULES = rules_for("walker", True, Facing.CONSOLE, PROFILE)


class Scene:
    """A judge of a belt that was armed and started reversed, and what it says a tenth of a second at a time."""

    def __init__(self, armed: bool = True) -> None:
        self.now_s, self.judge = 10.0, Judge(RULES)
        if armed:
            self.judge.way(RULES, Facing.CONSOLE, REVERSED)
        self.judge.command(self.now_s, StartBelt(belt=REVERSED))

    def says(self, belt: BeltDirection | None, speed_kph: float = 0.5) -> Scene:
        self.now_s = round(self.now_s + 0.1, 3)
        self.judge.report(self.now_s, Telemetry(self.now_s, speed_kph, belt=belt))
        return self

    def stops(self) -> Scene:
        self.judge.command(self.now_s, StopBelt())
        return self

    @property
    def broken(self) -> list[str]:
        self.judge.finish(self.now_s + 1.0)
        return [one.message for one in self.judge.violations if one.invariant == "R9"]


def test_a_belt_that_runs_the_other_way_and_is_not_stopped_is_a_violation() -> None:
    assert Scene().says(REVERSED).says(FORWARD).broken == [
        "the belt was reported to run forward, armed reversed, and neither a stop frame nor the alarm within 0.1 s"
    ]


def test_a_stop_in_the_same_look_answers_it() -> None:
    assert Scene().says(FORWARD).stops().broken == []


def test_the_alarm_answers_it_too() -> None:
    scene = Scene().says(FORWARD)
    scene.judge.screen(scene.now_s, "alarm")
    assert scene.broken == []


def test_a_belt_that_has_been_told_to_stop_owes_no_second_stop() -> None:
    assert Scene().says(REVERSED).stops().says(FORWARD).broken == []


@pytest.mark.parametrize("belt", [REVERSED, None])
def test_its_own_way_and_no_word_of_it_are_no_offence(belt: BeltDirection | None) -> None:
    assert Scene().says(belt).says(belt).broken == []


def test_a_belt_at_rest_and_one_that_nobody_armed_run_no_way() -> None:
    assert Scene().says(FORWARD, 0.0).broken == []
    assert Scene(armed=False).says(FORWARD).broken == []
