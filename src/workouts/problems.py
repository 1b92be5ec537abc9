"""What is wrong with a workout, said so that the author can mend it.

``ValueError``
└── ``WorkoutProblems``      one or more problems, all found at once
    ├── ``WorkoutFileError`` the file cannot be read as a workout
    └── ``TimelineError``    the workout reads well but cannot be laid out in time (in ``timeline``)
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file: line and column count from 1; ``field`` is a path such as ``steps[2].speed``."""

    file: str
    line: int
    column: int
    field: str


NOWHERE = Place("workout", 1, 1, "workout")
"""The place of a plan that was built in code and not read from a file."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what (a sentence with the numbers), and the mend."""

    file: str
    line: int
    column: int
    field: str
    message: str
    mend: str

    @classmethod
    def at(cls, place: Place, message: str, mend: str) -> Problem:
        return cls(place.file, place.line, place.column, place.field, message, mend)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.field}: {self.message}; {self.mend}"


PROBLEMS_MAX = 50
"""Reported at once; an author mends the first ones first."""


class WorkoutProblems(ValueError):
    """At least one problem; ``str()`` gives one line for each, in the order of the file."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class WorkoutFileError(WorkoutProblems):
    """The file cannot be read as a workout; nothing of it was loaded."""
