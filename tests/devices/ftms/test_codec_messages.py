"""Requests, answers, status, features, ranges, adverts, text, running speed: as specified and as sent by machines."""

from __future__ import annotations

import math

import pytest

from retrotread.devices.ftms.codec import (
    Anomaly,
    Decoded,
    Features,
    MachineEvent,
    MachineFeature,
    MachineStatus,
    MachineType,
    Oddity,
    OpCode,
    Range,
    RangeOf,
    Request,
    Response,
    Result,
    RunningSpeed,
    ServiceData,
    StopOrPause,
    TargetFeature,
    Training,
    TrainingStatus,
    decode_features,
    decode_information,
    decode_machine_status,
    decode_range,
    decode_request,
    decode_response,
    decode_rsc,
    decode_service_data,
    decode_system_id,
    decode_training_status,
    encode_features,
    encode_machine_status,
    encode_range,
    encode_request,
    encode_response,
    encode_rsc,
    encode_service_data,
    encode_training_status,
    readable,
)
from retrotread.devices.ftms.control_point import PARAMETERS


def what(read: Decoded[object]) -> list[Oddity]:
    return [anomaly.what for anomaly in read.anomalies]


@pytest.mark.parametrize(
    ("frame", "op", "values"),
    [
        ("00", OpCode.REQUEST_CONTROL, ()),
        ("01", OpCode.RESET, ()),
        ("023403", OpCode.SET_TARGET_SPEED, (8.2,)),
        ("03c6ff", OpCode.SET_TARGET_INCLINE, (-5.8,)),
        ("07", OpCode.START_OR_RESUME, ()),
        ("0801", OpCode.STOP_OR_PAUSE, (StopOrPause.STOP,)),
        ("0802", OpCode.STOP_OR_PAUSE, (StopOrPause.PAUSE,)),
        ("0ce80300", OpCode.SET_TARGET_DISTANCE, (1000,)),
        ("0e3c007800", OpCode.SET_TIME_IN_TWO_ZONES, (60, 120)),
        ("1001000200030004000500", OpCode.SET_TIME_IN_FIVE_ZONES, (1, 2, 3, 4, 5)),
        ("11e8030cfe2833", OpCode.SET_BIKE_SIMULATION, (1.0, -5.0, 0.004, 0.51)),
        ("14b300", OpCode.SET_TARGET_CADENCE, (89.5,)),
    ],
)
def test_a_request_goes_out_and_comes_in(frame: str, op: OpCode, values: tuple[float, ...]) -> None:
    assert encode_request(op, *values).hex() == frame
    assert decode_request(bytes.fromhex(frame)) == Decoded(Request(op, values))


def test_every_request_of_the_specification_has_its_parameters() -> None:
    assert set(PARAMETERS) == set(OpCode)


def test_a_resistance_is_one_octet_or_two() -> None:
    assert decode_request(bytes.fromhex("0464")) == Decoded(Request(OpCode.SET_TARGET_RESISTANCE, (10.0,)))
    assert decode_request(bytes.fromhex("049cff")) == Decoded(Request(OpCode.SET_TARGET_RESISTANCE, (-10.0,)))


