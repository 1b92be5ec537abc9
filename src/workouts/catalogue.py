"""What came with the program, read and told: filtered as a list, and one file as lines or as an object.

A dose is told as it was published, with what was not published named as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from .about import Card, Dose, Source, Support
from .library import everything
from .plan import FLAT, BeltStep, OffBeltStep, RepeatStep, Step, TurnStep, WorkoutPlan
from .quantity import Range, Share, Speed, duration_text, incline_text, length_text, number_text, speed_text
from .source import read_either

GRADES = {
    "trial": "a controlled trial used this dose",
    "design": "a trial was planned with this dose; no result was seen",
    "study": "a laboratory or uncontrolled study used this dose",
    "practice": "coaches or clinicians use it; nobody tried it against anything else",
    "proposal": "reasoned, not tried in a study",
    "none": "no whole dose was found",
}
"""What each grade is worth, in a sentence."""

_End = TypeVar("_End")

NOT_PUBLISHED = "not published"
"""Said of each part of a dose that its source, as far as it was read, does not give."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that came with the program: its short name, and what is in it."""

    name: str
    path: Path
    about: WorkoutPlan | Card

    @property
    def kind(self) -> str:
        """``workout``, ``card`` or ``template``."""
        return self.about.kind if isinstance(self.about, Card) else "workout"

    @property
    def clinic(self) -> bool:
        return self.about.where == "clinic"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: those open at ``level``, those with ``tag``, those for a ``clinic`` instead of those for home."""

    level: int | None = None
    tag: str | None = None
    clinic: bool = False

    def takes(self, entry: Entry) -> bool:
        """A level opens all that begins at it or below it; what has no level is open at none."""
        level = entry.about.level
        if self.level is not None and (level is None or level > self.level):
            return False
        return entry.clinic == self.clinic and (self.tag is None or self.tag in entry.about.tags)


def entry_at(path: Path) -> Entry:
    """The entry of one file. Raises WorkoutFileError."""
    return Entry(path.stem, path, read_either(path))


def catalogue() -> tuple[Entry, ...]:
    """Every file that came with the program, in the order of ``library.everything``."""
    return tuple(map(entry_at, everything()))


def selected(entries: Iterable[Entry], wanted: Wanted) -> tuple[Entry, ...]:
    """Those of ``entries`` that are wanted, in their order."""
    return tuple(filter(wanted.takes, entries))


def tags_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Every tag once, by the alphabet."""
    return tuple(sorted({tag for entry in entries for tag in entry.about.tags}))


# --- in words -----------------------------------------------------------------------------------------------------


def list_lines(entries: Sequence[Entry]) -> list[str]:
    """One line for each: name, level or what else it is, grade, title."""
    wide = max((len(entry.name) for entry in entries), default=0)
    return [f"{one.name:<{wide}}  {_level_text(one):<8}  {_grade(one):<8}  {one.about.name}" for one in entries]


def _level_text(entry: Entry) -> str:
    if entry.kind != "workout":
        return entry.kind
    return "clinic" if entry.about.level is None else f"level {entry.about.level}"


def _grade(entry: Entry) -> str:
    return "" if entry.about.source is None else entry.about.source.grade


def entry_rows(entry: Entry) -> list[tuple[str, str]]:
    """Everything that the file says: a word for each key, and a line of it; the word stands at its first line only."""
    about = entry.about
    told = {
        "file": [entry.name],
        "kind": [_kind_text(entry)],
        "level": [] if about.level is None else [f"{about.level} and up"],
        "source": source_texts(about.source),
        "population": [] if about.population is None else [about.population],
        "published": dose_texts(about.dose),
        "filled in": about.filled_in,
        "not for": about.not_for,
        "needs": [", ".join(about.needs)] if about.needs else [],
        "support": support_texts(about.support),
        "tags": [", ".join(about.tags)] if about.tags else [],
        "steps": [] if isinstance(about, Card) else step_texts(about.steps),
        "after": () if isinstance(about, Card) else about.after,
    }
    return [(key if at == 0 else "", text) for key, texts in told.items() for at, text in enumerate(texts)]


