"""FIT activities, read by Garmin's own decoder."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from garmin_fit_sdk import Decoder, Stream
from tests.records.exports.conftest import a_run, a_step, seconds

from retrotread.machine import BeltDirection, Facing
from retrotread.records.exports import fit as activity
from retrotread.records.exports.fit import fit
from retrotread.records.exports.fit_wire import Field, Kind, Message, crc16, fit_bytes
from retrotread.records.exports.told import Told
from retrotread.records.exports.track import Track, track_of
from retrotread.workouts.steps import StepKind


def decoded(content: bytes) -> dict[str, list[dict[Any, Any]]]:
    """Every message by its kind; any error of the decoder is one of the file."""
    assert Decoder(Stream.from_byte_array(bytearray(content))).check_integrity()
    messages, errors = Decoder(Stream.from_byte_array(bytearray(content))).read()
    assert errors == []
    return cast("dict[str, list[dict[Any, Any]]]", messages)


def test_garmin_reads_a_treadmill_run_with_the_same_distance_and_a_lap_for_each_step(two_steps: Told) -> None:
    found = decoded(fit(two_steps))
    (head,), (session,), (whole,) = found["file_id_mesgs"], found["session_mesgs"], found["activity_mesgs"]
    laps = found["lap_mesgs"]
    assert (head["type"], head["manufacturer"]) == ("activity", "development")
    assert (session["sport"], session["sub_sport"]) == ("running", "treadmill")
    assert (session["total_distance"], session["num_laps"], session["sport_profile_name"]) == (20.0, 2, "Two bouts")
    assert sum(lap["total_distance"] for lap in laps) == pytest.approx(20.0, abs=0.011)
    assert [lap["total_timer_time"] for lap in laps] == [13.0, 10.0]
    assert session["total_timer_time"] == whole["total_timer_time"] == 23.0
    assert [lap["intensity"] for lap in laps] == ["active", "cooldown"]
    assert [lap["developer_fields"][activity.PLAN_STEP] for lap in laps] == [1, 2]
    assert [kind["event_type"] for kind in found["event_mesgs"]] == ["start", "stop_all"]


def test_records_tell_speed_incline_heart_rate_and_where_they_are_on_the_way(two_steps: Told) -> None:
    records = decoded(fit(two_steps))["record_mesgs"]
    assert len(records) == 24
    first, last = records[0], records[-1]
    assert first["timestamp"] == datetime(2026, 3, 2, 9, 0, 20, tzinfo=UTC)
    assert (first["distance"], last["distance"]) == (0.0, 20.0)
    assert [one["enhanced_speed"] for one in (records[3], records[13])] == [0.278, 0.833]
    assert [one["grade"] for one in (records[3], records[13])] == [0.0, 2.5]
    assert records[3]["heart_rate"] == 101
    assert [one["distance"] for one in records] == sorted(one["distance"] for one in records)


def test_what_nobody_told_is_not_there_and_is_no_nought(two_steps: Told) -> None:
    found = decoded(fit(two_steps))
    assert "heart_rate" not in found["record_mesgs"][13]
    assert "avg_heart_rate" not in found["lap_mesgs"][1]
    assert not any("cadence" in name for one in found["record_mesgs"] for name in one if isinstance(name, str))
    silent = decoded(fit(a_run(seconds(0, 5, step=0, heart_bpm=90), (a_step(0),))))
    assert "total_distance" not in silent["session_mesgs"][0]
    assert not {"enhanced_speed", "distance", "grade"} & silent["record_mesgs"][0].keys()
    assert activity.EFFECTIVE_GRADE not in silent["record_mesgs"][0]["developer_fields"]


def test_the_decoder_knows_the_developer_fields_by_name_and_unit(two_steps: Told) -> None:
    found = decoded(fit(two_steps))
    named = {one["field_definition_number"]: (one["field_name"], one["units"]) for one in
             found["field_description_mesgs"]}  # fmt: skip
    assert named[activity.EFFECTIVE_GRADE] == ("effective_grade", "%")
    assert named[activity.GAIT] == ("gait_direction", "1 forward, -1 backward")
    own = found["record_mesgs"][13]["developer_fields"]
    assert (own[activity.BELT], own[activity.GAIT], own[activity.EFFECTIVE_GRADE]) == (1, -1, 2.5)


def test_a_reversed_belt_has_a_positive_distance_and_an_effective_grade_below_nought() -> None:
    told = a_run(seconds(0, 11, step=0, speed_ckph=360, incline_dpct=15), (a_step(0, belt=BeltDirection.REVERSED),))
    found = decoded(fit(told))
    record = found["record_mesgs"][5]
    assert (record["distance"], record["enhanced_speed"], record["grade"]) == (10.0, 1.0, 1.5)
    own = record["developer_fields"]
    assert (own[activity.BELT], own[activity.GAIT], own[activity.EFFECTIVE_GRADE]) == (-1, -1, -1.5)
    assert found["lap_mesgs"][0]["developer_fields"][activity.EFFECTIVE_GRADE] == -1.5


def test_after_a_turn_somebody_goes_forward() -> None:
    steps = (a_step(0), a_step(1, StepKind.TURN), replace(a_step(2), facing=Facing.CONSOLE))
    way = (*seconds(0, 4, step=0, speed_ckph=100), *seconds(4, 4, step=2, speed_ckph=100))
    laps = decoded(fit(a_run(way, steps)))["lap_mesgs"]
    assert [lap["developer_fields"][activity.GAIT] for lap in laps] == [-1, 1]
    assert [lap["developer_fields"][activity.PLAN_STEP] for lap in laps] == [1, 3]


def test_of_a_plan_that_is_not_known_any_more_no_direction_is_told() -> None:
    found = decoded(fit(a_run(seconds(0, 5, step=0, speed_ckph=100, incline_dpct=10))))
    assert "developer_fields" not in found["record_mesgs"][0]
    assert "developer_fields" not in found["lap_mesgs"][0]


def test_a_run_that_never_moved_is_a_file_all_the_same() -> None:
    found = decoded(fit(a_run((), distance_mm=0)))
    assert (len(found["lap_mesgs"]), len(found["record_mesgs"])) == (1, 1)
    assert found["session_mesgs"][0]["total_timer_time"] == 0.0


def test_a_cadence_is_written_as_strides(two_steps: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    def counted(told: Told) -> Track:
        track = track_of(told)
        laps = tuple(
            replace(lap, points=tuple(replace(one, cadence_spm=151) for one in lap.points)) for lap in track.laps
        )
        return replace(track, laps=laps)

    monkeypatch.setattr(activity, "track_of", counted)
    found = decoded(fit(two_steps))
    assert (found["record_mesgs"][0]["cadence"], found["record_mesgs"][0]["fractional_cadence"]) == (75, 0.5)
    assert found["lap_mesgs"][0]["avg_running_cadence"] == 75


def test_who_it_was_stands_in_it_by_name_or_by_pseudonym(two_steps: Told) -> None:
    assert decoded(fit(two_steps))["user_profile_mesgs"][0]["friendly_name"] == "P-7K3M2Q"
    named = decoded(fit(replace(two_steps, name="Ada Lovelace", treadmill="Home")))
    assert named["user_profile_mesgs"][0]["friendly_name"] == "Ada Lovelace"
    assert named["device_info_mesgs"][0]["product_name"] == "Home"


def test_a_long_or_strange_name_is_cut_between_letters() -> None:
    found = decoded(fit(a_run((), workout="ü\x00\x1b[2J" * 80)))
    name = found["session_mesgs"][0]["sport_profile_name"]
    assert len(name) <= activity.TEXT_MAX
    assert name.isprintable()


def test_the_check_sum_is_that_of_the_protocol() -> None:
    assert crc16(b"123456789") == 0xBB3D  # the check value of CRC-16/ARC


def test_a_number_that_its_field_does_not_hold_is_an_error_and_no_other_number() -> None:
    with pytest.raises(ValueError, match="message 20 of a FIT file does not hold"):
        fit_bytes([Message(20, (Field(3, Kind.UINT8, 256),))])