@pytest.mark.parametrize(
    ("op", "values", "sentence"),
    [
        (OpCode.SET_TARGET_SPEED, (), "carries speed_kph, not 0 numbers"),
        (OpCode.SET_TARGET_SPEED, (1.0, 2.0), "carries speed_kph, not 2 numbers"),
        (OpCode.START_OR_RESUME, (1.0,), "carries nothing, not 1 numbers"),
        (OpCode.SET_TARGET_SPEED, (math.nan,), "finite"),
        (OpCode.SET_TARGET_SPEED, (math.inf,), "finite"),
        (OpCode.SET_TARGET_SPEED, (-0.01,), "outside what its field holds, 0.0 to 655.35"),
        (OpCode.SET_TARGET_SPEED, (655.355,), "outside"),
        (OpCode.SET_TARGET_INCLINE, (3276.75,), "outside what its field holds, -3276.8 to 3276.7"),
        (OpCode.SET_TARGET_SPEED, (1e300,), "outside"),
        (OpCode.SET_TARGET_SPEED, (10**400,), "outside"),
        (OpCode.STOP_OR_PAUSE, (3,), "1 .stop. or 2 .pause."),
        (OpCode.STOP_OR_PAUSE, (1.5,), "1 .stop. or 2 .pause."),
    ],
)
def test_a_request_that_cannot_be_meant_is_not_written(op: OpCode, values: tuple[float, ...], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        encode_request(op, *values)


def test_a_request_that_is_cut_padded_or_unknown_is_still_named() -> None:
    assert decode_request(b"") == Decoded(Request(None), (Anomaly(Oddity.TRUNCATED, "op"),))
    assert decode_request(b"\x02\x34") == Decoded(
        Request(OpCode.SET_TARGET_SPEED), (Anomaly(Oddity.TRUNCATED, "speed_kph", b"\x34"),)
    )
    assert decode_request(b"\x07\x00") == Decoded(
        Request(OpCode.START_OR_RESUME), (Anomaly(Oddity.TRAILING, "the last field", b"\x00"),)
    )
    assert decode_request(b"\x0e\x3c\x00\x78").value == Request(OpCode.SET_TIME_IN_TWO_ZONES, (60,))
    assert decode_request(b"\x66\x01") == Decoded(
        Request(0x66), (Anomaly(Oddity.UNKNOWN_CODE, "its first octet", b"\x01"),)
    )


def test_an_answer_grants_the_request_it_names_and_no_other() -> None:
    answer = decode_response(bytes.fromhex("800301")).value
    assert answer == Response(OpCode.SET_TARGET_INCLINE, Result.SUCCESS)
    assert answer.grants(OpCode.SET_TARGET_INCLINE)
    assert not answer.grants(OpCode.SET_TARGET_SPEED)
    assert not decode_response(bytes.fromhex("800305")).value.grants(OpCode.SET_TARGET_INCLINE)


@pytest.mark.parametrize("frame", ["", "80", "8003", "7f0301", "0301", "030301"])
def test_what_is_no_whole_answer_grants_nothing(frame: str) -> None:
    read = decode_response(bytes.fromhex(frame))
    assert not any(read.value.grants(op) for op in OpCode)
    assert read.anomalies


def test_a_padded_answer_still_counts_and_says_that_it_is_padded() -> None:
    read = decode_response(bytes.fromhex("80020100000000"))
    assert read.value.grants(OpCode.SET_TARGET_SPEED)
    assert what(read) == [Oddity.TRAILING]


def test_answers_go_out_with_any_number_and_spin_down_alone_carries_speeds() -> None:
    assert encode_response(0x42, Result.NOT_SUPPORTED).hex() == "804202"
    assert encode_response(OpCode.SPIN_DOWN, Result.SUCCESS, (10.0, 50.0)).hex() == "801301e8038813"
    with pytest.raises(ValueError, match="256"):
        encode_response(0x100, Result.SUCCESS)
    with pytest.raises(ValueError, match="not 1 numbers"):
        encode_response(OpCode.SPIN_DOWN, Result.SUCCESS, (10.0,))


@pytest.mark.parametrize(
    ("frame", "event", "values"),
    [
        ("01", MachineEvent.RESET, ()),
        ("0201", MachineEvent.STOPPED_OR_PAUSED_BY_USER, (StopOrPause.STOP,)),
        ("03", MachineEvent.STOPPED_BY_SAFETY_KEY, ()),
        ("04", MachineEvent.STARTED_OR_RESUMED_BY_USER, ()),
        ("05e100", MachineEvent.TARGET_SPEED_CHANGED, (2.25,)),
        ("06f1ff", MachineEvent.TARGET_INCLINE_CHANGED, (-1.5,)),
        ("ff", MachineEvent.CONTROL_LOST, ()),
    ],
)
def test_an_event_goes_out_and_comes_in(frame: str, event: MachineEvent, values: tuple[float, ...]) -> None:
    assert encode_machine_status(event, *values).hex() == frame
    assert decode_machine_status(bytes.fromhex(frame)) == Decoded(MachineStatus(event, values))


@pytest.mark.parametrize("event", [MachineEvent.STOPPED_BY_SAFETY_KEY, MachineEvent.CONTROL_LOST])
def test_a_pulled_key_and_a_lost_control_are_known_whatever_stands_behind_them(event: MachineEvent) -> None:
    read = decode_machine_status(bytes([event]) + bytes(range(19)))
    assert read.value == MachineStatus(event)
    assert what(read) == [Oddity.TRAILING]


def test_an_event_whose_parameter_is_missing_is_still_that_event() -> None:
    read = decode_machine_status(b"\x02")
    assert read == Decoded(
        MachineStatus(MachineEvent.STOPPED_OR_PAUSED_BY_USER), (Anomaly(Oddity.TRUNCATED, "stop_or_pause"),)
    )
    assert read.value.value is None
    assert decode_machine_status(b"") == Decoded(MachineStatus(None), (Anomaly(Oddity.TRUNCATED, "event"),))


def test_features_are_told_apart_and_reserved_ones_are_dropped_by_name() -> None:
    claimed = MachineFeature.TOTAL_DISTANCE | MachineFeature.INCLINE, TargetFeature.SPEED | TargetFeature.INCLINE
    assert decode_features(encode_features(*claimed)) == Decoded(Features(*claimed))
    read = decode_features(bytes.fromhex("04000080010000f0"))
    assert read.value == Features(MachineFeature.TOTAL_DISTANCE, TargetFeature.SPEED)
    assert read.anomalies == (Anomaly(Oddity.RESERVED, "machine"), Anomaly(Oddity.RESERVED, "target"))


def test_half_of_the_features_is_better_than_none() -> None:
    assert decode_features(bytes.fromhex("0400000001")) == Decoded(
        Features(MachineFeature.TOTAL_DISTANCE, None), (Anomaly(Oddity.TRUNCATED, "target", b"\x01"),)
    )


def test_a_range_goes_out_and_comes_in() -> None:
    speed, incline = Range(0.8, 20.0, 0.1), Range(-3.0, 12.0, 0.5)
    assert decode_range(encode_range(speed, RangeOf.SPEED_KPH), RangeOf.SPEED_KPH) == Decoded(speed)
    assert decode_range(encode_range(incline, RangeOf.INCLINE_PERCENT), RangeOf.INCLINE_PERCENT) == Decoded(incline)
    assert decode_range(bytes([60, 200, 1]), RangeOf.HEART_RATE_BPM) == Decoded(Range(60, 200, 1))
    assert decode_range(bytes.fromhex("ceff58020500"), RangeOf.POWER_W) == Decoded(Range(-50, 600, 5))
    assert speed.sane


@pytest.mark.parametrize(
    ("frame", "oddities"),
    [
        ("d00750000a00", [Oddity.UPSIDE_DOWN]),
        ("5000d0070000", [Oddity.NO_INCREMENT]),
        ("d00750000000", [Oddity.UPSIDE_DOWN, Oddity.NO_INCREMENT]),
        ("5000d0", [Oddity.TRUNCATED]),
        ("", [Oddity.TRUNCATED]),
    ],
)
def test_a_range_that_makes_no_sense_is_told_and_is_not_to_be_used(frame: str, oddities: list[Oddity]) -> None:
    read = decode_range(bytes.fromhex(frame), RangeOf.SPEED_KPH)
    assert what(read) == oddities
    assert not read.value.sane


def test_a_range_with_a_missing_number_is_not_written() -> None:
    with pytest.raises(ValueError, match="highest has no number for 'not available'"):
        encode_range(Range(1.0, None, 0.1), RangeOf.SPEED_KPH)


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        ("0001", TrainingStatus(Training.IDLE)),
        ("010d6d616e75616c", TrainingStatus(Training.MANUAL, "manual")),
        ("030d6d616e", TrainingStatus(Training.MANUAL, "man", text_goes_on=True)),
    ],
)
def test_a_training_status_goes_out_and_comes_in(octets: str, status: TrainingStatus) -> None:
    assert encode_training_status(status).hex() == octets
    assert decode_training_status(bytes.fromhex(octets)) == Decoded(status)


