"""A strap beside the treadmill: its readings reach the supervisor, its ceiling the replay, and its rate the screen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from retrotread.devices.heart.strap import StrapReading
from retrotread.guardian.messages import Armed, HeartShown, HoldDone, Intent, Pause, Stepped
from retrotread.guardian.showing import Strapped
from retrotread.safety.hazards import Hazard
from retrotread.safety.heart import HeartCeiling
from retrotread.safety.inputs import HeartSeen
from retrotread.safety.modes import Mode


def beat(bench: Any, bpm: int | None, contact: bool | None = True, rr_s: tuple[float, ...] | None = None) -> None:
    """A reading; without other ones its intervals are new ones."""
    beats = (0.5 + bench.now_s % 1 / 10 + bench.now_s / 10_000,) if rr_s is None else rr_s
    bench.take(bench.core.heart(StrapReading(bench.now_s, bpm, contact, beats), bench.now_s))


def pass_with(bench: Any, bpm: int, seconds: int) -> None:
    """So many seconds with a reading in each."""
    for _ in range(seconds):
        beat(bench, bpm)
        bench.pass_s(1.0)


def running(bench: Any, ceiling: HeartCeiling | None) -> None:
    pass_with(bench, 120, 3)
    bench.arm(heart=ceiling)
    bench.say(HoldDone(bench.core.epoch, bench.now_s + 0.3))
    pass_with(bench, 120, 11)
    assert bench.is_in(Mode.RUN)


def test_a_reading_is_an_input_that_the_journal_keeps(bench: Any) -> None:
    outcome = bench.core.heart(StrapReading(bench.now_s, 120, None, ()), bench.now_s)
    (stepped,) = [one for one in outcome.messages if isinstance(one, Stepped)]
    assert stepped.inputs == (HeartSeen(120, None, beats=False),)
    outcome = bench.core.heart(StrapReading(bench.now_s, 120, True, (0.5,)), bench.now_s)
    (stepped,) = [one for one in outcome.messages if isinstance(one, Stepped)]
    assert stepped.inputs == (HeartSeen(120, True, beats=True),)


@pytest.mark.parametrize("rr_s", [(), (0.0,)])
def test_a_frame_without_a_real_interval_holds_no_beat(bench: Any, rr_s: tuple[float, ...]) -> None:
    beat(bench, 120)
    beat(bench, 120, rr_s=rr_s)
    beat(bench, 120, rr_s=rr_s)
    bench.pass_s(6.0)
    beat(bench, 120, rr_s=rr_s)
    assert bench.core.state.heart.missing


def test_intervals_worked_out_from_the_rate_are_intervals_all_the_same(bench: Any) -> None:
    for _ in range(30):
        beat(bench, 120, rr_s=(0.5, 0.5))
        bench.pass_s(1.0)
    assert not bench.core.state.heart.missing


def test_without_a_strap_and_a_ceiling_there_is_no_heart_on_the_screen(bench: Any) -> None:
    assert bench.snapshot.heart is None


def test_the_screen_sees_the_rate_its_age_and_its_ceiling(bench: Any) -> None:
    running(bench, HeartCeiling(150))
    bench.pass_s(1.0)
    shown = bench.snapshot.heart
    assert (shown.bpm, shown.contact, shown.ceiling_bpm, shown.trouble) == (120, True, 150, None)
    assert 1.9 <= shown.age_s <= 2.1


def test_the_screen_sees_the_ceiling_of_the_block_while_it_is_the_lower_one(bench: Any) -> None:
    running(bench, HeartCeiling(150))
    for seq, (asked, shown) in enumerate(((130, 130), (170, 150), (None, 150)), 1):
        bench.say(Intent(bench.core.epoch, seq, bench.now_s + 0.3, 1.0, 0.0, asked))
        bench.pass_s(0.5)
        assert bench.snapshot.heart.ceiling_bpm == shown


@pytest.mark.parametrize("bpm", [59, 231, -1, 10**9])
def test_a_wish_with_a_ceiling_that_is_none_is_no_wish(bench: Any, bpm: int) -> None:
    running(bench, HeartCeiling(150))
    before = bench.core.state.wanted
    bench.say(Intent(bench.core.epoch, 1, bench.now_s + 0.3, 1.7, 0.0, bpm))
    assert bench.core.state.wanted == before
    bench.say(Intent(bench.core.epoch, 1, bench.now_s + 0.3, 1.7, 0.0, 130))
    assert (bench.core.state.wanted.speed_ckph, bench.core.state.wanted.heart_bpm) == (170, 130)


def test_before_the_first_good_reading_there_is_no_rate_but_there_is_a_strap(bench: Any) -> None:
    bench.core.strapped(Strapped(trouble="no strap of this name is heard"))
    assert bench.snapshot.heart == HeartShown(None, None, None, None, "no strap of this name is heard")
    beat(bench, 0, contact=False)
    assert bench.snapshot.heart == HeartShown(None, None, False, None)


def test_a_heart_above_its_ceiling_stops_the_belt(bench: Any) -> None:
    running(bench, HeartCeiling(150))
    pass_with(bench, 145, 4)
    pass_with(bench, 165, 20)
    assert bench.snapshot.causes[0].hazard is Hazard.HEART_OVER


def test_the_ceiling_is_in_what_a_replay_needs(bench: Any) -> None:
    running(bench, HeartCeiling(150, required=True))
    (armed,) = [one for one in bench.messages if isinstance(one, Armed)]
    assert armed.heart == HeartCeiling(150, required=True)


def test_within_one_run_the_ceiling_only_comes_down(bench: Any) -> None:
    running(bench, HeartCeiling(150, required=True))
    bench.say(Pause(bench.core.epoch))
    pass_with(bench, 120, 10)
    assert bench.is_in(Mode.PAUSED)
    for asked in (HeartCeiling(170), None):
        bench.arm(heart=asked)
        assert bench.core.config.heart == HeartCeiling(150, required=True)
    bench.pass_s(31.0)
    bench.arm(heart=HeartCeiling(170), run_id="another")
    assert bench.core.config.heart == HeartCeiling(170)


@pytest.mark.parametrize(
    ("simulated", "belt_empty", "armed"), [(True, False, True), (False, True, True), (False, False, False)]
)
def test_a_simulated_strap_is_for_belts_with_nobody_on_them(
    bench_of: Any, profile: Any, simulated: bool, belt_empty: bool, armed: bool
) -> None:
    bench = bench_of(replace(profile, simulated=simulated))
    bench.core.strapped(Strapped(simulated=True))
    pass_with(bench, 120, 3)
    bench.arm(belt_empty=belt_empty, key_tested=True)
    assert bench.is_in(Mode.ARMED) is armed
    assert armed or "choose a real one" in bench.messages[-1].causes[0].message


def test_a_ceiling_without_a_strap_shows_that_there_is_no_rate(bench: Any) -> None:
    bench.pass_s(3.0)
    bench.arm(heart=HeartCeiling(150))
    assert bench.snapshot.heart == HeartShown(None, None, None, 150)
