"""What the guardian says to the standby, and what the standby says to main."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ...devices.sheet import Sheet

# --- from the guardian --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Holding:
    """The guardian reaches for this machine; ``sheet``: what is known of it beforehand."""

    address: str
    sheet: Sheet | None


@dataclass(frozen=True, slots=True)
class Belt:
    """Whether the belt may move by our doing; ``stop_sent``: a stop has gone to it already, for this motion."""

    may_move: bool
    stop_sent: bool


@dataclass(frozen=True, slots=True)
class Released:
    """The guardian ends as it should. Nothing remains to be done, even where its link has just been let go."""


ToStandby = Holding | Belt | Released

# --- to main ------------------------------------------------------------------------------------------------


class Stage(StrEnum):
    """How far the standby is."""

    READY = "ready"
    TAKES_OVER = "takes over"
    NO_LINE = "no line"
    STOP_SENT = "stop sent"
    SILENT = "silent"
    REPORTED = "reported"
    STILL = "still"
    GIVES_UP = "gives up"


@dataclass(frozen=True, slots=True)
class Told:
    """One piece of news; ``speed_kph``: what the machine reported last, None before. ``message`` is a sentence."""

    at_s: float
    stage: Stage
    speed_kph: float | None
    message: str
