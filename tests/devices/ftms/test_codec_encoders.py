"""Every raw number that a field can hold goes out and comes in; what lies between two of them is rounded, not cut."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import pytest

from retrotread.devices.fields import Field
from retrotread.devices.ftms import control_point, features, machine_status, parameters, running_speed, treadmill_data
from retrotread.devices.ftms.codec import (
    OpCode,
    RangeOf,
    TreadmillData,
    decode_request,
    decode_treadmill_data,
    encode_request,
    encode_treadmill_data,
)
from retrotread.devices.heart import codec as heart

FIELDS: list[Field] = [
    *treadmill_data.SPEED,
    *chain(*treadmill_data.GROUPS.values()),
    Field("pace_raw", treadmill_data.NARROW_PACE_BYTES),
    *chain(*control_point.PARAMETERS.values()),
    *chain(*machine_status.PARAMETERS.values()),
    *parameters.NARROW_RESISTANCE,
    *control_point.SPIN_DOWN_SPEEDS,
    *chain(*(of.row for of in RangeOf)),
    *features.WORDS,
    *running_speed.ALWAYS,
    running_speed.STRIDE,
    running_speed.DISTANCE,
    *heart.RATE,
    heart.ENERGY_FIELD,
    heart.INTERVAL,
]
"""Every field of the codec."""
SHAPES = {(one.size_bytes, one.per_unit, one.signed, one.absent): one for one in FIELDS}
"""One of every shape: fields that differ only in their names are written by the same lines."""
PRIME = 65_521
"""The step through ranges too wide to walk whole: odd, so that every octet takes every value."""


def raw_numbers(field: Field) -> Iterable[int]:
    """All of them in one or two octets; in three and four the ends and every 65,521st."""
    whole = field.raw_range
    if field.size_bytes <= 2:
        return whole
    return chain(whole[:300], whole[:: PRIME if field.size_bytes == 3 else PRIME * 256 + 1], whole[-300:])


def shape(field: Field) -> str:
    return f"{'s' if field.signed else 'u'}{8 * field.size_bytes}/{field.per_unit}-{field.name}"


@pytest.mark.parametrize("field", [pytest.param(field, id=shape(field)) for field in SHAPES.values()])
def test_every_raw_number_of_a_field_goes_out_as_it_came_in(field: Field) -> None:
    wrong = []
    for raw in raw_numbers(field):
        octets = raw.to_bytes(field.size_bytes, "little", signed=field.signed)
        value = field.read(octets)
        if (value is None) != (raw in field.absent) or (value is not None and field.write(value) != octets):
            wrong.append(raw)
    assert wrong == []


@pytest.mark.parametrize("field", [pytest.param(field, id=shape(field)) for field in SHAPES.values()])
def test_the_first_number_beyond_either_end_of_a_field_is_refused(field: Field) -> None:
    for raw in (field.raw_range[0] - 1, field.raw_range[-1] + 1):
        with pytest.raises(ValueError, match="outside what its field holds"):
            field.write(raw / field.per_unit)


@pytest.mark.parametrize("field", [pytest.param(one, id=shape(one)) for one in SHAPES.values() if one.absent])
def test_the_number_that_means_not_available_is_not_written_as_a_number(field: Field) -> None:
    for raw in field.absent:
        with pytest.raises(ValueError, match="means 'not available'"):
            field.write(raw / field.per_unit)
    assert field.read(field.write(None)) is None


def test_every_hundredth_of_a_km_h_is_asked_for_exactly() -> None:
    wrong = [raw for raw in range(0x10000) if encode_request(OpCode.SET_TARGET_SPEED, raw / 100)[1:] != two(raw)]
    assert wrong == []


def test_every_tenth_of_a_percent_is_asked_for_exactly() -> None:
    span = range(-0x8000, 0x8000)
    wrong = [raw for raw in span if encode_request(OpCode.SET_TARGET_INCLINE, raw / 10)[1:] != two(raw)]
    assert wrong == []


def two(raw: int) -> bytes:
    return (raw & 0xFFFF).to_bytes(2, "little")


@pytest.mark.parametrize(
    ("value", "raw"),
    [(8.2, 820), (2.3, 230), (0.29, 29), (1.005, 101), (1.004999, 100), (4.35, 435), (655.354, 65535), (5, 500)],
)
def test_a_speed_is_rounded_as_it_is_written_and_halves_go_up(value: float, raw: int) -> None:
    frame = encode_request(OpCode.SET_TARGET_SPEED, value)
    assert frame == bytes([2]) + two(raw)
    assert decode_request(frame).value.value == raw / 100
    report = encode_treadmill_data(TreadmillData(speed_kph=value))
    assert decode_treadmill_data(report).value.speed_kph == raw / 100


@pytest.mark.parametrize(("value", "raw"), [(-5.8, -58), (-5.85, -59), (5.85, 59), (-0.04, 0), (-0.05, -1), (0.05, 1)])
def test_an_incline_is_rounded_away_from_zero_on_both_sides(value: float, raw: int) -> None:
    assert encode_request(OpCode.SET_TARGET_INCLINE, value) == bytes([3]) + two(raw)
