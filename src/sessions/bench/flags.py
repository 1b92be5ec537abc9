"""Everything that can be done to the bench, each by one key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Group(Enum):
    """Where a flag belongs; the value is the heading over it."""

    MACHINE = "TREADMILL (it stays)"
    PROGRAM = "PROGRAM (again: off)"
    PERSON = "PERSON"


class Kind(Enum):
    """Whether it stays until it is taken back, or happens once."""

    SWITCH = "switch"
    DEED = "deed"


@dataclass(frozen=True, slots=True)
class Flag:
    """One key, and what it does. ``fault``: the name of the fault of the simulated treadmill."""

    key: str
    name: str
    group: Group
    kind: Kind = Kind.DEED
    fault: str | None = None


def _machine(key: str, name: str, fault: str) -> Flag:
    return Flag(key, name, Group.MACHINE, fault=fault)


def _switch(key: str, name: str, group: Group = Group.PROGRAM) -> Flag:
    return Flag(key, name, group, Kind.SWITCH)


FLAGS: tuple[Flag, ...] = (
    _machine("a", "reports cease", "silent"),
    _machine("b", "reports repeat", "frozen"),
    _machine("c", "one wild report", "spike"),
    _machine("d", "link is lost", "drop"),
    _machine("e", "link lost for 3 s", "drop-return"),
    _machine("f", "belt runs away", "runaway"),
    _machine("g", "stop is ignored", "ignore-stop"),
    _machine("h", "starts by itself", "self-start"),
    _machine("i", "commands hang", "stuck-write"),
    _machine("j", "other app: faster", "foreign-raise"),
    _machine("k", "other app: slower", "foreign-lower"),
    _machine("l", "other app: control", "foreign-takeover"),
    _machine("m", "answers come late", "late-answers"),
    _switch("1", "program is silent"),
    _switch("2", "screen stands still"),
    _switch("3", "keyboard not read"),
    _switch("4", "another window"),
    _switch("5", "screen is locked"),
    _switch("6", "remote is gone"),
    _switch("7", "journal is behind"),
    _switch("8", "warnings not heard"),
    _switch("9", "battery at 8 %"),
    _switch("0", "computer is to sleep"),
    _switch(".", "clicker is let go"),
    Flag("-", "it has slept 10 min", Group.PROGRAM),
    Flag("space", "STOP", Group.PERSON),
    Flag("p", "pause", Group.PERSON),
    Flag("s", "start again", Group.PERSON),
    Flag("r", "has read, key tested", Group.PERSON),
    Flag("u", "pulls the key", Group.PERSON),
    Flag("v", "puts it back", Group.PERSON),
    _switch("w", "answers no check", Group.PERSON),
    Flag("x", "feels dizzy", Group.PERSON),
    Flag("y", "effort 9 of 10", Group.PERSON),
    Flag("z", "pain 6 of 10", Group.PERSON),
    _switch("o", "heart at 185", Group.PERSON),
    _switch("t", "strap is lost", Group.PERSON),
)

BY_KEY: dict[str, Flag] = {flag.key: flag for flag in FLAGS}
