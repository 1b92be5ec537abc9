"""Heart-rate straps as they send: with and without contact, intervals and energy."""

from __future__ import annotations

import pytest

from retrotread.devices.decoded import Anomaly, Decoded, Oddity
from retrotread.devices.heart.codec import HeartRate, decode_heart_rate, encode_heart_rate


@pytest.mark.parametrize(
    ("frame", "measured"),
    [
        ("0048", HeartRate(72)),
        ("014800", HeartRate(72)),
        ("012c01", HeartRate(300)),
        ("0448", HeartRate(72, contact=False)),
        ("0648", HeartRate(72, contact=True)),
        ("0248", HeartRate(72)),  # contact without the feature: the strap cannot tell
        ("0000", HeartRate(None)),
        ("0848e803", HeartRate(72, energy_kj=1000)),
        ("104800040002", HeartRate(72, rr_s=(1.0, 0.5))),
        ("1e48ffff0004", HeartRate(72, True, (1.0,), 0xFFFF)),
    ],
)
def test_a_measurement_is_read(frame: str, measured: HeartRate) -> None:
    assert decode_heart_rate(bytes.fromhex(frame)) == Decoded(measured)


@pytest.mark.parametrize(
    "measured",
    [
        HeartRate(72),
        HeartRate(300, contact=True),
        HeartRate(None, contact=False),
        HeartRate(72, True, (1.0, 0.5), 12),
    ],
)
def test_a_measurement_goes_out_as_it_comes_in(measured: HeartRate) -> None:
    assert decode_heart_rate(encode_heart_rate(measured)) == Decoded(measured)


@pytest.mark.parametrize(
    ("frame", "measured", "anomaly"),
    [
        ("", HeartRate(None), Anomaly(Oddity.TRUNCATED, "flags")),
        ("10", HeartRate(None), Anomaly(Oddity.TRUNCATED, "bpm")),
        ("0148", HeartRate(None), Anomaly(Oddity.TRUNCATED, "bpm", b"\x48")),
        ("0848e8", HeartRate(72), Anomaly(Oddity.TRUNCATED, "energy_kj", b"\xe8")),
        ("1048000400", HeartRate(72, rr_s=(1.0,)), Anomaly(Oddity.TRUNCATED, "rr_s[1]", b"\x00")),
        ("00480004", HeartRate(72), Anomaly(Oddity.TRAILING, "the last field", b"\x00\x04")),
        ("e048", HeartRate(72), Anomaly(Oddity.RESERVED, "flags")),
    ],
)
def test_a_cut_or_padded_measurement_keeps_what_is_complete(frame: str, measured: HeartRate, anomaly: Anomaly) -> None:
    assert decode_heart_rate(bytes.fromhex(frame)) == Decoded(measured, (anomaly,))


def test_more_intervals_than_a_short_frame_holds_are_all_read() -> None:
    read = decode_heart_rate(b"\x10\x48" + b"\x00\x04" * 255)
    assert read == Decoded(HeartRate(72, rr_s=(1.0,) * 255))


@pytest.mark.parametrize("measured", [HeartRate(-1), HeartRate(65536), HeartRate(72, rr_s=(64.0,))])
def test_a_measurement_that_does_not_fit_is_not_written(measured: HeartRate) -> None:
    with pytest.raises(ValueError, match="outside what its field holds"):
        encode_heart_rate(measured)
