"""The fault matrix: what is owed in each of seven moments when one of these faults begins, and by when.

    0     no command that could move the belt leaves, and it stays at rest
    A:t   a start that is under way ends in a stop frame by then
    H:t   after that no set-point rises
    F:t   rises are frozen by then, and none leaves while they are
    C:t   a controlled stop: a lower set-point or a stop frame by then
    P:t   a stop frame by then
    E:t   the key alarm by then
    K     a stop that is under way goes on to its end: nothing starts, nothing rises
    R     the turn comes to no start, however quickly it is confirmed
    L     at the end latched, or escalated where no standstill can be confirmed
    S:n   not more than so many stop frames
    ok    nothing is owed: it goes on as it would have
    -     there is no such case

Seconds count from the beginning of the fault, for reports at any rate: ``late`` and ``silent`` are the bounds of R10,
``two`` is the time in which two reports come behind the lag of the machine, ``over`` that and half a km/h more, and
``start`` that for a belt which begins at rest.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.proof.matrix.rig import MOMENTS

LOOK_S = 0.15
"""A tick of the guardian, and the step of the rig."""


def bounds_s(period_s: float, lag_s: float, rises_kph_per_s: float) -> dict[str, float]:
    """The named bounds at one rate of reports."""
    return {
        "late": max(2 * period_s, 1.0) + LOOK_S,
        "silent": min(max(3 * period_s, 2.0), 3.0) + LOOK_S,
        "two": 2 * period_s + lag_s + LOOK_S,
        "start": 1.0 / rises_kph_per_s + 2 * period_s + lag_s + LOOK_S,
        "over": 0.5 / rises_kph_per_s + 2 * period_s + lag_s + LOOK_S,
    }


@dataclass(frozen=True, slots=True)
class Row:
    """A fault and what is owed in each moment. ``lasts_s``: how long a case is looked at."""

    fault: str
    owed: tuple[str, ...]
    lasts_s: float = 10.0
    kind: str = "well-behaved"
    drivers: tuple[str, ...] = ("ftms", "serial")
    differs: str = ""

    def cell(self, moment: str) -> str:
        return self.owed[MOMENTS.index(moment)]


def row(fault: str, owed: str, **more: object) -> Row:
    """A row from its seven cells, with bars between them."""
    cells = tuple(one.strip() for one in owed.split("|"))
    assert len(cells) == len(MOMENTS), fault
    return Row(fault, cells, **more)  # type: ignore[arg-type]


# fault                 Idle | Starting | Ramping | Steady | Pausing | Stopping | Between directions
TABLE: tuple[Row, ...] = (
    row("link drop", "0 | E:0.5 L | E:0.5 L | E:0.5 L | E:0.5 L | E:0.5 K L | R L"),
    row("drop and return after 3 s", "0 | E:0.5 P:5 L | E:0.5 P:5 L | E:0.5 P:5 L | E:0.5 P:5 L | E:0.5 K L | R L"),
    row("telemetry silent", "0 | P:silent E:silent | F:late P:silent E:silent | F:late P:silent E:silent"
        " | P:silent E:silent | E:6 K | R"),
    row("telemetry frozen", "0 | A:15.5 | P:5.5 E:5.5 | P:5.5 E:5.5 | E:6 | E:6 | go A:27",
        drivers=("ftms",), lasts_s=28.0,
        differs="a console that repeats itself looks like a steady belt until its counters have stood for 5 s; the "
        "short leash holds rises meanwhile. At rest they stand in good order too: the start that follows is ended "
        "when no motion is seen"),
    row("frames corrupt", "0 | P:silent E:silent | F:late P:silent E:silent | F:late P:silent E:silent"
        " | P:silent E:silent | E:6 K | R"),
    row("one spike of 15 km/h", "0 | ok | F:two | F:two | K | K | go",
        differs="of a belt at rest there is none: the fault is of one that moves"),
    row("runaway", "P:two L | P:start E:start | P:over E:over | P:over E:over | P:over E:over | E:over K"
        " | P:two L",
        differs="a belt at rest that moves off is stopped at once, and the key is called for only where that stop has "
        "no effect"),
    row("ignores set-speed", "0 | ok | H:3 | - | P:5 | P:5 K | go", lasts_s=16.0,
        differs="the short leash holds a set-point near the measured speed: where that is less than half a km/h above "
        "it, nothing more is owed. And nothing is set in a turn: it shows after the start that follows"),
    row("ignores Stop", "- | - | - | - | E:8 | E:8 K | -", lasts_s=12.0),
    row("Stop answered, belt runs on", "- | - | - | - | E:8 | E:8 K | -", lasts_s=12.0),
    row("self-start", "P:two L | - | - | - | - | - | P:two L"),
    row("toggle start and stop", "0 | ok S:0 | - | - | K S:1 | K S:1 | go", kind="start-toggles", lasts_s=12.0,
        differs="the profile knows of it, so it is no fault: never a second stop to a belt at rest"),
    row("mph machine", "- | E:12 | - | - | - | - | -", kind="mph-speaker", lasts_s=16.0,
        differs="at the lowest speed the two units are within half a km/h of one another: the first rises show it"),
    row("console stop", "0 | P:0.2 L | P:0.2 L | P:0.2 L | P:0.2 L | K L | R"),
    row("key pull", "0 | P:0.2 L | P:0.2 L | P:0.2 L | P:0.2 L | K L | R L"),
    row("console restarts", "0 | ok | P:two L | P:two L | K | K | go",
        drivers=("ftms",), lasts_s=16.0,
        differs="a zero and counters that begin anew; a serial machine tells no counters, and is stopped once it has "
        "come to rest. A console of a belt at rest has nothing to set going again"),
    row("foreign start", "P:0.2 L | ok | ok | ok | K | K | P:0.2 L"),
    row("foreign target lower", "- | - | ok | ok | K | K | -"),
    row("foreign target higher", "- | - | P:0.2 L | P:0.2 L | P:0.2 K | P:0.2 K | -",
        differs="also while a stop ramps down: who raises the belt meanwhile makes it protective"),
    row("control lost", "0 | P:0.2 E:0.2 | P:0.2 E:0.2 | P:0.2 E:0.2 | P:0.2 E:0.2 | E:1 K | R"),
    row("write hangs", "0 | E:12 | E:1.7 | E:1.7 | E:1.7 | E:1.7 K | go E:14", lasts_s=15.0,
        differs="it shows with the next command, and a turn sends none: the start that follows is stopped"),
    row("late and doubled replies", "0 | ok | ok | ok | K | K | ok"),
    row("main kill -9", "0 | P:0.05 | C:0.05 | C:0.05 | K | K | R"),
    row("main stopped", "0 | P:0.8 | C:0.8 | C:0.8 | K | K | R"),
    row("host suspended for 30 s", "0 | P:0.2 | P:0.2 | P:0.2 | P:0.2 | K | R"),
    row("wall clock jumps", "0 | ok | ok | ok | K | K | ok"),
    row("monotonic gap of 0.8 s", "0 | P:1 | P:1 | P:1 | K | K | R"),
    row("recorder failed", "0 | ok | F:0.4 | F:0.4 | K | K | ok"),
    row("heart rate lost", "0 | ok | F:5.2 | F:5.2 | K | K | ok"),
    row("attention unanswered", "0 | C:96 | C:95 | C:95 | K | K | ok", lasts_s=100.0),
    row("assertion in the supervisor", "0 | P:0.1 | P:0.1 | P:0.1 | P:0.1 | K | R"),
    row("drop, and main kill -9", "0 | E:0.5 L | E:0.5 L | E:0.5 L | E:0.5 L | E:0.5 K L | R L"),
    row("silent, and ignores Stop", "0 | P:silent E:silent | P:silent E:silent | P:silent E:silent | P:silent E:silent"
        " | E:6 K | R"),
)  # fmt: skip


def as_markdown() -> str:
    """The table for a page, with what differs behind it."""
    lines = ["| fault | " + " | ".join(MOMENTS) + " |", "| --- |" + " --- |" * len(MOMENTS)]
    lines += [f"| {one.fault} | " + " | ".join(one.owed) + " |" for one in TABLE]
    lines += ["", *(f"- **{one.fault}**: {one.differs}." for one in TABLE if one.differs)]
    return "\n".join(lines)
