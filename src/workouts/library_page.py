"""The page about the library, made from its files: ``python -m retrotread.workouts.library_page docs/library.md``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .catalogue import GRADES, NOT_PUBLISHED, Entry, catalogue, entry_rows, steps_line
from .plan import WorkoutPlan

HEAD = """\
# The library

This page is made from the files in [`workouts/`](../workouts); do not edit it, run
`python -m retrotread.workouts.library_page docs/library.md`.

Retrotread is training software and no medical device. What is listed here was done by somebody, or reasoned from what
was done; nothing on this page says what it does for you. Who has pain, an illness or an injury asks a clinician.

```sh
retrotread library                  # what is for home; --level 4, --tag small-dose
retrotread library --clinic         # what is for a clinic, cards and templates
retrotread library show bw-slope-20
retrotread check bw-slope-20        # steps, worst case, limits; nothing moves
```

The screens offer the parts from the ladder to the sports. A published protocol is asked for by its name, as in
`retrotread run bw-slope-20`, and is then the first on the screen.

Three kinds of files:

- A **workout** has steps and runs. With `where: clinic` it is never started at home. In a clinic, somebody in charge
  beside the belt starts it with `retrotread run bw-blt-30 --tier clinic`: at most 1.5 km/h, rises of 0.1 km/h a second,
  blocks of five minutes, thirty minutes a day. `--tier frail` is the same with fifteen minutes a day, so each of these
  files is too long for it as it stands. The minutes of a day are counted for the data folder and for each participant
  of a [clinic](clinic.md), whose prescription may name any tier.
- A **card** is a published dose that does not fit a belt at home. It is read and not run.
- A **template** is a place for a dose that nobody published. A clinician copies it, adds steps, takes out `kind` and
  `why`, and signs for it as the source.

How much a source is worth:

| grade | what it means |
|---|---|
"""

DOSES = f"""
A dose stands here as its source publishes it, in its own numbers and units. Most sources were read as an abstract
only: "{NOT_PUBLISHED}" means that it was not published where it was read. What Retrotread decided for it is under
"filled in". The belt is taken to run forward with the person facing the rear, so a raised deck is uphill.
"""


@dataclass(frozen=True, slots=True)
class Family:
    """A part of the page: its title, what it says first, and which entries are in it."""

    title: str
    says: str
    holds: Callable[[Entry], bool]


def _named(prefix: str) -> Callable[[Entry], bool]:
    return lambda entry: entry.name.startswith(prefix)


def _lies_in(folder: str, kind: str = "workout") -> Callable[[Entry], bool]:
    return lambda entry: entry.path.parent.name == folder and entry.kind == kind


FAMILIES = (
    Family(
        "The ladder", "From drills beside the belt to fast backward runs, one level after the other.", _named("ladder-")
    ),
    Family(
        "Placement",
        "For somebody who has walked backward before: what they manage, they may begin with (progression.md).",
        _named("placement-"),
    ),
    Family("Warm-ups", "Before something else, or on a day without more.", _named("warm-up-")),
    Family("Cool-downs", "They only get slower once they are at their speed.", _named("cool-down-")),
    Family("Sprinkles", "Some minutes backward inside a forward session.", _named("sprinkle-")),
    Family("Small doses", "A few minutes for any day.", _named("daily-")),
    Family("Variety", "Another order of what a level asks for.", _named("variety-")),
    Family(
        "For sports", "For sports that move in every direction. Sideways work stays on the floor.", _named("sport-")
    ),
    Family("Published protocols", "Doses of studies and of coaches that fit a belt at home.", _lies_in("protocols")),
    Family(
        "For a clinic",
        "Never started at home; with `--tier clinic` where somebody in charge is. The speeds are low ones that the "
        "clinician replaces.",
        _lies_in("clinic"),
    ),
    Family("Cards", "Published doses that are read and not run.", _lies_in("cards", "card")),
    Family("Templates", "Regions that articles name, without a dose.", _lies_in("cards", "template")),
)


def page() -> str:
    """The whole page."""
    entries = catalogue()
    grades = [f"| {grade} | {meaning} |" for grade, meaning in GRADES.items()]
    parts = [HEAD + "\n".join(grades), DOSES.strip()]
    parts += ["\n".join(_family(family, [one for one in entries if family.holds(one)])) for family in FAMILIES]
    return "\n\n".join(parts) + "\n"


def _family(family: Family, entries: Sequence[Entry]) -> Iterator[str]:
    yield from (f"## {family.title}", "", family.says, "")
    yield from ("| file | level | grade | what |", "|---|---|---|---|")
    for entry in entries:
        level = "" if entry.about.level is None else f"{entry.about.level}"
        grade = "" if entry.about.source is None else entry.about.source.grade
        yield f"| [`{entry.name}`](#{entry.name}) | {level} | {grade} | {entry.about.name} |"
    for entry in entries:
        yield from _entry(entry)


def _entry(entry: Entry) -> Iterator[str]:
    """A section of its own: one line for each key."""
    yield from ("", f"### {entry.name}", "", f"[{entry.about.name}](../workouts/{_place(entry)})", "")
    rows: dict[str, list[str]] = {}
    for key, text in entry_rows(entry):
        rows.setdefault(key or next(reversed(rows)), []).append(text)
    if isinstance(entry.about, WorkoutPlan):
        rows["steps"] = [steps_line(entry.about.steps)]
    for key, texts in rows.items():
        if key not in ("file", "level"):
            yield f"- {key}: {' · '.join(texts)}"


def _place(entry: Entry) -> str:
    folder = entry.path.parent.name
    return f"{folder}/{entry.path.name}" if folder in ("protocols", "clinic", "cards") else entry.path.name


def main(arguments: list[str]) -> int:
    """Write the page to the one path given; 2 for anything else."""
    if len(arguments) != 1:
        sys.stderr.write("one path is needed: python -m retrotread.workouts.library_page docs/library.md\n")
        return 2
    Path(arguments[0]).write_text(page(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
