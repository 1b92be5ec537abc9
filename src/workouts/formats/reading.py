"""What every reader of a foreign file collects: what is wrong, and what our format has no place for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from ..plan import STEPS_MAX
from ..problems import PROBLEMS_MAX, Place, Problem, WorkoutFileError
from ..quantity import shown
from .foreign import ForeignItem, ForeignRepeat, ForeignWorkout, Format
from .numbers import NotANumber, whole_number
from .xml_tree import Element

_Given = ParamSpec("_Given")
_Read = TypeVar("_Read")

REPEATS_DEEP_MAX = 5
"""Repeats inside repeats; a coach's sets of sets are two, and our own file could hold eight."""

LEFT_OUT_MAX = 30
"""Kinds of left-out things that are told one by one; more are a file that is no workout."""


class Wrong(Exception):
    """One thing in a file that lets nobody read its step; caught where steps are taken one by one."""

    def __init__(self, place: Place, message: str, mend: str) -> None:
        super().__init__(f"{message}; {mend}")
        self.problem = Problem.at(place, message, mend)


class Findings:
    """Problems and left-out things of one file. Lives inside a reader. ``said`` is true of the whole file."""

    def __init__(self, file: str, said: tuple[str, ...] = ()) -> None:
        self.file = file
        self._problems: list[Problem] = []
        self._left_out: Counter[str] = Counter()
        self._said = said

    def leave_out(self, what: str) -> None:
        """Something of one step that our format has no place for; counted."""
        self._left_out[what] += 1

    def attempt(self, read: Callable[_Given, _Read], *given: _Given.args, **named: _Given.kwargs) -> _Read | None:
        """What ``read`` gives, or None with its problem kept: the next step may have another one."""
        try:
            return read(*given, **named)
        except Wrong as wrong:
            self._problems.append(wrong.problem)
            return None

    def workout(self, form: Format, name: str | None, steps: Iterable[ForeignItem]) -> ForeignWorkout:
        """The whole file, or WorkoutFileError with every problem: nothing is read in part."""
        items = tuple(steps)
        if not self._problems and not items:
            self._problems.append(
                Problem(self.file, 1, 1, "file", "there is no step in it", "look whether this is a whole workout")
            )
        if not self._problems and (count := _unrolled(items)) > STEPS_MAX:
            message = f"the workout unrolls to {count} steps, the limit is {STEPS_MAX}"
            self._problems.append(Problem(self.file, 1, 1, "file", message, "repeat less, or make the steps longer"))
        if not self._problems and repeats_deep(items) > REPEATS_DEEP_MAX:
            message = f"repeats nest deeper than {REPEATS_DEEP_MAX} levels, the limit"
            self._problems.append(Problem(self.file, 1, 1, "file", message, "nest less"))
        if self._problems:
            raise WorkoutFileError(tuple(self._problems[:PROBLEMS_MAX]))
        return ForeignWorkout(form, self.file, name, items, (*self._said, *self._counted()))

    def _counted(self) -> Iterator[str]:
        counts = list(self._left_out.items())
        yield from (f"{what} ({count} of them)" if count > 1 else what for what, count in counts[:LEFT_OUT_MAX])
        if len(counts) > LEFT_OUT_MAX:
            yield f"{len(counts) - LEFT_OUT_MAX} more kinds of things"


def repeats_deep(items: tuple[ForeignItem, ...]) -> int:
    """How deep repeats nest: 0 without any."""
    return max((1 + repeats_deep(item.steps) for item in items if isinstance(item, ForeignRepeat)), default=0)


def _unrolled(items: tuple[ForeignItem, ...]) -> int:
    return sum(item.times * _unrolled(item.steps) if isinstance(item, ForeignRepeat) else 1 for item in items)


@dataclass(frozen=True, slots=True)
class Attributes:
    """The attributes of an element, whatever their capitals; ``path`` is how messages call it."""

    element: Element
    file: str
    path: str

    def place(self, name: str | None = None) -> Place:
        """Where the element is; ``name`` is the attribute that is meant."""
        field = self.path if name is None else f"{self.path}.{name}"
        return Place(self.file, self.element.line, self.element.column, field)

    def text(self, name: str) -> str | None:
        """The attribute, or None. Raises Wrong for one that is there twice with two values."""
        found = {value for key, value in self.element.attributes.items() if key.lower() == name.lower()}
        if len(found) > 1:
            values = " and ".join(sorted(map(shown, found)))
            raise Wrong(self.place(name), f"{name} is there as {values}", "keep one of them")
        return next(iter(found), None)

    def read(self, name: str, parse: Callable[[str], _Read]) -> _Read | None:
        """The attribute read by ``parse``, or None where it is not there. Raises Wrong."""
        text = self.text(name)
        if text is None:
            return None
        try:
            return parse(text)
        except NotANumber as error:
            raise Wrong(self.place(name), error.message, error.mend) from None

    def needed(self, name: str, parse: Callable[[str], _Read]) -> _Read:
        """The attribute read by ``parse``. Raises Wrong where it is not there."""
        value = self.read(name, parse)
        if value is None:
            raise Wrong(self.place(), f"there is no {name}", f"add {name}, or take the step out")
        return value

    def times(self, name: str) -> int:
        """A number of repeats. Raises Wrong."""
        return self.needed(name, lambda text: whole_number(text, STEPS_MAX))

    def others(self, known: frozenset[str]) -> Iterable[str]:
        """Attributes that nobody reads, in their order."""
        return (name for name in self.element.attributes if name.lower() not in known)
