"""Device Information (180A): who made a machine, which one it is, and what runs on it. DIS 1.1, section 3."""

from __future__ import annotations

from ..decoded import Anomaly, Decoded, Oddity
from .text import decode_text

SYSTEM_ID_OCTETS = 8

decode_information = decode_text
"""Manufacturer, model, serial number, and the revisions of hardware, firmware and software: all of them text."""


def decode_system_id(payload: bytes) -> Decoded[str | None]:
    """The number of the system (2A23), in hexadecimal, last octet first; machines put six octets or a text there."""
    shown = bytes(reversed(payload)).hex() or None
    if len(payload) == SYSTEM_ID_OCTETS:
        return Decoded(shown)
    what = Oddity.TRUNCATED if len(payload) < SYSTEM_ID_OCTETS else Oddity.TRAILING
    return Decoded(shown, (Anomaly(what, "the eighth octet"),))