def test_a_training_status_of_one_octet_has_no_code() -> None:
    assert decode_training_status(b"\x01") == Decoded(
        TrainingStatus(None), (Anomaly(Oddity.TRUNCATED, "code", b"\x01"),)
    )
    with pytest.raises(ValueError, match="a code from 0 to 255, not None"):
        encode_training_status(TrainingStatus(None))


def test_the_text_of_a_training_status_cannot_reach_the_terminal() -> None:
    read = decode_training_status(b"\x01\x0d\x1b[2Jgone")
    assert read.value.text == "\ufffd[2Jgone"
    assert what(read) == [Oddity.CONTROL_CHARACTERS]


def test_text_that_no_flag_promised_is_left_over() -> None:
    assert decode_training_status(b"\x00\x0dman") == Decoded(
        TrainingStatus(Training.MANUAL), (Anomaly(Oddity.TRAILING, "code", b"man"),)
    )


@pytest.mark.parametrize(
    ("octets", "shown", "oddities"),
    [
        (b"W2PRO\0", "W2PRO", []),
        (b"W2PRO\0\0\0\0", "W2PRO", []),
        (b"", None, []),
        (b"\0\0", None, []),
        (b"W2\0PRO", "W2", [Oddity.TRAILING]),
        (b"W\xffP", "W\ufffdP", [Oddity.NOT_UTF8]),
        (b"a\x1b]0;b\x07", "a\ufffd]0;b\ufffd", [Oddity.CONTROL_CHARACTERS]),
        ("a\u202eb\u2028c".encode(), "a\ufffdb\ufffdc", [Oddity.CONTROL_CHARACTERS]),
        ("Läufer 走".encode(), "Läufer 走", []),
    ],
)
def test_what_a_machine_calls_itself_is_fit_for_a_screen(
    octets: bytes, shown: str | None, oddities: list[Oddity]
) -> None:
    read = decode_information(octets)
    assert read.value == shown
    assert what(read) == oddities


