"""The bench in words: what the guardian does and why, what clears it, what comes next, and the keys. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import zip_longest

from ...safety.hazards import Action, Cause
from ...safety.policy import RULES
from .ahead import Next
from .flags import FLAGS, Flag, Group
from .room import BenchView, Sent

TITLE = "Bench: the real supervisor, a simulated belt, no treadmill. n anew, Esc ends"
ACTIONS = {
    Action.ALLOW: "allow",
    Action.WARN: "warn",
    Action.FREEZE_RISES: "freeze rises",
    Action.EASE: "ease",
    Action.CONTROLLED_STOP: "controlled stop",
    Action.PROTECTIVE_STOP: "protective stop",
    Action.ESCALATE: "ALARM, PULL THE KEY",
}
NO_CAUSE = "nothing is wrong"
CAUSE_LINES_MAX = 5
"""What fits on a terminal of 24 lines beside everything else."""


def state_lines(view: BenchView) -> tuple[str, str]:
    """Mode and action; and the belt as asked for, as reported and as it truly is."""
    snapshot = view.snapshot
    age = "" if snapshot.age_s is None else f", {snapshot.age_s:.1f} s old"
    reported = "nothing" if snapshot.speed_kph is None else f"{snapshot.speed_kph:.1f} km/h{age}"
    return (
        f"MODE {snapshot.mode.value}   ACTION {ACTIONS[view.in_force]}",
        f"belt asked for {snapshot.sent_speed_kph:.1f}, reported {reported}, truly {view.belt_kph:.1f} km/h",
    )


def cause_lines(view: BenchView) -> tuple[str, ...]:
    """Each cause with its rule, its action, its numbers, what ends it and why the rule is there; strongest first."""
    causes = sorted(view.snapshot.causes, key=lambda one: -one.action)
    return tuple(map(_cause_line, causes)) or (NO_CAUSE,)


def _cause_line(cause: Cause) -> str:
    rule = RULES[cause.hazard]
    return f"{rule.number}  {ACTIONS[cause.action]}: {cause.message}. Over {cause.clears.value}. Why: {rule.why}."


def next_line(coming: Next | None) -> str:
    """What follows if nobody does anything more."""
    if coming is None:
        return "NEXT nothing changes within a minute"
    why = "" if coming.cause is None else f": {coming.cause.message}"
    return f"NEXT in {coming.in_s:.1f} s: {ACTIONS[coming.action]}, mode {coming.mode.value}{why}"


def sent_line(sent: tuple[Sent, ...]) -> str:
    """The last commands, newest first."""
    return "SENT " + ("   ".join(f"{one.at_s:.1f} s {one.command}" for one in reversed(sent)) or "nothing yet")


def flag_text(flag: Flag, view: BenchView) -> str:
    """A key, what it does, and a star where it is on."""
    on = flag.key in view.on or (flag.fault is not None and flag.key in view.happened)
    key = "Spc" if flag.key == "space" else f" {flag.key} "
    return f"{'*' if on else ' '}{key} {flag.name}"


def face(view: BenchView, coming: Next | None, columns: int) -> str:
    """Everything below the title, for a screen of so many columns."""
    causes = [part for line in cause_lines(view) for part in textwrap.wrap(line, columns, subsequent_indent="    ")]
    if len(causes) > CAUSE_LINES_MAX:
        causes = [*causes[: CAUSE_LINES_MAX - 1], "    ..."]
    causes += [""] * (CAUSE_LINES_MAX - len(causes))
    head = [_cut(line, columns) for line in state_lines(view)]
    tail = [_cut(next_line(coming), columns), _cut(sent_line(view.sent), columns)]
    return "\n".join([*head, *causes, *tail, *_keys(view, columns)])


def _keys(view: BenchView, columns: int) -> Iterator[str]:
    width = columns // len(Group)
    stacks = [[group.value, *(flag_text(one, view) for one in FLAGS if one.group is group)] for group in Group]
    for row in zip_longest(*stacks, fillvalue=""):
        yield "".join(_cut(cell, width - 1).ljust(width) for cell in row).rstrip()


def _cut(line: str, columns: int) -> str:
    return line if len(line) <= columns else line[: columns - 1] + "…"
