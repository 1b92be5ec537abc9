"""One case of the swarm: everything that a run needs, as values. A seed makes one; a file of the corpus is one.

What is not in a case has no part in its run: no clock, no chance beside the seed in it, no order of a set.
"""

from __future__ import annotations

import random
import tomllib
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.proof.swarm.machines import HANDS, KINDS, MACHINE_FAULTS, REBOOT, profile_of

from retrotread.safety.tiers import TIERS

MAIN_FAULTS = (
    "main-dies",
    "main-hangs",
    "pipe-slow",
    "ui-dead",
    "input-dead",
    "focus",
    "locked",
    "remote",
    "recorder-behind",
    "recorder-failed",
    "cues-failed",
    "battery-low",
    "clicker-released",
)
HOST_FAULTS = ("host-sleeps", "host-sleeps-unsaid", "stays-awake", "guardian-late", "guardian-dies", "assertion")
STRAP_FAULTS = ("strap-off", "strap-frozen", "strap-jump", "strap-drop")
KEYS = (
    "stop",
    "pause",
    "arm",
    "hold",
    "cancel",
    "on",
    "acknowledge",
    "acknowledge-key",
    "finish",
    "next",
    "previous",
    "wait",
    "extend",
    "nudge-up",
    "nudge-down",
    "scale-up",
    "scale-down",
    "confirm",
    "continue",
    "attend",
    "dizzy",
    "breath",
    "pain-4",
    "pain-8",
    "effort-9",
    "effort-10",
    "stale",
)
"""What a hand can press, in whatever moment; ``stale``: a burst of messages for a connection that is gone."""

DRAWN = tuple(sorted(TIERS.keys() - {"clinic"}))
"""The tiers of the cases. Tier clinic is not among them: a belt does the same in it as in tier frail, and a seventh
name would make another case of every seed."""

LONGEST_S = 900.0
"""A run that has not come to an end by then never will: the longest plan here has five minutes. Plan time that waits
for a hand is beside it."""

HELD_S = 600.0
"""The longest that a plan is held for; then it goes on by itself."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that befalls the run: a fault or a hand, when, for how long (where that means anything)."""

    name: str
    at_s: float
    lasts_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Press:
    """A key, pressed at a moment of the run."""

    key: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Jitter:
    """How late things are: a tick of the guardian or of main, a message on the pipe, a look at the link. Seconds.

    Each is drawn anew every time, up to its figure; now and then it is up to ten times as much (``rare``: how often).
    """

    tick_s: float = 0.004
    main_s: float = 0.004
    pipe_s: float = 0.003
    link_s: float = 0.004
    rare: float = 0.0


ORDINARY = Jitter(0.008, 0.01, 0.005, 0.02, 0.001)
"""Of a busy computer in good order: a tick late by up to 8 ms, and once in a thousand by up to 80 ms."""


@dataclass(frozen=True, slots=True)
class Heart:
    """A ceiling and what the strap of the person says."""

    ceiling_bpm: int
    required: bool
    kind: str
    bpm: float
    to_bpm: float
    in_s: float


@dataclass(frozen=True, slots=True)
class Case:
    """See above. ``runs``: after the end of the first one the person may begin another on the same machine.

    ``leaves_s``: from then on the person follows nothing and answers nothing. ``answers``: who answers the attention
    check, by the name of the member.
    """

    seed: int
    kind: str
    workout: str
    tier: str
    troubles: tuple[Trouble, ...] = ()
    presses: tuple[Press, ...] = ()
    pauses_s: tuple[float, ...] = ()
    goes_on: bool = False
    runs: int = 1
    heart: Heart | None = None
    session_max_s: float = 3600.0
    leaves_s: float | None = None
    answers: str = "SUPERVISOR"
    jitter: Jitter = field(default_factory=Jitter)

    @property
    def longest_s(self) -> float:
        """By when it has come to an end, with all that a hand may hold it for."""
        return LONGEST_S + HELD_S * sum(press.key == "wait" for press in self.presses)

    @property
    def faultless(self) -> bool:
        """Nothing goes wrong and nobody presses a wrong key: a stop in such a run is a false one."""
        plain = self.heart is None and self.session_max_s >= 3600.0 and self.leaves_s is None
        return plain and not self.troubles and not self.presses


