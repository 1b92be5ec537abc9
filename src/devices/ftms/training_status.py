"""Training Status (2AD3): which part of a workout a machine believes to be in. FTMS 1.0, section 4.10."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from ..decoded import Anomaly, Decoded, Oddity
from ..fields import named
from .text import decode_text

TEXT_FOLLOWS = 0x01
TEXT_GOES_ON = 0x02
"""The text is longer than fits; reading the characteristic gives the whole."""
RESERVED = 0xFC


class Training(IntEnum):
    """Which part of a workout it is. Urevo counts on: 0x10 while the belt slows down to a pause, 0x11 paused."""

    OTHER = 0x00
    IDLE = 0x01
    WARMING_UP = 0x02
    LOW_INTENSITY_INTERVAL = 0x03
    HIGH_INTENSITY_INTERVAL = 0x04
    RECOVERY_INTERVAL = 0x05
    ISOMETRIC = 0x06
    HEART_RATE_CONTROL = 0x07
    FITNESS_TEST = 0x08
    SPEED_TOO_LOW = 0x09
    SPEED_TOO_HIGH = 0x0A
    COOL_DOWN = 0x0B
    WATT_CONTROL = 0x0C
    MANUAL = 0x0D
    PRE_WORKOUT = 0x0E
    POST_WORKOUT = 0x0F


@dataclass(frozen=True, slots=True)
class TrainingStatus:
    """``code``: a Training, a plain number where none has it, None in a frame that is too short.

    ``text``: what the machine wrote beside it, fit for a screen. ``text_goes_on``: and there is more of it to read.
    """

    code: int | None
    text: str | None = None
    text_goes_on: bool = False


def decode_training_status(payload: bytes) -> Decoded[TrainingStatus]:
    """One notification or the value of the characteristic, of any length."""
    if len(payload) < 2:
        where = "code" if payload else "flags"
        return Decoded(TrainingStatus(None), (Anomaly(Oddity.TRUNCATED, where, bytes(payload)),))
    flags, code = payload[0], payload[1]
    text = _text(payload[2:], bool(flags & TEXT_FOLLOWS))
    anomalies = [Anomaly(Oddity.RESERVED, "flags")] if flags & RESERVED else []
    if flags & TEXT_GOES_ON and not flags & TEXT_FOLLOWS:
        anomalies.append(Anomaly(Oddity.NO_TEXT, "flags"))
    training = named(Training, code)
    if not isinstance(training, Training):
        anomalies.append(Anomaly(Oddity.UNKNOWN_CODE, "code"))
    value = TrainingStatus(training, text.value, bool(flags & TEXT_GOES_ON))
    return Decoded(value, (*anomalies, *text.anomalies))


def _text(octets: bytes, promised: bool) -> Decoded[str | None]:
    if promised and not octets:
        return Decoded(None, (Anomaly(Oddity.NO_TEXT, "text"),))
    if promised:
        return decode_text(octets)
    return Decoded(None, (Anomaly(Oddity.TRAILING, "code", bytes(octets)),) if octets else ())


def encode_training_status(status: TrainingStatus) -> bytes:
    """The value of the characteristic. Raises ValueError without a code from 0 to 255."""
    if status.code is None or not 0 <= status.code <= 0xFF:
        raise ValueError(f"a training status has a code from 0 to 255, not {status.code!r}")
    flags = TEXT_FOLLOWS * (status.text is not None) | TEXT_GOES_ON * status.text_goes_on
    return bytes([flags, status.code]) + (status.text or "").encode()
