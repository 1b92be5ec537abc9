"""The ladder, the rules and the questions as a person reads them, and the document that carries them.

``python -m retrotread.training.document docs/progression.md`` writes them between the markers of that document.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from .history import SCALE_MAX
from .ladder import LADDER, Level, steps_of
from .progression import TODAY_RULES
from .resting import REST_RULES
from .scales import EFFORT, PAIN
from .screening import SCREEN
from .session_rules import SESSION_RULES
from .stretches import STRETCHES


def ladder_table() -> str:
    """A row a level."""
    head = ("level", "what", "bouts", "km/h", "incline", "hands", "needs", "anchored on")
    return _table(head, map(_level_row, LADDER))


def _level_row(level: Level) -> tuple[str, ...]:
    bouts = dict.fromkeys(f"{one.dose.bouts} x {one.dose.bout_s:g} s" for one in steps_of(level))
    inclines = f"{_span(level.inclines_percent)} %" if any(level.inclines_percent) else "level"
    needs = ", ".join(level.needs) or "-"
    speeds = _span(level.speeds_kph)
    return (
        str(level.number),
        level.title,
        ", ".join(bouts),
        speeds,
        inclines,
        level.hands.value,
        needs,
        level.anchor,
    )


def _span(values: tuple[float, ...]) -> str:
    return f"{values[0]:g}" if len(values) == 1 else f"{values[0]:g} to {values[-1]:g}"


def session_rules_table() -> str:
    """A row for each rule about the last session."""
    rows = ((one.when, one.advice.words, one.source) for one in SESSION_RULES)
    return _table(("in the last session", "what follows", "source"), rows)


def today_rules_table() -> str:
    """A row for each rule about the day."""
    rows = ((one.when, one.advice.words, one.source) for one in TODAY_RULES)
    return _table(("today", "what follows", "source"), rows)


def rest_rules_table() -> str:
    """A row for each rule about rest."""
    return _table(("rest", "source"), ((one.when, one.source) for one in REST_RULES))


def questions_table() -> str:
    """A row for each question of who may begin."""
    return _table(("key", "question", "source"), ((f"`{one.key}`", one.text, one.source) for one in SCREEN))


def scales_table() -> str:
    """A row for each number that has words of its own."""
    numbers = sorted({*PAIN.words, *EFFORT.words})
    rows = ((str(n), PAIN.word(n), EFFORT.word(n)) for n in numbers if n <= SCALE_MAX)
    return _table(("from", "pain", "effort"), rows)


def stretches_table() -> str:
    """A row a muscle."""
    return _table(("muscle", "because", "how"), ((one.muscle, one.why, one.how) for one in STRETCHES))


PARTS: dict[str, Callable[[], str]] = {
    "ladder": ladder_table,
    "session rules": session_rules_table,
    "today rules": today_rules_table,
    "rest rules": rest_rules_table,
    "questions": questions_table,
    "scales": scales_table,
    "stretches": stretches_table,
}


def renewed(document: str) -> str:
    """``document`` with every generated part made anew; ValueError where the markers of one are missing."""
    for name, part in PARTS.items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        before, found, rest = document.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"the document has no lines {begin} and {end} to put the {name} between")
        document = f"{before}{begin}\n{part()}\n{end}{after}"
    return document


def main(arguments: list[str]) -> None:
    """Renew the one file that is named."""
    (path,) = map(Path, arguments)
    path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = tuple(head)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ("---",) * len(head), *rows))


if __name__ == "__main__":
    main(sys.argv[1:])