def case_of(seed: int, fault_free: bool = False) -> Case:
    """The case of this seed. One in eight is faultless but for real jitter; ``fault_free``: so is this one."""
    chance = random.Random(f"retrotread swarm {seed}")
    kind = _kind(chance)
    tier = chance.choice(DRAWN)
    plain = Case(seed, kind, _workout(chance, tier, kind), tier)
    if chance.random() < 1 / 8 or fault_free:
        return replace(plain, jitter=ORDINARY)
    return _with_reboot(_with_troubles(_with_person(replace(plain, jitter=_jitter(chance)), chance), chance))


def _kind(chance: random.Random) -> str:
    """Plain ones are quick; the drivers on a loop of events are dear and have a share of their own."""
    family = chance.choices(("plain", "air", "cable"), (70, 15, 15))[0]
    return chance.choice([kind for kind in KINDS if kind.startswith(family)])


def _jitter(chance: random.Random) -> Jitter:
    if chance.random() < 0.3:
        return Jitter()
    return Jitter(
        chance.choice((0.002, 0.01, 0.03)),
        chance.choice((0.002, 0.02, 0.05)),
        chance.choice((0.001, 0.01, 0.04)),
        chance.choice((0.001, 0.02, 0.05)),
        chance.choice((0.0, 0.001, 0.005)),
    )


def _with_person(case: Case, chance: random.Random) -> Case:
    """What they do beside following the screen: each of it in some of the seeds."""
    presses: list[Press] = []
    if chance.random() < 0.35:
        at_s = round(chance.uniform(3, 130), 2)
        presses.append(Press("stop", at_s))
        if chance.random() < 0.5:
            presses.append(Press("stop", round(at_s + chance.choice((0.2, 0.9, 1.3, 2.5, 6.0)), 2)))
    if chance.random() < 0.4:
        keys = chance.sample(KEYS, chance.randint(1, 5))
        presses += [Press(chance.choice(keys), round(chance.uniform(0, 150), 2)) for _ in range(chance.randint(1, 12))]
    pauses = (round(chance.uniform(25, 90), 1),) if chance.random() < 0.15 else ()
    return replace(
        case,
        presses=tuple(sorted(presses, key=lambda one: one.at_s)),
        pauses_s=pauses,
        goes_on=chance.random() < 0.5,
        runs=chance.choice((1, 1, 1, 2)),
        heart=_heart(chance) if chance.random() < 0.15 else None,
        session_max_s=chance.choice((20.0, 45.0)) if chance.random() < 0.06 else 3600.0,
        leaves_s=round(chance.uniform(15, 90), 1) if chance.random() < 0.08 else None,
        answers=chance.choice(("SUPERVISOR", "HAND", "NOBODY")),
    )


def _heart(chance: random.Random) -> Heart:
    ceiling = chance.choice((110, 140, 160))
    bpm = ceiling + chance.choice((-40, -20, -8, 2))
    return Heart(
        ceiling,
        chance.random() < 0.3,
        chance.choice(("chest", "contact", "armband")),
        bpm,
        bpm + chance.choice((-10, 0, 10, 25, 45)),
        chance.choice((30.0, 90.0, 150.0)),
    )


def _with_troubles(case: Case, chance: random.Random) -> Case:
    """A random subset of all kinds of trouble is switched on, and of that a handful happens."""
    pools = (MACHINE_FAULTS, HANDS, MAIN_FAULTS, HOST_FAULTS, STRAP_FAULTS if case.heart else ())
    switched_on = [name for pool in pools for name in pool if chance.random() < 0.2]
    if case.kind.startswith("air") and chance.random() < 0.9:  # two hundred frames a second cost a minute of processor
        switched_on = [name for name in switched_on if name != "flood"]
    if not switched_on:
        return case
    troubles = [
        Trouble(chance.choice(switched_on), _when(chance), round(chance.choice((0.4, 0.9, 2.5, 6.0, 17.0)), 2))
        for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5)))
    ]
    return replace(case, troubles=tuple(sorted(troubles, key=lambda one: (one.at_s, one.name))))


def _with_reboot(case: Case) -> Case:
    """One in thirty. It has a chance of its own: drawn with the others it would make other cases of all seeds."""
    chance = random.Random(f"retrotread reboot {case.seed}")
    if chance.random() >= 1 / 30:
        return case
    troubles = (*case.troubles, Trouble(REBOOT, _when(chance)))
    return replace(case, troubles=tuple(sorted(troubles, key=lambda one: (one.at_s, one.name))))


