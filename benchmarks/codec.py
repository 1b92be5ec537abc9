"""Decoding reports of a treadmill: microseconds a frame, and what another library takes where it is installed."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from retrotread.devices.ftms.codec import TreadmillData, decode_treadmill_data, encode_treadmill_data

from .figures import Figure

FRAMES = 2000
"""Decoded in a row for one value: tens of milliseconds, long against the clock's own steps."""
VALUES = 25
WHOLE = TreadmillData(
    speed_kph=8.13,
    average_speed_kph=7.5,
    distance_m=66051,
    incline_percent=1.5,
    ramp_angle_degrees=2.5,
    climb_m=12.3,
    descent_m=4.5,
    pace_raw=100,
    average_pace_raw=120,
    energy_kcal=500,
    energy_per_hour_kcal=600,
    energy_per_minute_kcal=10,
    heart_rate_bpm=150,
    metabolic_equivalent=8.5,
    elapsed_s=3600,
    remaining_s=600,
    belt_force_n=20,
    power_w=250,
    steps=70000,
)
FULL = encode_treadmill_data(WHOLE)
"""Every field that a treadmill can report, its paces in two octets."""
COMMON = bytes.fromhex("8425e1000000000100000000002100020000")
"""A report of a Urevo E1L: six fields."""
SHARED = encode_treadmill_data(WHOLE, pace_bytes=1)
"""The same fields in the layout that both libraries understand."""


def measure() -> list[Figure]:
    """Processor time, so that a busy neighbour counts less."""
    return [
        _figure("codec: a full report of a treadmill (39 octets, 19 fields)", FULL, "at most 25"),
        _figure("codec: a common report (18 octets, 6 fields)", COMMON, "none"),
        _ratio(),
    ]


def _figure(name: str, frame: bytes, aim: str) -> Figure:
    return Figure(name, _microseconds(lambda: decode_treadmill_data(frame)), "us", aim)


def _ratio() -> Figure:
    """How many times as long pyftms takes for a full report, for its reading alone."""
    name = "codec: a full report, time of pyftms to time of ours"
    if find_spec("pyftms") is None:
        return Figure(name, (), "times", "pyftms is not installed (it needs Python 3.12 or 3.13)")
    models, serializer = import_module("pyftms.models"), import_module("pyftms.serializer")
    reader = serializer.get_serializer(models.TreadmillData)
    theirs = _microseconds(lambda: reader.deserialize(SHARED))
    ours = _microseconds(lambda: decode_treadmill_data(SHARED))
    return Figure(name, tuple(one / other for one, other in zip(theirs, ours, strict=True)), "times", "none")


def _microseconds(work: Callable[[], object]) -> tuple[float, ...]:
    """What one call takes, as the mean of many; the first round only warms up."""
    values = []
    for _ in range(VALUES + 1):
        began_s = time.process_time()
        for _ in range(FRAMES):
            work()
        values.append((time.process_time() - began_s) / FRAMES * 1e6)
    return tuple(values[1:])