def source_texts(source: Source | None) -> list[str]:
    """Where the dose comes from, its addresses, and what its grade is worth."""
    if source is None:
        return []
    doi = None if source.doi is None else f"https://doi.org/{source.doi}"
    addresses = [address for address in (doi, source.url) if address is not None]
    return [source.text, *addresses, f"{source.grade}: {GRADES[source.grade]}"]


def _kind_text(entry: Entry) -> str:
    if isinstance(entry.about, Card):
        return f"{entry.kind}, shown and not run. {entry.about.why}"
    return "workout for a clinic, never started at home" if entry.clinic else "workout"


def dose_texts(dose: Dose | None) -> list[str]:
    """Each part of a dose as it was published, the missing ones too; one sentence where there is no dose."""
    if dose is None:
        return ["no dose"]
    parts = {
        "speed": dose.speed,
        "incline": dose.incline,
        "time": dose.time,
        "times a week": dose.times_a_week,
        "weeks": dose.weeks,
    }
    texts = [f"{name}: {NOT_PUBLISHED if value is None else value}" for name, value in parts.items()]
    texts += [] if dose.sessions is None else [f"sessions: {dose.sessions}"]
    return texts + ([] if dose.also is None else [f"also: {dose.also}"])


def support_texts(support: Support | None) -> list[str]:
    """Each key of it that is there."""
    if support is None:
        return []
    parts = {"handrail": support.handrail, "assistance": support.assistance, "body weight": support.body_weight}
    return [f"{name}: {value}" for name, value in parts.items() if value is not None]


def step_texts(steps: Sequence[Step], indent: str = "") -> list[str]:
    """The steps as they are written, repeats with theirs below them."""
    return [text for step in steps for text in _step_texts(step, indent)]


def _step_texts(step: Step, indent: str) -> list[str]:
    match step:
        case RepeatStep():
            return [f"{indent}{step.repeat} times:", *step_texts(step.steps, f"{indent}  ")]
        case TurnStep():
            return [f"{indent}turn to the {step.turn.value}"]
        case OffBeltStep():
            return [f"{indent}off belt {duration_text(step.off_belt)}"]
        case BeltStep():
            incline = "" if step.incline == FLAT else f" at {_way_text(step.incline, incline_text)}"
            speed = _way_text(step.speed, _speed_text)
            return [f"{indent}{step.kind.value} {length_text(step.length)}, {speed}{incline}"]
    raise AssertionError(f"{type(step).__name__} is no step")


def steps_line(steps: Sequence[Step]) -> str:
    """The same in one line: "walk 5 min, 1.0 km/h; 3 x (walk 60 s, 1.5 km/h; walk 60 s, 1.0 km/h)"."""
    return "; ".join(
        f"{step.repeat} x ({steps_line(step.steps)})" if isinstance(step, RepeatStep) else _step_texts(step, "")[0]
        for step in steps
    )


def _speed_text(speed: Speed) -> str:
    return f"{number_text(speed.percent)} % of the own maximum" if isinstance(speed, Share) else speed_text(speed)


def _way_text(way: Range[_End], text: Callable[[_End], str]) -> str:
    return text(way.start) if way.start == way.end else f"{text(way.start)} -> {text(way.end)}"


# --- as an object -------------------------------------------------------------------------------------------------


def entry_object(entry: Entry) -> dict[str, Any]:
    """The head of the file by its own keys, with ``file`` and ``kind``; a key that the file has not is null."""
    about = entry.about
    return {
        "file": entry.name,
        "kind": entry.kind,
        "name": about.name,
        "level": about.level,
        "where": about.where,
        "why": about.why if isinstance(about, Card) else None,
        "source": None if about.source is None else about.source.model_dump(by_alias=True),
        "population": about.population,
        "dose": None if about.dose is None else about.dose.model_dump(by_alias=True),
        "filled in": list(about.filled_in),
        "not for": list(about.not_for),
        "needs": list(about.needs),
        "support": None if about.support is None else about.support.model_dump(by_alias=True),
        "tags": list(about.tags),
        "steps": None if isinstance(about, Card) else step_texts(about.steps),
    }