def test_a_name_without_harm_stays_as_it_is() -> None:
    assert readable("HORIZON T7.8 – Läufer") == "HORIZON T7.8 – Läufer"
    assert readable("\x9b2J\x7f") == "\ufffd2J\ufffd"


def test_a_system_number_has_eight_octets_and_others_are_shown_too() -> None:
    assert decode_system_id(bytes(range(8))) == Decoded("0706050403020100")
    assert decode_system_id(b"\x01\x02") == Decoded("0201", (Anomaly(Oddity.TRUNCATED, "the eighth octet"),))
    assert what(decode_system_id(b"E8:31:CD:00:00:01")) == [Oddity.TRAILING]
    assert decode_system_id(b"").value is None


@pytest.mark.parametrize(
    ("octets", "data", "oddities"),
    [
        ("010100", ServiceData(True, MachineType.TREADMILL), []),
        ("000100", ServiceData(False, MachineType.TREADMILL), []),
        ("012100", ServiceData(True, MachineType.TREADMILL | MachineType.INDOOR_BIKE), []),
        ("0101", ServiceData(True, MachineType.TREADMILL), [Oddity.TRUNCATED]),
        ("010001", ServiceData(True, MachineType.TREADMILL), [Oddity.SWAPPED]),
        ("8101c0", ServiceData(True, MachineType.TREADMILL), [Oddity.RESERVED, Oddity.RESERVED]),
        ("010000", ServiceData(True, MachineType(0)), []),
        ("01", ServiceData(True, None), [Oddity.TRUNCATED]),
        ("", ServiceData(None, None), [Oddity.TRUNCATED]),
        ("0101000000", ServiceData(True, MachineType.TREADMILL), [Oddity.TRAILING]),
    ],
)
def test_what_an_advert_says_of_a_machine(octets: str, data: ServiceData, oddities: list[Oddity]) -> None:
    read = decode_service_data(bytes.fromhex(octets))
    assert read.value == data
    assert what(read) == oddities


def test_an_advert_goes_out_as_it_comes_in() -> None:
    octets = encode_service_data(True, MachineType.TREADMILL)
    assert octets.hex() == "010100"
    assert decode_service_data(octets) == Decoded(ServiceData(True, MachineType.TREADMILL))


def test_running_speed_goes_out_and_comes_in() -> None:
    data = RunningSpeed(True, 2.5, 160, 1.3, 255.0)
    octets = encode_rsc(data)
    assert octets.hex() == "078002a08200f6090000"
    assert decode_rsc(octets) == Decoded(data)
    assert data.speed_kph == 9.0
    assert decode_rsc(bytes.fromhex("0000")).value == RunningSpeed(running=False)
    assert decode_rsc(b"") == Decoded(RunningSpeed(), (Anomaly(Oddity.TRUNCATED, "flags"),))
    assert what(decode_rsc(bytes.fromhex("f8800250"))) == [Oddity.RESERVED]
