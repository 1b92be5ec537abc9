"""A belt without its guardian: which stop goes when, and when nothing goes; on a clock that is a number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrotread.guardian.standby.takeover import Deed, Takeover
from retrotread.machine import Capabilities, DeviceProfile

PROFILE = DeviceProfile(
    "bench", Capabilities(50, 1600, 10), report_period_ms=500, stop_reaction_ms=500, stop_repeat_ok=True
)
TOGGLES = replace(PROFILE, stop_repeat_ok=False)
WATCHED = replace(PROFILE, silence_stops=True)


class Scene:
    """A takeover with a belt that reports twice a second; every deed is carried out as the process does it."""

    def __init__(self, profile: DeviceProfile, speed_kph: float | None = 3.0, stop_sent: bool = False) -> None:
        self.profile, self.speed_kph = profile, speed_kph
        self.takeover = Takeover(stop_sent, 0.0)
        self.now_s = 0.0
        self.deeds: list[tuple[float, Deed]] = []
        self.reachable = True
        self.hangs = False
        self.linked = False

    def pass_s(self, seconds: float) -> Scene:
        for _ in range(round(seconds / 0.05)):
            self.now_s = round(self.now_s + 0.05, 3)
            self._report()
            while (deed := self.takeover.due(self.now_s)) is not None and deed is not Deed.END:
                self.deeds.append((self.now_s, deed))
                self._do(deed)
        return self

    def _report(self) -> None:
        if self.linked and self.speed_kph is not None and round(self.now_s * 20) % 10 == 0:
            self.takeover.reported(self.speed_kph, self.now_s)

    def _do(self, deed: Deed) -> None:
        match deed:
            case Deed.REACH if self.reachable:
                self.linked = True
                self.takeover.linked(self.profile, self.now_s)
            case Deed.STOP:
                self.takeover.stop_left(self.now_s)
                self.takeover.stop_returned(self.hangs)
            case _:
                self.linked = False
                self.takeover.unlinked(self.now_s)

    def moments(self, deed: Deed) -> list[float]:
        return [at_s for at_s, one in self.deeds if one is deed]

    @property
    def ended(self) -> bool:
        return self.takeover.due(self.now_s) is Deed.END


def test_the_first_thing_over_a_line_is_a_stop() -> None:
    scene = Scene(PROFILE, speed_kph=None).pass_s(0.1)
    assert scene.deeds == [(0.05, Deed.REACH), (0.05, Deed.STOP)]


def test_a_stop_is_repeated_every_second_until_the_belt_stands() -> None:
    scene = Scene(PROFILE).pass_s(3.0)
    assert scene.moments(Deed.STOP) == pytest.approx([0.05, 1.05, 2.05], abs=0.06)
    scene.speed_kph = 0.0
    scene.pass_s(5.0)
    assert scene.takeover.still
    assert scene.moments(Deed.STOP)[-1] <= 5.2


def test_a_machine_that_answers_a_stop_late_is_given_its_time() -> None:
    scene = Scene(replace(PROFILE, stop_reaction_ms=3000)).pass_s(5.0)
    assert scene.moments(Deed.STOP) == [0.05, 3.05]


def test_a_belt_that_a_second_stop_may_start_gets_one_and_only_when_it_is_seen_to_move() -> None:
    scene = Scene(TOGGLES, speed_kph=0.0).pass_s(1.0)
    assert scene.moments(Deed.STOP) == []
    scene.speed_kph = 3.0
    scene.pass_s(10.0)
    assert scene.moments(Deed.STOP) == [1.5]


def test_a_belt_that_a_second_stop_may_start_gets_none_where_the_guardian_has_sent_one() -> None:
    assert Scene(TOGGLES, stop_sent=True).pass_s(10.0).moments(Deed.STOP) == []


def test_a_stop_of_the_guardian_s_does_not_keep_the_standby_from_one_that_does_no_harm() -> None:
    assert Scene(PROFILE, stop_sent=True).pass_s(0.5).moments(Deed.STOP) == [0.05]


def test_a_machine_that_silence_stops_is_stopped_left_in_silence_and_then_looked_at() -> None:
    scene = Scene(WATCHED).pass_s(0.1)
    assert scene.deeds == [(0.05, Deed.REACH), (0.05, Deed.STOP), (0.05, Deed.LET_GO)]
    scene.speed_kph = 0.0
    scene.pass_s(6.0)
    assert scene.moments(Deed.REACH) == [0.05, 3.05], "three seconds of silence"
    assert scene.moments(Deed.STOP) == [0.05], "it was seen to stand"
    assert scene.takeover.still


@pytest.mark.parametrize(("speed_kph", "again_s"), [(3.0, 3.5), (None, 4.05)], ids=["it moves", "it says nothing"])
def test_a_machine_that_silence_did_not_stop_is_stopped_and_left_in_silence_again(
    speed_kph: float | None, again_s: float
) -> None:
    scene = Scene(WATCHED, speed_kph).pass_s(5.0)
    assert scene.moments(Deed.STOP) == [0.05, again_s]
    assert scene.moments(Deed.LET_GO) == [0.05, again_s]


def test_a_stop_that_hangs_in_the_line_is_sent_over_a_new_one() -> None:
    scene = Scene(PROFILE)
    scene.hangs = True
    scene.pass_s(0.12)
    assert scene.deeds == [
        (0.05, Deed.REACH),
        (0.05, Deed.STOP),
        (0.05, Deed.LET_GO),
        (0.1, Deed.REACH),
        (0.1, Deed.STOP),
        (0.1, Deed.LET_GO),
    ]


def test_a_machine_out_of_reach_is_tried_at_once_again_and_then_twice_a_second_for_a_minute() -> None:
    scene = Scene(PROFILE)
    scene.reachable = False
    scene.pass_s(59.9)
    tries = scene.moments(Deed.REACH)
    assert len([one for one in tries if one < 1.0]) == 19, "its port may not be free yet"
    assert len([one for one in tries if one > 2.0]) == pytest.approx(116, abs=1)
    assert not scene.ended
    scene.pass_s(0.2)
    assert scene.ended
    assert not scene.takeover.still


def test_standstill_takes_three_zeros_over_two_seconds_without_a_gap() -> None:
    takeover = Takeover(False, 0.0)
    takeover.linked(PROFILE, 0.0)
    for at_s in (1.0, 2.0, 2.9):
        takeover.reported(0.0, at_s)
    assert not takeover.still, "1.9 s"
    takeover.reported(0.0, 4.0)
    takeover.reported(0.0, 4.9)
    assert not takeover.still, "there was a gap of 1.1 s"
    takeover.reported(0.0, 5.9)
    assert not takeover.still
    takeover.reported(0.0, 6.0)
    assert takeover.still


def test_two_reports_of_zero_are_no_standstill_however_far_apart_a_slow_machine_sends_them() -> None:
    takeover = Takeover(False, 0.0)
    takeover.linked(replace(PROFILE, report_period_ms=2000), 0.0)
    takeover.reported(0.0, 1.0)
    takeover.reported(0.0, 4.0)
    assert not takeover.still
    takeover.reported(0.0, 6.0)
    assert takeover.still


def test_a_belt_that_sets_itself_going_again_is_stopped_again_and_is_watched_for_eight_seconds() -> None:
    scene = Scene(PROFILE, speed_kph=0.0).pass_s(4.0)
    assert scene.takeover.still
    before = len(scene.moments(Deed.STOP))
    scene.speed_kph = 2.0
    scene.pass_s(1.0)
    assert len(scene.moments(Deed.STOP)) > before
    scene.speed_kph = 0.0
    scene.pass_s(10.0)
    assert scene.takeover.still
    assert not scene.ended
    scene.pass_s(1.0)
    assert scene.ended


def test_what_a_lost_line_reported_says_nothing_of_the_belt_now() -> None:
    scene = Scene(PROFILE, speed_kph=0.0).pass_s(4.0)
    scene.takeover.unlinked(scene.now_s)
    assert not scene.takeover.still
    assert scene.takeover.speed_kph is None
