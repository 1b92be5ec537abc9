"""What a decoder hands back: always a value, and by name whatever was odd about the bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

Value_co = TypeVar("Value_co", covariant=True)


class Oddity(Enum):
    """What can be odd about a frame; the words are the middle of a sentence."""

    TRUNCATED = "ends before"
    TRAILING = "goes on after"
    RESERVED = "has reserved bits set in"
    UNKNOWN_CODE = "has an unknown code in"
    NOT_A_RESPONSE = "is no response: it has another code in"
    AMBIGUOUS_PACE = "fits no single width of"
    UPSIDE_DOWN = "has its lowest above its highest in"
    NO_INCREMENT = "has no increment in"
    SWAPPED = "has its two octets swapped in"
    NO_TEXT = "promises a text and has none in"
    NOT_UTF8 = "is not UTF-8 in"
    CONTROL_CHARACTERS = "has control characters in"
    HALF_RECORD = "never got the end of the record that began before"


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One oddity. ``where``: the field or part; ``octets``: the bytes that were not made use of, nothing else."""

    what: Oddity
    where: str
    octets: bytes = b""

    def __str__(self) -> str:
        """A sentence for a log: what, where, and the bytes."""
        rest = f" (octets {self.octets.hex()})" if self.octets else ""
        return f"the frame {self.what.value} {self.where}{rest}"


@dataclass(frozen=True, slots=True)
class Decoded(Generic[Value_co]):
    """A value in which absent is None, and what was odd on the way to it; no anomalies: the frame is as specified."""

    value: Value_co
    anomalies: tuple[Anomaly, ...] = ()

    def odd(self, what: Oddity) -> bool:
        """Whether this oddity is among them."""
        return any(one.what is what for one in self.anomalies)