def _when(chance: random.Random) -> float:
    """Mostly while the belt runs; now and then at rest, in the countdown, or late."""
    lowest_s, highest_s = chance.choices(((0.5, 14), (14, 35), (35, 110), (110, 170)), (2, 3, 5, 1))[0]
    return round(chance.uniform(lowest_s, highest_s), 2)


# --- workouts -----------------------------------------------------------------------------------------------


def _workout(chance: random.Random, tier: str, kind: str) -> str:
    """A short workout that this tier may do on this machine: walks, ramps, inclines, a turn, a rest beside the belt."""
    limits, profile = TIERS[tier], profile_of(kind)
    facing = chance.choice(("rear", "rear", "rear", "console"))
    highest_ckph = limits.backward_max_ckph if facing == "rear" else limits.forward_max_ckph
    highest_kph = min(highest_ckph, 900, profile.capabilities.speed_max_ckph) / 100
    if profile.report_period_ms >= 1000:
        highest_kph = min(highest_kph, 4.0)
    lowest_kph = profile.capabilities.speed_min_ckph / 100
    steps = [_walk(chance, lowest_kph, highest_kph, limits.incline_max_dpct / 10) for _ in range(chance.randint(2, 3))]
    if chance.random() < 0.15:
        steps.insert(1, f"  - off belt: {chance.randint(5, 20)} s\n    say: step off")
    turn = chance.random() < 0.15
    if turn:
        other = "console" if facing == "rear" else "rear"
        steps[:2] = [one.partition("\n    incline")[0] for one in steps[:2]]  # a turn needs a level deck
        reversed_too = profile.reverses and chance.random() < 0.5
        steps.insert(
            2,
            f"  - turn: to the {facing if reversed_too else other}\n"
            + ("    belt: reversed\n" if reversed_too else "    say: wait"),
        )
        slow_kph = max(lowest_kph, 1.0)
        steps[3:] = [f"  - walk: 15 s\n    speed: {slow_kph:.2f} km/h"]
    lowest = max(lowest_kph, 0.8)
    steps.append(f"  - cool down: 10 s\n    speed: {lowest:.2f} km/h")
    level = max(1, limits.level_min)
    return "\n".join(
        (
            "retrotread: 1",
            "name: of the swarm",
            f"level: {level}",
            f"facing: {facing}",
            'source: {text: "a test", grade: practice}',
            "steps:",
            *(one.rstrip("\n") for one in steps),
            "",
        )
    )


def _walk(chance: random.Random, lowest_kph: float, highest_kph: float, incline_percent: float) -> str:
    start, end = (round(chance.uniform(lowest_kph, max(lowest_kph, highest_kph)), 1) for _ in range(2))
    start, end = max(start, lowest_kph), max(end, lowest_kph)
    speed = f"{start:.2f} km/h -> {end:.2f} km/h" if chance.random() < 0.4 else f"{start:.2f} km/h"
    lines = [f"  - walk: {chance.randint(12, 45)} s", f"    speed: {speed}"]
    if incline_percent and chance.random() < 0.3:
        lines.append(f"    incline: {chance.choice((1.0, 2.0, 3.0)):.1f} %")
    return "\n".join(lines)


# --- files --------------------------------------------------------------------------------------------------


def as_toml(case: Case, why: str) -> str:
    """The case as a file of the corpus; ``why``: what was found with it, a comment."""
    lines = [f"# {one}" for one in why.splitlines()]
    plain = asdict(case)
    workout = plain.pop("workout")
    lines += [f"{key} = {_toml(value)}" for key, value in plain.items() if value is not None]
    return "\n".join([*lines, f"workout = '''\n{workout}'''", ""])


def from_toml(text: str) -> Case:
    """The case in a file. Raises TOMLDecodeError, KeyError and TypeError for what is none."""
    raw: dict[str, Any] = tomllib.loads(text)
    heart = raw.get("heart")
    return Case(
        **raw
        | {
            "troubles": tuple(Trouble(**one) for one in raw["troubles"]),
            "presses": tuple(Press(**one) for one in raw["presses"]),
            "pauses_s": tuple(raw["pauses_s"]),
            "heart": None if heart is None else Heart(**heart),
            "jitter": Jitter(**raw["jitter"]),
        }
    )


def corpus(folder: Path) -> dict[str, Case]:
    """The cases of a folder by the names of their files."""
    return {path.stem: from_toml(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))}


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items() if one is not None) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else repr(value)
