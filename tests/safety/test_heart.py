"""What a strap says, and which of it is believed."""

from __future__ import annotations

import pytest

from retrotread.safety.heart import NO_HEART, Heart, HeartCeiling, strap_needed, tightened
from retrotread.safety.inputs import HeartSeen

SECOND_MS = 1000


def heard(*readings: HeartSeen | int | None, heart: Heart = NO_HEART) -> Heart:
    """A heart that sends one of these a second; a number comes with its beats, None is a second of silence."""
    for one in readings:
        heart = heart.aged(SECOND_MS)
        if one is not None:
            heart = heart.seen(HeartSeen(one, beats=True) if isinstance(one, int) else one)
    return heart


def test_the_rate_is_the_middle_one_of_five() -> None:
    assert heard(100, 101, 102, 103).median_bpm is None
    assert heard(100, 104, 101, 103, 102).median_bpm == 102
    assert heard(100, 100, 100, 100, 100, 120, 120, 120).median_bpm == 120


@pytest.mark.parametrize("bpm", [None, 0, 29, 241, 255, 65_535])
def test_a_rate_that_no_heart_has_is_missing(bpm: int | None) -> None:
    heart = heard(*[100] * 5, *[HeartSeen(bpm, beats=True)] * 6)
    assert heart.age_ms == 6 * SECOND_MS
    assert heart.missing
    assert heart.median_bpm is None


def test_a_rate_without_contact_is_missing_at_once_and_counts_again_with_it() -> None:
    heart = heard(*[100] * 5, HeartSeen(100, contact=False, beats=True))
    assert heart.missing
    assert heart.contact_off
    assert not heard(HeartSeen(100, contact=True, beats=True), heart=heart).missing


def test_a_jump_is_missing_until_it_has_lasted_for_over_two_seconds() -> None:
    heart = heard(*[100] * 5, 131, 131)
    assert heart.age_ms == 2 * SECOND_MS
    assert heard(131, heart=heart).age_ms == 0
    assert heard(*[100] * 5, 130).age_ms == 0


def test_a_strap_that_has_sent_beats_and_now_repeats_its_rate_without_any_is_frozen() -> None:
    frozen = HeartSeen(100)
    assert heard(*[100] * 5, *[frozen] * 5).missing is False
    assert heard(*[100] * 5, *[frozen] * 6).missing is True
    assert heard(*[100] * 5, *[frozen] * 60).age_ms == 60 * SECOND_MS


def test_a_frozen_strap_that_feels_a_heart_again_is_believed_again() -> None:
    heart = heard(*[100] * 5, *[HeartSeen(100)] * 30, 100)
    assert not heart.missing
    assert heart.recent == (100,)


def test_a_slow_heart_that_skips_a_reading_now_and_then_is_not_frozen() -> None:
    readings: list[HeartSeen | int] = [50, HeartSeen(50)]
    heart = heard(*readings * 20)
    assert not heart.missing


def test_a_strap_that_never_sends_beats_may_hold_its_rate_for_twenty_seconds() -> None:
    steady = HeartSeen(100)
    assert heard(*[steady] * 20).age_ms == 0
    assert heard(*[steady] * 40).missing
    assert not heard(*[steady] * 40, HeartSeen(101)).missing


@pytest.mark.parametrize(("silent_s", "frozen"), [(5, True), (6, False)])
def test_another_run_may_have_another_strap_where_there_was_a_silence_to_change_it_in(
    silent_s: int, frozen: bool
) -> None:
    heart = heard(*[100] * 5, *[None] * silent_s).anew()
    assert heard(*[HeartSeen(100)] * 8, heart=heart).missing is frozen


def test_nothing_of_a_strap_that_was_never_heard_grows() -> None:
    assert NO_HEART.aged(SECOND_MS) is NO_HEART
    assert heard(100, *[None] * 100) == heard(100, *[None] * 200)


CEILING = HeartCeiling(150)


def watched(heart: Heart, *medians: int) -> Heart:
    """A running belt at 3 km/h, with a median a second."""
    for bpm in medians:
        heart = heart.aged(SECOND_MS).seen(HeartSeen(bpm, beats=True)).watched(CEILING, 300, SECOND_MS)
    return heart


def test_ten_seconds_above_the_ceiling_ease_by_half_a_kilometre_an_hour_and_every_ten_more_by_another() -> None:
    heart = watched(heard(*[151] * 5), *[151] * 9)
    assert heart.eased_ckph is None
    assert [watched(heart, *[151] * seconds).eased_ckph for seconds in (1, 10, 11, 20, 21, 31)] == [
        250, 250, 200, 200, 150, 100,
    ]  # fmt: skip


def test_a_rate_that_comes_down_to_the_ceiling_is_given_ten_seconds_again() -> None:
    eased = watched(heard(*[151] * 5), *[151] * 16)
    assert eased.eased_ckph == 250
    assert watched(eased, *[150] * 5, *[151] * 11).eased_ckph == 250, "three of five readings, and then ten seconds"
    assert watched(eased, *[150] * 5, *[151] * 12).eased_ckph == 200


def test_a_belt_that_was_lowered_further_meanwhile_is_eased_from_there() -> None:
    eased = watched(heard(*[151] * 5), *[151] * 19)
    assert eased.watched(CEILING, 100, SECOND_MS).eased_ckph == 50
    assert eased.watched(CEILING, 0, SECOND_MS).eased_ckph == 0, "never below nothing"


def test_the_easing_ends_five_beats_below_the_ceiling() -> None:
    eased = watched(heard(*[151] * 5), *[151] * 10)
    assert watched(eased, *[146] * 10).eased_ckph == 250
    assert watched(eased, *[145] * 3).eased_ckph is None


def test_a_median_that_is_not_known_forgets_nothing() -> None:
    eased = watched(heard(*[151] * 5), *[151] * 15)
    gone = eased.aged(6 * SECOND_MS)
    assert gone.watched(HeartCeiling(150), 300, SECOND_MS).over_ms == eased.over_ms
    assert gone.watched(HeartCeiling(150), 300, SECOND_MS).eased_ckph == 250


def test_far_above_is_counted_by_itself_and_rest_ends_both() -> None:
    heart = watched(heard(*[161] * 5), *[161] * 9, 158)
    assert (heart.over_ms, heart.far_ms) == (10_000, 10_000)
    assert watched(heart, 158, 158).far_ms == 0
    assert heart.rested() == Heart(heart.recent, heart.age_ms, heart.last_bpm, heart.same_ms, beats=True)


def test_a_plan_that_leans_on_the_strap_needs_it_before_the_start() -> None:
    needed = HeartCeiling(150, required=True)
    assert strap_needed(None, NO_HEART) is None
    assert strap_needed(HeartCeiling(150), NO_HEART) is None
    assert "is not heard" in str(strap_needed(needed, NO_HEART))
    assert "no contact" in str(strap_needed(needed, heard(100, HeartSeen(100, contact=False))))
    assert strap_needed(needed, heard(100)) is None


def test_within_one_run_a_ceiling_only_comes_down_and_never_goes_away() -> None:
    low, high, needed = HeartCeiling(140), HeartCeiling(160), HeartCeiling(150, required=True)
    assert tightened(None, high) == tightened(high, None) == high
    assert tightened(low, high) == tightened(high, low) == low
    assert tightened(low, needed) == HeartCeiling(140, required=True)


@pytest.mark.parametrize("bpm", [59, 231])
def test_a_ceiling_that_is_none_is_refused(bpm: int) -> None:
    with pytest.raises(ValueError, match="from 60 to 230"):
        HeartCeiling(bpm)
