"""Reading a workout file: from a path or bytes to a ``WorkoutPlan``, or every problem with its place.

All or nothing: a file with one problem gives no plan. Parsing takes up to a second for the worst file within the
bounds, so it belongs off any loop that must not wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from .about import Card
from .decoding import BYTES_MAX
from .faults import problems_of
from .order import Path as TreePath
from .plan import WorkoutPlan
from .problems import PROBLEMS_MAX, Place, Problem, WorkoutFileError
from .quantity import as_written
from .regular_file import Unreadable, read_regular_file
from .yaml_tree import Document, Entries, Items, Node, Scalar, field_text, read_document

__all__ = ["Problem", "WorkoutFileError", "parse_either", "parse_workout", "read_either", "read_workout"]


def read_workout(path: Path | str) -> WorkoutPlan:
    """The plan in the file at ``path``: a regular file, opened once, at most BYTES_MAX bytes.

    Raises WorkoutFileError with every problem found.
    """
    return parse_workout(_content(path), str(path))


def read_either(path: Path | str) -> WorkoutPlan | Card:
    """As ``read_workout``, and a card or a template too."""
    return parse_either(_content(path), str(path))


def _content(path: Path | str) -> bytes:
    try:
        return read_regular_file(Path(path), BYTES_MAX)
    except Unreadable as error:
        place = Place(_name_text(str(path)), 1, 1, "file")
        raise WorkoutFileError((Problem.at(place, error.message, error.mend),)) from None


def parse_workout(text: bytes, name: str) -> WorkoutPlan:
    """The plan in ``text``; ``name`` is what problems call the file. Raises WorkoutFileError.

    So it does for a card or a template: they have no steps, and nothing that runs a workout ever gets one.
    """
    file = _name_text(name)
    document = read_document(text, file)
    kind = _kind_of(document.root)
    if kind is not None:
        raise WorkoutFileError((Problem(file, kind.line, kind.column, "kind", *_not_run(kind.text)),))
    return _validated(WorkoutPlan, document, file)


def parse_either(text: bytes, name: str) -> WorkoutPlan | Card:
    """The plan in ``text``, or the card or template with the key ``kind``. Raises WorkoutFileError."""
    file = _name_text(name)
    document = read_document(text, file)
    if _kind_of(document.root) is None:
        return _validated(WorkoutPlan, document, file)
    return _validated(Card, document, file)


def _kind_of(tree: Node) -> Scalar | None:
    """What the file says it is beside a workout; None for a workout."""
    pairs = tree.pairs if isinstance(tree, Entries) else ()
    return next((value for key, value in pairs if key.text == "kind" and isinstance(value, Scalar)), None)


def _not_run(kind: str) -> tuple[str, str]:
    """What is said where a file with this ``kind`` was to be run, and the mend."""
    read = "read it with retrotread library show"
    if kind == "card":
        return "this is a card: a published dose that is shown and not run", read
    if kind == "template":
        mend = "a clinician copies it, adds steps and takes out kind and why"
        return "this is a template without a dose: there is nothing to run", f"{read}; {mend}"
    return (
        f"{as_written(kind) or 'nothing'} is not known; only a card or a template has a kind",
        "leave kind out for a workout",
    )


_Model = TypeVar("_Model", WorkoutPlan, Card)


def _validated(model: type[_Model], document: Document, file: str) -> _Model:
    tree = document.root
    if not isinstance(tree, Entries):
        message, mend = "a workout is a table of keys and values", "begin it with: retrotread: 1"
        raise WorkoutFileError((*document.problems, Problem(file, tree.line, tree.column, "file", message, mend)))
    try:
        plan = model.model_validate(_value(tree), context=dict(_places(tree, (), file)))
    except ValidationError as error:
        raise _all_of(document.problems, problems_of(error, tree, file)) from None
    if document.problems:
        raise _all_of(document.problems, ())
    return plan


def _all_of(of_document: tuple[Problem, ...], of_plan: tuple[Problem, ...]) -> WorkoutFileError:
    """In the order of the file; a value that is no value of a document has said enough."""
    said = {(p.line, p.column) for p in of_document}
    new = [p for p in of_plan if (p.line, p.column) not in said]
    problems = sorted((*of_document, *new), key=lambda p: (p.line, p.column))
    return WorkoutFileError(tuple(problems[:PROBLEMS_MAX]))


@dataclass(frozen=True, slots=True)
class Bare:
    """A scalar without quotes that is neither text nor a whole number: 3.0, 1e3, ~, true, 007.

    No model takes it. Its ``repr`` is what the author wrote, for the message that says so.
    """

    text: str

    def __repr__(self) -> str:
        return as_written(self.text)


def _value(node: Node) -> object:
    """What the models are given: tables, lists, texts, whole numbers, and ``Bare`` for the rest."""
    match node:
        case Entries():
            return {key.text: _value(value) for key, value in node.pairs}
        case Items():
            return tuple(map(_value, node.nodes))
        case Scalar() if node.is_text:
            return node.text
        case Scalar() if node.is_whole_number:
            return int(node.text)
        case Scalar():
            return Bare(node.text or "nothing")


def _places(node: Node, path: TreePath, file: str) -> Iterator[tuple[TreePath, Place]]:
    """The place of every table, which every step is, and of every list."""
    if isinstance(node, Scalar):
        return
    yield path, Place(file, node.line, node.column, field_text(path))
    if isinstance(node, Items):
        parts: Iterable[tuple[str | int, Node]] = enumerate(node.nodes)
    else:
        parts = ((key.text, value) for key, value in node.pairs)
    for part, value in parts:
        yield from _places(value, (*path, part), file)


def _name_text(name: str) -> str:
    """A file name as it may be shown: what a terminal might obey is written out."""
    return name if name.isprintable() else repr(name)
