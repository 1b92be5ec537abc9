"""From what a simulated treadmill reports to frames of Treadmill Data, in the shape of the machine that it plays."""

from __future__ import annotations

from dataclasses import replace

from ...machine import Telemetry
from ..ftms.codec import TreadmillData, encode_treadmill_data
from .shape import FRAME_BYTES, Shape

KCAL_PER_KM = 60
"""About a kilocalorie for each kilogram and kilometre of a light person: for a field that has to hold something."""

_LATER = (
    "heart_rate_bpm",
    "metabolic_equivalent",
    "elapsed_s",
    "remaining_s",
    "belt_force_n",
    "power_w",
    "steps",
)
"""What a split record keeps for its last frame, as a Matrix TouchXL does."""


def frames(report: Telemetry, shape: Shape) -> tuple[bytes, ...]:
    """The notifications of one record, in order."""
    data = _fields(report, shape)
    parts = _split(data) if shape.split else (data,)
    return tuple(_shaped(encode_treadmill_data(part, shape.pace_bytes or 2), shape) for part in parts)


def _fields(report: Telemetry, shape: Shape) -> TreadmillData:
    speed_kph = report.speed_kph or 0.0
    incline_percent = report.incline_percent if shape.incline_told else None
    data = TreadmillData(
        speed_kph=speed_kph,
        distance_m=int(report.distance_m or 0),
        incline_percent=incline_percent,
        ramp_angle_degrees=0.0 if incline_percent is not None and not shape.sentinels else None,
        elapsed_s=int(report.machine_time_s or 0),
        heart_rate_bpm=report.heart_rate_bpm,
        pace_raw=None if shape.pace_bytes is None else _pace(speed_kph, shape.pace_bytes),
        steps=int(report.distance_m or 0) * 2 if shape.steps else None,
    )
    return _with_everything(data, shape) if shape.full else data


def _with_everything(data: TreadmillData, shape: Shape) -> TreadmillData:
    distance_m, elapsed_s = data.distance_m or 0, data.elapsed_s or 0
    energy_kcal = distance_m * KCAL_PER_KM // 1000
    return replace(
        data,
        average_speed_kph=round(distance_m / elapsed_s * 3.6, 2) if elapsed_s else 0.0,
        climb_m=0.0,
        descent_m=None if shape.sentinels else 0.0,
        energy_kcal=energy_kcal,
        energy_per_hour_kcal=None if shape.sentinels else 0,
        energy_per_minute_kcal=None if shape.sentinels else 0,
        metabolic_equivalent=1.0,
        remaining_s=0,
        belt_force_n=None if shape.sentinels else 0,
        power_w=0,
    )


def _pace(speed_kph: float, pace_bytes: int) -> int:
    """One octet: tenths of a km/min. Two: seconds for 500 m, 0 for a still belt."""
    if pace_bytes == 1:
        return round(speed_kph / 60 * 10)
    return round(1800 / speed_kph) if speed_kph > 0.03 else 0  # 1,800 s for 500 m is 1 km/h; two octets end at 0.03


def _split(data: TreadmillData) -> tuple[TreadmillData, TreadmillData]:
    """The record ends with the frame that has the speed."""
    later = {name: getattr(data, name) for name in _LATER}
    first = replace(data, more_data=True, speed_kph=None, **dict.fromkeys(later))
    return first, TreadmillData(speed_kph=data.speed_kph, **later)


def _shaped(frame: bytes, shape: Shape) -> bytes:
    if shape.padded:
        frame += bytes(2)
    return frame[:FRAME_BYTES] if shape.cut else frame
