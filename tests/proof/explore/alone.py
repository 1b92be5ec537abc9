"""The gate and the takeover of the standby, each explored by itself: behind a supervisor that is right they do nothing.

Every history up to a bound, with an oracle beside it that is written from the words of the two and not from their code.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from retrotread.guardian.gate import Gate, Ticket
from retrotread.guardian.standby.takeover import Deed, Takeover
from retrotread.machine import (
    BeltDirection,
    Capabilities,
    Command,
    DeviceProfile,
    Facing,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
)
from retrotread.safety.config import Config
from retrotread.safety.limits import Limit, Limits
from retrotread.safety.tiers import TIERS

MACHINE = DeviceProfile(
    "a machine of the exploration",
    Capabilities(speed_min_ckph=100, speed_max_ckph=1200, speed_increment_ckph=10, incline_max_dpct=100),
    lag_ms=500,
    report_period_ms=500,
    stop_reaction_ms=1000,
    slowest_fall_ckph_per_s=100,
    start_timeout_ms=15_000,
    command_gap_ms=300,
    stop_repeat_ok=True,
    set_never_starts=True,
)
TOGGLE = replace(MACHINE, stop_repeat_ok=False)
LIMIT_CKPH, LIMIT_DPCT = 500, 40
CONFIG = Config.of(
    MACHINE,
    TIERS["walker"],
    Limits(Limit(LIMIT_CKPH, "of the exploration"), Limit(LIMIT_DPCT, "of the exploration")),
    Facing.REAR,
)
ANSWERS_S = MACHINE.answer_within_ms / 1000


class Wrong(Exception):
    """What the oracle objects to, as a sentence."""


@dataclass(slots=True)
class Explored:
    """How many histories there were, and the first that is wrong, with the sentence."""

    histories: int = 0
    history: tuple[str, ...] = ()
    sentence: str | None = None


# --- the gate -----------------------------------------------------------------------------------------------------

COMMANDS: dict[str, tuple[Command, bool]] = {
    "a stop": (StopBelt(), True),
    "the lowest speed": (SetSpeed(100), True),
    "the highest speed that is allowed": (SetSpeed(LIMIT_CKPH), True),
    "a speed below the lowest": (SetSpeed(90), False),
    "a speed above the ceiling": (SetSpeed(LIMIT_CKPH + 10), False),
    "a speed above the machine": (SetSpeed(1210), False),
    "a speed that is no whole number": (SetSpeed(250.0), False),  # type: ignore[arg-type]
    "a speed regardless of all": (SetSpeed(100, regardless=True), False),
    "a level deck": (SetIncline(0), True),
    "the highest deck that is allowed": (SetIncline(LIMIT_DPCT), True),
    "a deck above its ceiling": (SetIncline(LIMIT_DPCT + 5), False),
    "a deck below level": (SetIncline(-5), False),
    "a start": (StartBelt(belt=BeltDirection.FORWARD), True),
    "a start the other way": (StartBelt(belt=BeltDirection.REVERSED), False),
}
"""What is handed to the gate, and whether it may pass where nothing is out."""

HAPPENS = ("the oldest comes back", "time passes", "a deadline passes", "the link is new")
GATE_DEPTH = 3


@dataclass(slots=True)
class _GateWatch:
    """What the oracle knows: the tickets that are out, with the moment of each."""

    out: list[tuple[Ticket, float]] = field(default_factory=list)
    now_s: float = 0.0


def gate_explored() -> Explored:
    """Every row of three."""
    explored = Explored()
    for history in itertools.product((*COMMANDS, *HAPPENS), repeat=GATE_DEPTH):
        explored.histories += 1
        sentence = gate_history(history)
        if sentence is not None:
            explored.history, explored.sentence = history, sentence
            return explored
    return explored


def gate_history(history: tuple[str, ...]) -> str | None:
    """What is wrong along this history."""
    gate, watch = Gate(), _GateWatch()
    try:
        for name in (*history, "a deadline passes"):
            if name in COMMANDS:
                _hand_over(gate, watch, name)
            else:
                _happens(gate, watch, name)
    except Wrong as wrong:
        return str(wrong)
    return None


def _hand_over(gate: Gate, watch: _GateWatch, name: str) -> None:
    command, fits = COMMANDS[name]
    motion_out = any(not isinstance(ticket.command, StopBelt) for ticket, _ in watch.out)
    may = isinstance(command, StopBelt) or (fits and not motion_out)
    try:
        ticket = gate.admit(CONFIG, command, 1, watch.now_s)
    except AssertionError as error:
        if may:
            raise Wrong(f"gate: {name} was held back: {error}") from error
        return
    if not may:
        raise Wrong(f"gate: {name} passed{', beside another motion command' if motion_out else ''}")
    watch.out.append((ticket, watch.now_s))


def _happens(gate: Gate, watch: _GateWatch, name: str) -> None:
    if name == "the link is new":
        gate.forget()
        for ticket, _ in watch.out:
            if gate.answered(ticket):
                raise Wrong(f"gate: {ticket.command} of the old link is still waited for")
        watch.out.clear()
        return
    if name == "the oldest comes back":
        if watch.out and not gate.answered(watch.out.pop(0)[0]):
            raise Wrong("gate: an answer in time was not waited for")
        return
    watch.now_s += ANSWERS_S if name == "a deadline passes" else ANSWERS_S / 2
    due = [ticket for ticket, since_s in watch.out if watch.now_s - since_s >= ANSWERS_S - 1e-9]
    told = list(gate.overdue(watch.now_s))
    if told != due:
        raise Wrong(f"gate: {len(told)} overdue commands were told, and {len(due)} are (limit {ANSWERS_S:.1f} s)")
    watch.out = [one for one in watch.out if one[0] not in due]


# --- the standby --------------------------------------------------------------------------------------------------

STEP_S = 0.5
REPORTS = {"a report of a still belt": 0.0, "a report of a moving belt": 2.0, "no report": None}
STANDBY_DEPTH = 9


@dataclass(slots=True)
class _Row:
    """What the oracle knows of one takeover."""

    stop_sent: bool
    now_s: float = 0.0
    linked: bool = False
    speed_kph: float | None = None
    zeros: int = 0
    first_s: float = 0.0
    last_s: float = 0.0
    stop_s: float | None = None
    stops: int = 0
    still_s: float | None = None


def standby_explored() -> Explored:
    """Every row of reports, on a machine that may be told twice and on one that may not, before and behind a stop."""
    explored = Explored()
    for profile, stop_sent in itertools.product((MACHINE, TOGGLE), (False, True)):
        takeover, row = Takeover(stop_sent, 0.0), _Row(stop_sent)
        for history, sentence in _taken_over(profile, takeover, row, ()):
            explored.histories += 1
            if sentence is not None:
                kind = "may be told twice" if profile.stop_repeat_ok else "toggles"
                explored.history = (f"a machine that {kind}", *(("behind a stop",) if stop_sent else ()), *history)
                explored.sentence = sentence
                return explored
    return explored


def standby_history(history: tuple[str, ...]) -> str | None:
    """What is wrong along this history."""
    profile = TOGGLE if "a machine that toggles" in history else MACHINE
    stop_sent = "behind a stop" in history
    takeover, row = Takeover(stop_sent, 0.0), _Row(stop_sent)
    try:
        for name in history:
            if name in REPORTS:
                _half_a_second(profile, takeover, row, REPORTS[name])
    except Wrong as wrong:
        return str(wrong)
    return None


def _taken_over(
    profile: DeviceProfile, takeover: Takeover, row: _Row, history: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """Depth first; a wrong history is not gone on from."""
    for name, speed_kph in REPORTS.items():
        after, seen, told = copy.copy(takeover), copy.copy(row), (*history, name)
        try:
            _half_a_second(profile, after, seen, speed_kph)
        except Wrong as wrong:
            yield told, str(wrong)
            return
        yield told, None
        if len(told) < STANDBY_DEPTH:
            yield from _taken_over(profile, after, seen, told)


def _half_a_second(profile: DeviceProfile, takeover: Takeover, row: _Row, speed_kph: float | None) -> None:
    row.now_s += STEP_S
    if not row.linked:
        if takeover.due(row.now_s) is not Deed.REACH:
            raise Wrong("standby: without a line, and none is reached for")
        takeover.linked(profile, row.now_s)
        row.linked = True
    if speed_kph is not None:
        takeover.reported(speed_kph, row.now_s)
        _reported(row, speed_kph)
    deed = takeover.due(row.now_s)
    if takeover.still and row.still_s is None:
        raise Wrong(f"standby: taken for still after {row.zeros} zeros over {row.last_s - row.first_s:.1f} s")
    if deed is Deed.STOP:
        _stops(profile, row)
        takeover.stop_left(row.now_s)
        takeover.stop_returned(hangs=False)
    elif _stop_owed(profile, row):
        raise Wrong(f"standby: no stop to a belt that was last reported at {row.speed_kph} km/h")


def _reported(row: _Row, speed_kph: float) -> None:
    row.speed_kph = speed_kph
    if speed_kph > 0:
        row.zeros, row.still_s = 0, None
        return
    if not row.zeros or row.now_s - row.last_s > 1.0:
        row.zeros, row.first_s = 0, row.now_s
    row.zeros, row.last_s = row.zeros + 1, row.now_s
    if row.zeros >= 3 and row.last_s - row.first_s >= 2.0 and row.still_s is None:
        row.still_s = row.now_s


def _stops(profile: DeviceProfile, row: _Row) -> None:
    if row.still_s is not None:
        raise Wrong("standby: a stop to a belt that stands still")
    if not profile.stop_repeat_ok and (row.stop_sent or row.stops or not row.speed_kph):
        raise Wrong("standby: a stop too many to a machine that toggles")
    row.stops, row.stop_s = row.stops + 1, row.now_s


def _stop_owed(profile: DeviceProfile, row: _Row) -> bool:
    if not profile.stop_repeat_ok:
        return bool(row.speed_kph) and not row.stop_sent and not row.stops
    return row.still_s is None and (row.stop_s is None or row.now_s - row.stop_s >= 1.0)


ALONE = {"gate": (gate_explored, gate_history), "standby": (standby_explored, standby_history)}
