"""Every frame of ``vectors.json`` read back: real machines' first, then those of other projects' tests.

The file speaks of quantities in the words of its sources. The functions below say what this codec read in the same
words, so that the two are compared whole; where the codec differs on purpose, the file says so, and why.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from retrotread.devices.ftms.codec import (
    Anomaly,
    Assembler,
    Decoded,
    MachineEvent,
    MachineFeature,
    Oddity,
    OpCode,
    Range,
    RangeOf,
    Response,
    Result,
    StopOrPause,
    TargetFeature,
    Training,
    decode_features,
    decode_heart_rate,
    decode_information,
    decode_machine_status,
    decode_range,
    decode_request,
    decode_response,
    decode_rsc,
    decode_system_id,
    decode_training_status,
    decode_treadmill_data,
    encode_features,
    encode_heart_rate,
    encode_machine_status,
    encode_range,
    encode_request,
    encode_response,
    encode_rsc,
    encode_treadmill_data,
)

Words = dict[str, Any]
VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
FRAMES: list[Words] = VECTORS["frames"]
TREADMILL_WORDS = {
    "speed_kph": "speed_kmh",
    "average_speed_kph": "avg_speed_kmh",
    "distance_m": "distance_m",
    "incline_percent": "incline_pct",
    "ramp_angle_degrees": "ramp_deg",
    "climb_m": "elev_pos_m",
    "descent_m": "elev_neg_m",
    "pace_raw": "pace_raw",
    "average_pace_raw": "avg_pace_raw",
    "energy_kcal": "energy_kcal",
    "energy_per_hour_kcal": "energy_kcal_h",
    "energy_per_minute_kcal": "energy_kcal_min",
    "heart_rate_bpm": "hr_bpm",
    "metabolic_equivalent": "met",
    "elapsed_s": "elapsed_s",
    "remaining_s": "remaining_s",
    "belt_force_n": "force_n",
    "power_w": "power_w",
    "steps": "steps_vendor_bit13",
}
OPS = {
    OpCode.REQUEST_CONTROL: "request_control",
    OpCode.SET_TARGET_SPEED: "target_speed",
    OpCode.SET_TARGET_INCLINE: "target_incline",
    OpCode.START_OR_RESUME: "start_or_resume",
    OpCode.STOP_OR_PAUSE: "stop_or_pause",
}
EVENTS = {
    MachineEvent.STOPPED_OR_PAUSED_BY_USER: "stopped_or_paused_by_user",
    MachineEvent.STARTED_OR_RESUMED_BY_USER: "started_or_resumed_by_user",
    MachineEvent.TARGET_SPEED_CHANGED: "target_speed_changed",
    MachineEvent.CONTROL_LOST: "control_permission_lost",
}
TRAININGS = {
    Training.IDLE: "idle",
    Training.MANUAL: "manual_quick_start",
    Training.PRE_WORKOUT: "pre_workout",
    Training.POST_WORKOUT: "post_workout",
}
RESULTS = {
    Result.SUCCESS: "success",
    Result.NOT_SUPPORTED: "not_supported",
    Result.INVALID_PARAMETER: "invalid_parameter",
    Result.FAILED: "operation_failed",
    Result.CONTROL_NOT_PERMITTED: "control_not_permitted",
}
MEASURES = {
    MachineFeature.AVERAGE_SPEED: "avg_speed",
    MachineFeature.TOTAL_DISTANCE: "total_distance",
    MachineFeature.STEP_COUNT: "step_count",
    MachineFeature.ENERGY: "energy",
    MachineFeature.HEART_RATE: "heart_rate",
    MachineFeature.ELAPSED_TIME: "elapsed_time",
    MachineFeature.POWER: "power",
}
TARGETS = {TargetFeature.SPEED: "speed", TargetFeature.RESISTANCE: "resistance"}


def treadmill_words(frame: bytes) -> Words:
    read = decode_treadmill_data(frame)
    flags = int.from_bytes(frame[:2], "little")
    words: Words = {"flags": f"0x{flags:04x}", "more_data": read.value.more_data}
    words |= {theirs: getattr(read.value, ours) for ours, theirs in TREADMILL_WORDS.items()}
    for anomaly in read.anomalies:
        if anomaly.what is Oddity.TRUNCATED:
            words |= {"truncated_before": TREADMILL_WORDS[anomaly.where], "bytes_left_over": anomaly.octets.hex()}
        elif anomaly.what is Oddity.TRAILING:
            words["trailing_hex"] = anomaly.octets.hex()
    return words


def feature_words(frame: bytes) -> Words:
    read = decode_features(frame).value
    assert read.machine is not None
    assert read.target is not None
    return {"machine": [MEASURES[bit] for bit in read.machine], "target": [TARGETS[bit] for bit in read.target]}


def range_words(of: RangeOf) -> Callable[[bytes], Words]:
    def words(frame: bytes) -> Words:
        read = decode_range(frame, of).value
        return {"min": read.lowest, "max": read.highest, "increment": read.increment}

    return words


def training_words(frame: bytes) -> Words:
    read = decode_training_status(frame).value
    assert read.code is not None
    known = isinstance(read.code, Training)
    words = {
        "flags": frame[0],
        "string_flag": bool(frame[0] & 1),
        "code": int(read.code),
        "name": TRAININGS[Training(read.code)] if known else "RESERVED (vendor)",
    }
    return words | ({} if read.text is None else {"string": read.text})


def status_words(frame: bytes) -> Words:
    read = decode_machine_status(frame).value
    if not isinstance(read.event, MachineEvent):
        return {"status": f"0x{read.event:02x}"}
    words: Words = {"status": EVENTS[read.event]}
    if read.event is MachineEvent.TARGET_SPEED_CHANGED:
        words["speed_kmh"] = read.value
    if read.event is MachineEvent.STOPPED_OR_PAUSED_BY_USER and read.value is not None:
        words["param"] = {1: "stop", 2: "pause"}.get(int(read.value), int(read.value))
    return words


def control_words(frame: bytes) -> Words:
    return request_words(frame) if frame[0] in set(OpCode) else response_words(decode_response(frame))


def request_words(frame: bytes) -> Words:
    read = decode_request(frame).value
    assert isinstance(read.op, OpCode)
    words: Words = {"op": OPS[read.op]}
    quantity = {OpCode.SET_TARGET_SPEED: "speed_kmh", OpCode.SET_TARGET_INCLINE: "incline_pct"}.get(read.op)
    if quantity:
        words[quantity] = read.value
    if read.op is OpCode.STOP_OR_PAUSE and read.value is not None:
        words["param"] = StopOrPause(int(read.value)).name.lower()
    return words


def response_words(read: Decoded[Response]) -> Words:
    """In the words of both kinds of sources: the captures', and those of the specification's examples."""
    request, result, speeds = read.value.request, read.value.result, read.value.spin_down_kph
    if request is None or result is None:
        return {}
    reserved = Anomaly(Oddity.UNKNOWN_CODE, "result")
    parameter: Words = {"kind": "none"}
    if speeds:
        parameter = {"kind": "spin_down_speeds", "targetSpeedLowKph": speeds[0], "targetSpeedHighKph": speeds[1]}
    return {
        "response_to": OPS.get(OpCode(request)) if isinstance(request, OpCode) else None,
        "result": RESULTS[Result(result)] if isinstance(result, Result) else None,
        "requestOpCode": int(request),
        "resultCode": int(result),
        "resultCodeName": RESULTS[Result(result)] if isinstance(result, Result) else f"unknown_0x{result:02x}",
        "success": result == Result.SUCCESS,
        "parameter": parameter,
        "issues": ["reserved_value" if odd == reserved else str(odd) for odd in read.anomalies],
    }


def heart_words(frame: bytes) -> Words:
    read = decode_heart_rate(frame).value
    words = {
        "flags": f"0x{frame[0]:02x}",
        "u16": bool(frame[0] & 1),
        "contact_supported": read.contact is not None,
        "contact": read.contact,
        "bpm": read.bpm,
    }
    beats = {"rr_raw_1_1024s": [time * 1024 for time in read.rr_s], "rr_ms": [round(t * 1000, 1) for t in read.rr_s]}
    return words | (beats if read.rr_s else {})


def running_words(frame: bytes) -> Words:
    read = decode_rsc(frame).value
    assert read.speed_mps is not None
    assert read.speed_kph is not None
    assert read.stride_m is not None
    return {
        "flags": f"0x{frame[0]:02x}",
        "running": read.running,
        "speed_mps": round(read.speed_mps, 4),
        "speed_kmh": round(read.speed_kph, 2),
        "cadence": read.cadence_per_min,
        "stride_cm": read.stride_m * 100,
        "distance_m": read.distance_m,
    }


def text_words(frame: bytes) -> Words:
    return {"text": decode_information(frame).value}


def system_words(frame: bytes) -> Words:
    shown = decode_system_id(frame).value
    assert shown is not None
    assert bytes(reversed(bytes.fromhex(shown))) == frame
    return {}


WORDS: dict[str, Callable[[bytes], Words]] = {
    "2acd": treadmill_words,
    "2acc": feature_words,
    "2ad3": training_words,
    "2ad4": range_words(RangeOf.SPEED_KPH),
    "2ad5": range_words(RangeOf.INCLINE_PERCENT),
    "2ad9": control_words,
    "2ada": status_words,
    "2a23": system_words,
    **dict.fromkeys(("2a24", "2a25", "2a26", "2a27", "2a28", "2a29"), text_words),
    "2a37": heart_words,
    "2a53": running_words,
}


def expected(entry: Words) -> Words:
    """What the file expects, with the one octet that this codec reads another way."""
    words: Words = dict(entry["expected"])
    if "no heart rate" in entry.get("differs", ()):
        assert words["hr_bpm"] == 0
        words["hr_bpm"] = None
    return words


def name(entry: Words) -> str:
    return f"{entry['machine']} {entry['uuid']} {entry['hex']}".replace(" ", "-")


def those(wanted: Callable[[Words], bool]) -> list[Any]:
    return [pytest.param(entry, id=name(entry)) for entry in FRAMES if wanted(entry)]


def differs(entry: Words, *reasons: str) -> bool:
    return bool(set(reasons) & set(entry.get("differs", ())))


def test_the_file_is_whole_and_every_difference_in_it_has_its_reason() -> None:
    assert len(FRAMES) == 149
    assert all(entry["source"] and entry["machine"] and entry["kind"] for entry in FRAMES)
    assert {reason for entry in FRAMES for reason in entry.get("differs", ())} == set(VECTORS["differences"])


@pytest.mark.parametrize("entry", those(lambda entry: not differs(entry, "not FTMS", "malformed")))
def test_a_frame_is_read_as_its_source_says(entry: Words) -> None:
    frame = bytes.fromhex(entry["hex"])
    read = WORDS[entry["uuid"]](frame)
    for key, value in expected(entry).items():
        assert key in read, key
        assert read[key] == (pytest.approx(value, abs=1e-9) if isinstance(value, float) else value), key


@pytest.mark.parametrize("entry", those(lambda entry: entry["uuid"] == "2acd"))
def test_nothing_is_read_that_the_source_does_not_have(entry: Words) -> None:
    read = treadmill_words(bytes.fromhex(entry["hex"]))
    assert {key for key, value in read.items() if value is not None} <= set(expected(entry))


STATED: dict[str, Callable[[Any], Any]] = {
    "speedMps": lambda data: data.speed_kph / 3.6,
    "averageSpeedMps": lambda data: data.average_speed_kph / 3.6,
    "distanceMeters": lambda data: data.distance_m,
    "inclinationPercent": lambda data: data.incline_percent,
    "rampAngleDegrees": lambda data: data.ramp_angle_degrees,
    "positiveElevationGainMeters": lambda data: data.climb_m,
    "negativeElevationGainMeters": lambda data: data.descent_m,
    "instantaneousPaceSecondsPer500m": lambda data: data.pace_raw,
    "averagePaceSecondsPer500m": lambda data: data.average_pace_raw,
    "energyKcal": lambda data: data.energy_kcal,
    "energyPerHourKcal": lambda data: data.energy_per_hour_kcal,
    "energyPerMinuteKcal": lambda data: data.energy_per_minute_kcal,
    "hrBpm": lambda data: data.heart_rate_bpm,
    "metabolicEquivalent": lambda data: data.metabolic_equivalent,
    "elapsedTimeSeconds": lambda data: data.elapsed_s,
    "remainingTimeSeconds": lambda data: data.remaining_s,
    "forceOnBeltNewtons": lambda data: data.belt_force_n,
    "powerWatts": lambda data: data.power_w,
    "speed_kmh": lambda data: data.speed_kph,
    "avg_speed_kmh": lambda data: data.average_speed_kph,
    "distance_m": lambda data: data.distance_m,
    "energy_kcal": lambda data: data.energy_kcal,
    "energy_kcal_h": lambda data: data.energy_per_hour_kcal,
    "energy_kcal_min": lambda data: data.energy_per_minute_kcal,
    "hr_bpm": lambda data: data.heart_rate_bpm or 0,
    "elapsed_s": lambda data: data.elapsed_s,
    "remaining_s": lambda data: data.remaining_s,
    "power_w": lambda data: data.power_w,
    "steps": lambda data: data.steps,
}
"""What sources state of Treadmill Data in their own words; the issues that two of them expect are looked at below."""


@pytest.mark.parametrize("entry", those(lambda entry: entry["uuid"] == "2acd" and "stated_by_source" in entry))
def test_what_the_source_itself_states_of_a_report_is_what_is_read(entry: Words) -> None:
    data = decode_treadmill_data(bytes.fromhex(entry["hex"])).value
    for key, value in entry["stated_by_source"].items():
        if not key.startswith("expected"):
            assert STATED[key](data) == pytest.approx(value), key


@pytest.mark.parametrize("entry", those(lambda entry: differs(entry, "malformed")))
def test_an_answer_that_the_source_refuses_is_read_with_its_oddity_named(entry: Words) -> None:
    read = decode_response(bytes.fromhex(entry["hex"]))
    odd = {
        "8005": (Response(OpCode.SET_TARGET_POWER, None), {Oddity.TRUNCATED}),
        "810501": (Response(None, None), {Oddity.NOT_A_RESPONSE}),
        "801501": (Response(0x15, Result.SUCCESS), {Oddity.UNKNOWN_CODE}),
        "800501aa": (Response(OpCode.SET_TARGET_POWER, Result.SUCCESS), {Oddity.TRAILING}),
        "8013010203": (Response(OpCode.SPIN_DOWN, Result.SUCCESS, (7.7,)), {Oddity.TRUNCATED}),
    }
    assert (read.value, {anomaly.what for anomaly in read.anomalies}) == odd[entry["hex"]]


@pytest.mark.parametrize(
    ("frame", "oddities"),
    [
        ("8601", {Oddity.RESERVED, Oddity.NO_TEXT}),
        ("0010", {Oddity.UNKNOWN_CODE}),
        ("010d", {Oddity.NO_TEXT}),
        ("010d6d616e75616c", set()),
    ],
)
def test_what_is_odd_about_a_training_status_is_named(frame: str, oddities: set[Oddity]) -> None:
    assert {anomaly.what for anomaly in decode_training_status(bytes.fromhex(frame)).anomalies} == oddities


@pytest.mark.parametrize(
    ("frame", "oddities"),
    [
        ("220102", {Oddity.UNKNOWN_CODE}),
        ("0203", {Oddity.UNKNOWN_CODE}),
        ("040000", {Oddity.TRAILING}),
        ("020200", {Oddity.TRAILING}),
        ("ff", set()),
    ],
)
def test_what_is_odd_about_a_machine_status_is_named(frame: str, oddities: set[Oddity]) -> None:
    assert {anomaly.what for anomaly in decode_machine_status(bytes.fromhex(frame)).anomalies} == oddities


DECODERS: tuple[Callable[[bytes], Decoded[object]], ...] = (
    decode_features,
    decode_heart_rate,
    decode_information,
    decode_machine_status,
    decode_request,
    decode_response,
    decode_rsc,
    decode_training_status,
    decode_treadmill_data,
    lambda frame: decode_range(frame, RangeOf.SPEED_KPH),
)


@pytest.mark.parametrize("entry", those(lambda entry: differs(entry, "not FTMS")))
def test_a_maker_s_own_frame_on_a_wrong_characteristic_is_a_value_too_and_never_an_answer(entry: Words) -> None:
    frame = bytes.fromhex(entry["hex"])
    assert all(isinstance(decode(frame), Decoded) for decode in DECODERS)
    assert decode_response(frame).value == Response(None, None)


def test_the_two_frames_of_a_matrix_make_one_record() -> None:
    first, last = (entry for entry in FRAMES if entry.get("seq") == "touchxl")
    assembler = Assembler()
    assert assembler.take(bytes.fromhex(first["hex"])) is None
    record = assembler.take(bytes.fromhex(last["hex"]))
    assert record is not None
    words = {theirs: getattr(record.value, ours) for ours, theirs in TREADMILL_WORDS.items()}
    for part in (first, last):
        for key in part["expected"].keys() & words.keys():
            assert words[key] == expected(part)[key], key
    assert record.anomalies == ()


def written_again(entry: Words) -> bytes:
    """The frame made anew from what was read of it."""
    frame, uuid = bytes.fromhex(entry["hex"]), entry["uuid"]
    if uuid == "2acd":
        data = decode_treadmill_data(frame).value
        return encode_treadmill_data(data, flags=int.from_bytes(frame[:2], "little"))
    if uuid == "2acc":
        features = decode_features(frame).value
        return encode_features(features.machine or MachineFeature(0), features.target or TargetFeature(0))
    if uuid in ("2ad4", "2ad5"):
        of = RangeOf.SPEED_KPH if uuid == "2ad4" else RangeOf.INCLINE_PERCENT
        return encode_range(decode_range(frame, of).value, of)
    if uuid == "2ada":
        status = decode_machine_status(frame).value
        assert status.event is not None
        return encode_machine_status(MachineEvent(status.event), *status.values)
    if uuid == "2a37":
        return encode_heart_rate(decode_heart_rate(frame).value)
    if uuid == "2a53":
        return encode_rsc(decode_rsc(frame).value)
    if frame[0] == 0x80:
        answer = decode_response(frame).value
        return encode_response(answer.request or 0, answer.result or 0, answer.spin_down_kph)
    request = decode_request(frame).value
    assert request.op is not None
    return encode_request(OpCode(request.op), *request.values)


def can_be_written_again(entry: Words) -> bool:
    """The rest is cut, padded, swelled or text."""
    whole = not {"truncated_before", "trailing_hex", "error"} & entry["expected"].keys()
    padded_or_reserved = entry["hex"] in ("040000", "020200", "220102", "0203")
    return (
        whole
        and entry["uuid"] in WORDS
        and entry["uuid"][:3] != "2a2"
        and not (entry["uuid"] == "2ad3" or padded_or_reserved)
    )


@pytest.mark.parametrize("entry", those(can_be_written_again))
def test_a_whole_frame_is_written_again_octet_for_octet(entry: Words) -> None:
    assert written_again(entry).hex() == entry["hex"]


@pytest.mark.parametrize(
    ("frame", "oddities"),
    [
        ("8810e803ff7fff7fffffffffffff7fff7f", []),  # not available is as specified, and no oddity
        ("0020e803", [Oddity.TRUNCATED]),
        ("04085901d2040064000000000000000000000000", [Oddity.TRAILING]),
        ("9e1b000000000000000000ff7f0000ffff000000", [Oddity.TRUNCATED]),
        ("9f0061003600000000ff7f0000ffff05006e0002", []),
    ],
)
def test_what_is_odd_about_a_report_is_named(frame: str, oddities: list[Oddity]) -> None:
    assert [anomaly.what for anomaly in decode_treadmill_data(bytes.fromhex(frame)).anomalies] == oddities


def test_a_range_of_zeros_is_no_range_to_be_used() -> None:
    read = decode_range(bytes(6), RangeOf.INCLINE_PERCENT)
    assert read.value == Range(0.0, 0.0, 0.0)
    assert not read.value.sane
    assert read.odd(Oddity.NO_INCREMENT)
