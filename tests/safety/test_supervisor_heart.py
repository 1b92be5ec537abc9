"""A ceiling of the heart rate over a running belt (R11), and a strap that is lost on the way (R12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrotread.safety.hazards import Hazard
from retrotread.safety.heart import HeartCeiling
from retrotread.safety.inputs import ArmAsked, HeartSeen, HoldCompleted, PauseAsked, Wanted
from retrotread.safety.modes import Mode

if TYPE_CHECKING:
    from tests.safety.conftest import Bench, BenchMaker

CALM = HeartSeen(120, True, beats=True)


def rate(bpm: int) -> HeartSeen:
    return HeartSeen(bpm, True, beats=True)


def running(bench_for: BenchMaker, required: bool = False, speed_ckph: int = 300) -> Bench:
    """A belt at a speed, under a ceiling of 150 bpm, and a calm heart."""
    bench = bench_for(heart=HeartCeiling(150, required))
    bench.strap = CALM
    bench.run_at(speed_ckph)
    return bench


def test_below_the_ceiling_nothing_is_said(bench_for: BenchMaker) -> None:
    bench = running(bench_for)
    since_ms, bench.strap = bench.at_ms, rate(145)
    bench.run(30)
    assert bench.hazards_since(since_ms) == []


def test_near_the_ceiling_it_is_said_and_the_belt_goes_on(bench_for: BenchMaker) -> None:
    bench = running(bench_for)
    since_ms, bench.strap = bench.at_ms, rate(146)
    bench.run(30)
    assert bench.hazards_since(since_ms) == [Hazard.HEART_NEAR]
    assert bench.message(Hazard.HEART_NEAR) == "the heart rate is 146 bpm (ceiling 150 bpm)"
    assert bench.speeds_since(since_ms) == []


def test_ten_seconds_above_the_ceiling_take_one_step_off_and_the_plan_comes_back_below_it(
    bench_for: BenchMaker,
) -> None:
    bench = running(bench_for)
    since_ms, bench.strap = bench.at_ms, rate(149)
    bench.run(5)
    bench.strap = rate(151)
    bench.run(15)
    assert min(bench.speeds_since(since_ms)) == bench.state.drive.sent_ckph == 250
    assert "151 bpm, it was above its ceiling of 150 bpm for over 10.0 s: eased to 2.5 km/h" in bench.message(
        Hazard.HEART_HIGH
    )
    since_ms, bench.strap = bench.at_ms, rate(146)
    bench.run(20)
    assert bench.speeds_since(since_ms) == []
    bench.strap = rate(140)
    bench.run(20)
    assert bench.state.drive.sent_ckph == 300


def test_nothing_rises_while_the_belt_is_eased(bench_for: BenchMaker) -> None:
    bench = running(bench_for)
    bench.strap = rate(155)
    bench.run(20)
    since_ms = bench.at_ms
    bench.tick(Wanted(400, 50))
    bench.run(20)
    assert max(bench.speeds_since(since_ms)) < 250, "it goes on coming down"
    assert bench.state.drive.sent_dpct == 0


def test_a_minute_above_the_ceiling_stops_the_belt(bench_for: BenchMaker) -> None:
    bench = running(bench_for)
    since_ms, bench.strap = bench.at_ms, rate(155)
    bench.until(Mode.STOPPING, within_s=70)
    assert 62_000 <= bench.at_ms - since_ms <= 65_000, "three of five readings, and then a minute"
    assert bench.message(Hazard.HEART_OVER) == (
        "the heart rate is 155 bpm, and has been above its ceiling of 150 bpm for 60.0 s (limit 60.0 s)"
    )


def test_ten_beats_above_the_ceiling_stop_the_belt_after_ten_seconds(bench_for: BenchMaker) -> None:
    bench = running(bench_for)
    bench.strap = rate(145)
    bench.run(10)
    since_ms, bench.strap = bench.at_ms, rate(161)
    bench.until(Mode.STOPPING, within_s=20)
    assert 12_000 <= bench.at_ms - since_ms <= 15_000
    assert "10 bpm over its ceiling of 150 bpm for 10.0 s" in bench.message(Hazard.HEART_OVER)


def test_one_wild_reading_in_five_moves_nothing(bench_for: BenchMaker) -> None:
    bench = running(bench_for)
    since_ms = bench.at_ms
    for _ in range(20):
        bench.strap = rate(149)
        bench.run(4)
        bench.strap = rate(175)
        bench.run(1)
    assert set(bench.hazards_since(since_ms)) <= {Hazard.HEART_NEAR}


@pytest.mark.parametrize(
    "strap",
    [
        pytest.param(None, id="silent"),
        pytest.param(HeartSeen(0, True, beats=True), id="zero"),
        pytest.param(HeartSeen(255, None, beats=True), id="255"),
        pytest.param(HeartSeen(120, None), id="frozen"),
    ],
)
def test_a_lost_strap_freezes_rises_then_is_told_then_eases_to_the_floor(
    bench_for: BenchMaker, strap: HeartSeen | None
) -> None:
    bench = running(bench_for)
    bench.tick(Wanted(500, 0))
    bench.run(2)
    since_ms, bench.strap = bench.at_ms, strap
    bench.run(6.1)
    frozen_ckph, frozen_ms = bench.state.drive.sent_ckph, bench.at_ms
    assert bench.hazards_since(since_ms) == [Hazard.HEART_LATE]
    bench.run(5)
    assert Hazard.HEART_LOST in bench.hazards_since(frozen_ms)
    bench.run(48)
    assert bench.state.drive.sent_ckph == frozen_ckph
    bench.run(30)
    assert bench.hazards_since(frozen_ms) == [Hazard.HEART_LATE, Hazard.HEART_LOST, Hazard.HEART_GONE]
    assert bench.mode is Mode.RUN
    assert bench.state.drive.sent_ckph == 50
    assert bench.message(Hazard.HEART_LOST).endswith("the belt goes to its lowest speed after 60.0 s")


def test_a_strap_that_loses_the_skin_freezes_rises_at_once(bench_for: BenchMaker) -> None:
    bench = running(bench_for)
    since_ms = bench.at_ms
    bench.tick(HeartSeen(120, False, beats=True))
    assert bench.hazards_since(since_ms) == [Hazard.HEART_LATE]
    assert bench.message(Hazard.HEART_LATE) == "the strap has no contact to the skin, so nothing rises"


def test_a_plan_that_leans_on_the_strap_ends_with_it(bench_for: BenchMaker) -> None:
    bench = running(bench_for, required=True)
    since_ms, bench.strap = bench.at_ms, None
    bench.until(Mode.STOPPING, within_s=62)
    assert 59_000 <= bench.at_ms - since_ms <= 61_000
    assert Hazard.HEART_GONE not in bench.hazards_since(since_ms)
    assert bench.message(Hazard.HEART_LOST).endswith("the belt stops after 60.0 s")
    assert bench.message(Hazard.HEART_NEEDED).endswith("(limit 60.0 s)")


def test_a_strap_that_comes_back_ends_all_of_it(bench_for: BenchMaker) -> None:
    bench = running(bench_for)
    bench.strap = None
    bench.run(75)
    bench.strap = CALM
    bench.run(2)
    since_ms = bench.at_ms
    bench.run(30)
    assert bench.hazards_since(since_ms) == []
    assert bench.state.drive.sent_ckph == 300


def test_a_plan_that_leans_on_the_strap_is_not_armed_without_it(bench_for: BenchMaker) -> None:
    bench = bench_for(heart=HeartCeiling(150, required=True))
    bench.link()
    bench.tick(ArmAsked())
    assert bench.mode is Mode.IDLE
    assert "wet its electrodes" in bench.message(Hazard.ARM_REFUSED)
    bench.strap = CALM
    bench.run(2)
    bench.arm()


def test_a_strap_that_is_lost_in_the_countdown_calls_the_start_off(bench_for: BenchMaker) -> None:
    bench = bench_for(heart=HeartCeiling(150, required=True))
    bench.strap = CALM
    bench.link()
    bench.arm()
    bench.tick(HoldCompleted())
    bench.strap = None
    bench.run(8)
    assert bench.mode is Mode.IDLE
    assert "the strap is not heard" in bench.message(Hazard.START_NOT_POSSIBLE)


def test_without_a_ceiling_a_strap_is_only_shown(bench: Bench) -> None:
    bench.strap = rate(200)
    bench.run_at(300)
    since_ms = bench.at_ms
    bench.run(70)
    bench.strap = None
    bench.run(70)
    assert bench.hazards_since(since_ms) == []


def test_as_long_as_the_rate_stays_above_the_belt_goes_on_coming_down(bench_for: BenchMaker) -> None:
    bench = running(bench_for)
    since_ms, bench.strap = bench.at_ms, rate(155)
    bench.run(38)
    assert min(bench.speeds_since(since_ms)) == bench.state.drive.sent_ckph == 150, "13, 23 and 33 s after the first"


def test_a_block_with_a_lower_ceiling_is_held_to_it_and_the_next_one_to_that_of_the_person(
    bench_for: BenchMaker,
) -> None:
    bench = running(bench_for)
    bench.strap = rate(135)
    bench.run(20)
    since_ms = bench.at_ms
    bench.tick(Wanted(300, 0, heart_bpm=130))
    bench.run(12)
    assert Hazard.HEART_HIGH in bench.hazards_since(since_ms)
    assert "it was above its ceiling of 130 bpm" in bench.message(Hazard.HEART_HIGH)
    assert bench.state.drive.sent_ckph == 250
    since_ms = bench.at_ms
    bench.tick(Wanted(300, 0))
    bench.run(10)
    assert bench.state.drive.sent_ckph == 300
    assert Hazard.HEART_HIGH not in bench.hazards_since(since_ms + 1000)


def test_a_block_with_a_higher_ceiling_than_the_person_changes_nothing(bench_for: BenchMaker) -> None:
    bench = running(bench_for)
    bench.tick(Wanted(300, 0, heart_bpm=180))
    bench.strap = rate(155)
    bench.run(15)
    assert "it was above its ceiling of 150 bpm" in bench.message(Hazard.HEART_HIGH)


def test_the_ceiling_of_a_block_stops_the_belt_after_its_minute_too(bench_for: BenchMaker) -> None:
    bench = running(bench_for)
    bench.strap = rate(139)
    bench.run(10)
    since_ms = bench.at_ms
    bench.tick(Wanted(300, 0, heart_bpm=130))
    bench.until(Mode.STOPPING, within_s=62)
    assert 59_000 <= bench.at_ms - since_ms <= 61_000
    assert "above its ceiling of 130 bpm for 60.0 s" in bench.message(Hazard.HEART_OVER)


def test_a_strap_lost_in_a_block_is_a_strap_lost(bench_for: BenchMaker) -> None:
    bench = running(bench_for, required=True)
    bench.tick(Wanted(300, 0, heart_bpm=130))
    bench.strap = None
    bench.until(Mode.STOPPING, within_s=62)
    assert bench.message(Hazard.HEART_NEEDED).endswith("(limit 60.0 s)")


def test_a_low_rate_in_a_block_raises_nothing(bench_for: BenchMaker) -> None:
    bench = running(bench_for)
    bench.tick(Wanted(300, 0, heart_bpm=140))
    since_ms, bench.strap = bench.at_ms, rate(95)
    bench.run(60)
    assert bench.speeds_since(since_ms) == []


def test_without_a_ceiling_of_the_person_that_of_a_block_counts_for_nothing(bench: Bench) -> None:
    bench.strap = rate(140)
    bench.run_at(300)
    since_ms = bench.at_ms
    bench.tick(Wanted(300, 0, heart_bpm=120))
    bench.run(70)
    assert bench.hazards_since(since_ms) == []


def test_a_pause_begins_the_count_anew(bench_for: BenchMaker) -> None:
    bench = running(bench_for)
    bench.strap = rate(155)
    bench.run(40)
    assert bench.state.heart.over_ms > 30_000
    bench.tick(PauseAsked())
    bench.until(Mode.PAUSED, within_s=20)
    assert bench.state.heart.over_ms == 0
    assert bench.state.heart.eased_ckph is None


@pytest.mark.parametrize(
    ("same_run", "silent_s", "frozen"), [(True, 6, True), (False, 6, False), (False, 0, True), (False, 4, True)]
)
def test_another_run_may_have_a_strap_that_sends_no_beats(
    bench_for: BenchMaker, same_run: bool, silent_s: int, frozen: bool
) -> None:
    """Within one run it would be the same strap, taken off; and one that is heard until now is no other."""
    bench = bench_for(heart=HeartCeiling(150))
    bench.strap = CALM
    bench.link()
    bench.strap = None
    bench.run(silent_s)
    bench.strap = HeartSeen(120)
    bench.tick(ArmAsked(same_run=same_run))
    bench.run(8)
    assert bench.state.heart.missing is frozen
