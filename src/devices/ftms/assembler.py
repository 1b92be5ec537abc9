"""Records of Treadmill Data that come in several frames, put together again (FTMS 1.0, section 4.9.1)."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from ..decoded import Anomaly, Decoded, Oddity
from .treadmill_data import TreadmillData, decode_treadmill_data

FRAMES_AT_MOST = 4
"""Frames of one record before its end is waited for no longer.

A record is 39 octets at most, and the smallest frame has room for 18 octets of fields beside its flags: three frames.
"""
FLAGS_OCTETS = 2
FIELDS = tuple(field.name for field in fields(TreadmillData) if field.name != "more_data")


class Assembler:
    """The half record of one connection. Make a new one for every connection: half a record dies with its link."""

    def __init__(self, pace_bytes: int | None = None) -> None:
        self._pace_bytes = pace_bytes
        self._half: Decoded[TreadmillData] | None = None
        self._frames = 0

    def take(self, payload: bytes) -> Decoded[TreadmillData] | None:
        """The record that this frame ends, or None while more of it is to come.

        A frame that repeats a field of the half record belongs to the next one: the end of the earlier was lost, so
        the earlier is dropped, and the anomaly HALF_RECORD of the next record says so. A frame too short for flags
        ends no record, and comes out as it is.
        """
        frame = decode_treadmill_data(payload, self._pace_bytes)
        if len(payload) < FLAGS_OCTETS:
            return frame
        self._half = self._joined(frame)
        self._frames += 1
        if frame.value.more_data:
            return None
        record, self._half, self._frames = self._half, None, 0
        return Decoded(replace(record.value, more_data=False), record.anomalies)

    def link_lost(self) -> None:
        """Forget half a record, as the specification asks."""
        self._half, self._frames = None, 0

    def _joined(self, frame: Decoded[TreadmillData]) -> Decoded[TreadmillData]:
        half = self._half
        if half is None:
            return frame
        new = _said(frame.value)
        if self._frames >= FRAMES_AT_MOST or new.keys() & _said(half.value).keys():
            self._frames = 0
            return Decoded(frame.value, (Anomaly(Oddity.HALF_RECORD, "this one"), *frame.anomalies))
        return Decoded(replace(half.value, **new), half.anomalies + frame.anomalies)


def _said(data: TreadmillData) -> dict[str, Any]:
    """The fields that a frame carried, by name."""
    return {name: value for name in FIELDS if (value := getattr(data, name)) is not None}
