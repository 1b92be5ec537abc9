"""The person who uses this computer's treadmill, as far as a session has to know them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum


class BackwardExperience(Enum):
    """How much backward treadmill training somebody has behind them; decides the highest tier on offer."""

    NONE = "none"
    WALKS = "walks backward"
    RUNS = "runs backward"


class Health(Enum):
    """What came of the questions of who may begin."""

    NOT_ASKED = "not asked"
    NOTHING = "nothing"
    ASK_FIRST = "ask first"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Remote:
    """A presenter remote in the hand: a keyboard with few keys, by Textual's names of them.

    ``next_key`` confirms and starts at standstill. ``fine_key`` is the one key of it that does not stop a moving belt
    but says "I'm fine"; None where the person named none. ``device`` is the path that goes away with its receiver.
    """

    next_key: str = "pagedown"
    fine_key: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Strap:
    """A heart-rate strap: its address, as of a treadmill's.

    ``ceiling_bpm`` is not to be passed; None: the rate is only shown. ``required``: without the strap there is no run.
    """

    address: str
    ceiling_bpm: int | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Who it is. ``backward_max_kph`` is their own best backward speed, measured or stated; None: not known.

    ``strap`` is the one that they wear, None for none. ``call`` is a command of theirs (program and arguments) that
    calls somebody when they do not answer. ``health``: whether a doctor or a therapist has to be asked first.
    ``held``: what happened, in an earlier run or since, that they have to be asked about, in words; None: nothing did.
    ``ill``: since which day they are ill, as they say; None: they are not.
    """

    name: str
    adult: bool
    experience: BackwardExperience = BackwardExperience.NONE
    backward_max_kph: float | None = None
    remote: Remote | None = None
    call: tuple[str, ...] = ()
    strap: Strap | None = None
    health: Health = Health.NOT_ASKED
    held: str | None = None
    ill: date | None = None
