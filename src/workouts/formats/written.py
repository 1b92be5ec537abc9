"""Our own file as text: what an import or a conversion writes, ready to be read again by ``source``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from ..about import FORMAT_VERSION


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """A step; ``kind`` is its key, and each quantity stands as the file will have it."""

    kind: str
    length: str
    speed: str | None = None
    incline: str | None = None
    say: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenRepeat:
    """Steps that are gone through several times."""

    times: int
    steps: tuple[WrittenItem, ...]


WrittenItem = WrittenStep | WrittenRepeat


@dataclass(frozen=True, slots=True)
class WrittenAbout:
    """What a file says of itself: its source and the grade of it, who should not, and what holds the person."""

    source: str
    grade: str
    not_for: tuple[str, ...]
    handrail: str
    assistance: str
    tags: tuple[str, ...]

    def above_needs(self) -> Iterator[str]:
        """The lines that stand before what is needed."""
        yield from ("source:", f"  text: {_quoted(self.source)}", f"  grade: {self.grade}", "not for:")
        yield from (f"  - {_quoted(one)}" for one in self.not_for)

    def below_needs(self) -> Iterator[str]:
        """The lines that stand after it."""
        yield from ("support:", f"  handrail: {self.handrail}", f"  assistance: {_quoted(self.assistance)}")
        yield f"tags: [{', '.join(self.tags)}]"


@dataclass(frozen=True, slots=True)
class WrittenWorkout:
    """A whole file; ``comments`` are lines for its head."""

    name: str
    facing: str
    steps: tuple[WrittenItem, ...]
    comments: tuple[str, ...] = ()
    level: int | None = None
    needs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    about: WrittenAbout | None = None

    def text(self) -> str:
        """The file, a line feed at its end."""
        return "\n".join((*(f"# {line}" for line in self.comments), *self._keys(), *_lines(self.steps, "  "), ""))

    def _keys(self) -> Iterator[str]:
        yield f"retrotread: {FORMAT_VERSION}"
        yield f"name: {_quoted(self.name)}"
        if self.level is not None:
            yield f"level: {self.level}"
        yield f"facing: {self.facing}"
        yield from () if self.about is None else self.about.above_needs()
        if self.needs:
            yield f"needs: [{', '.join(self.needs)}]"
        yield from () if self.about is None else self.about.below_needs()
        if self.after:
            yield f"after: [{', '.join(map(_quoted, self.after))}]"
        yield "steps:"


def _lines(steps: tuple[WrittenItem, ...], indent: str) -> Iterator[str]:
    for step in steps:
        if isinstance(step, WrittenRepeat):
            yield f"{indent}- repeat: {step.times}"
            yield f"{indent}  steps:"
            yield from _lines(step.steps, indent + "    ")
        else:
            yield f"{indent}- {step.kind}: {step.length}"
            yield from (f"{indent}  {key}: {value}" for key, value in _entries(step))


def _entries(step: WrittenStep) -> Iterator[tuple[str, str]]:
    if step.speed is not None:
        yield "speed", step.speed
    if step.incline is not None:
        yield "incline", step.incline
    if step.say is not None:
        yield "say", _quoted(step.say)


def _quoted(text: str) -> str:
    """In double quotes, whose escapes YAML shares with JSON."""
    return json.dumps(text, ensure_ascii=False)
