"""From a model's error to a sentence with its place in the file and its mend."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .about import FORMAT_VERSION
from .order import Path as TreePath
from .plan import STEP_KINDS, step_tag
from .problems import Place, Problem
from .quantity import as_written, shown
from .yaml_tree import Entries, Items, Node, Scalar, field_text

_KEYS = (
    *("retrotread", "name", "level", "facing", "belt", "source", "text", "grade", "needs", "steps", "after"),
    *("where", "population", "dose", "filled in", "not for", "support", "tags", "doi", "url", "handrail"),
    *("assistance", "body weight", "time", "times a week", "weeks", "sessions", "also", "why"),
    *(*STEP_KINDS, "speed", "incline", "heart rate ceiling", "say"),
)

_STEP_MENDS = {
    "facing": "write a turn step before this one, such as: - turn: to the console",
    "belt": "give it at the head of the file, or with a turn",
    "heart rate": "no heart rate leads the belt; one that is not to be passed is written: heart rate ceiling: 140 bpm",
    "distance": "write it as the length of the step, such as: walk: 400 m",
}
"""Keys that people may expect in a step on the belt, and what does the same."""

_STANDING = {"turn": "a turn", "off belt": "a step off the belt"}
"""Kinds of steps in which the belt stands."""

_EXAMPLES = {
    **dict.fromkeys(("walk", "run", "cool down"), "its length"),
    "off belt": "its time, such as: - off belt: 3 min",
    "turn": "where to, such as: - turn: to the console",
    "repeat": "its number and its steps",
}
"""What each kind of step is given."""

_MISSING_MENDS = {
    "retrotread": f"begin the file with: retrotread: {FORMAT_VERSION}",
    "name": "add a line such as: name: slow backward walk",
    "facing": "add the line: facing: rear (backward on a belt that runs forward) or facing: console",
    "steps": "add the line steps: and below it a step, such as: - walk: 5 min",
    "speed": "add a line such as: speed: 2.0 km/h",
    "text": "say where the dose comes from, such as: text: coach's scheme",
    "grade": "add grade: trial, design, study, practice or proposal",
    "why": "say why it is not run, such as: why: no treadmill dose was found",
}


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where an error is: the value there, its key if it has one, and the path of both."""

    node: Node
    key: Scalar | None
    path: TreePath


def problems_of(error: ValidationError, tree: Entries, file: str) -> tuple[Problem, ...]:
    """Every error as a problem."""
    details = error.errors(include_url=False, include_input=False)
    return tuple(problem for one in details for problem in _problems_of(one, tree, file))


def _problems_of(error: ErrorDetails, tree: Entries, file: str) -> Iterator[Problem]:
    spot = _spot(tree, error["loc"])
    if error["type"] == "refused_each":
        for fault in error["ctx"]["faults"]:
            yield _at(_spot(tree, fault.path), file, fault.message, fault.mend)
    elif error["type"] == "missing":
        yield _missing(str(error["loc"][-1]), spot, file)
    elif error["type"] == "extra_forbidden":
        yield _unknown_key(error, spot, file)
    elif error["type"] == "union_tag_not_found":
        yield _no_step(spot, file)
    elif not _is_said_by_entries(error, spot.node):
        yield _at(spot, file, *_sentence(error, spot.node))


def _is_said_by_entries(error: ErrorDetails, node: Node) -> bool:
    """A list is too short for pydantic when its entries are wrong, and each of those has said so itself."""
    return error["type"] == "too_short" and isinstance(node, Items) and bool(node.nodes)


def _spot(tree: Entries, loc: tuple[int | str, ...]) -> _Spot:
    """Follow ``loc`` as far as the file goes: tags of step kinds are no keys, a missing key has no node."""
    node: Node = tree
    key: Scalar | None = None
    path: TreePath = ()
    for part in loc:
        if isinstance(part, int) and isinstance(node, Items):
            node, key, path = node.nodes[part], None, (*path, part)
        elif isinstance(node, Entries) and part not in _TAGS:
            found = next(((k, v) for k, v in node.pairs if k.text == part), None)
            if found is None:
                break
            (key, node), path = found, (*path, found[0].text)
    return _Spot(node, key, path)


_TAGS = frozenset(map(step_tag, STEP_KINDS))


def _at(spot: _Spot, file: str, message: str, mend: str) -> Problem:
    empty = isinstance(spot.node, Scalar) and spot.node.text == ""
    where = spot.key if empty and spot.key is not None else spot.node  # what is not there has no place of its own
    return Problem.at(Place(file, where.line, where.column, field_text(spot.path)), message, mend)


def _missing(key: str, spot: _Spot, file: str) -> Problem:
    place = Place(file, spot.node.line, spot.node.column, field_text((*spot.path, key)))
    return Problem.at(place, "is missing", _MISSING_MENDS[key])


def _unknown_key(error: ErrorDetails, spot: _Spot, file: str) -> Problem:
    key = spot.key
    assert key is not None  # an unknown key is a key of the file
    place = Place(file, key.line, key.column, field_text(spot.path))
    message, mend = _not_known(key.text, _kind_around(error["loc"]))
    return Problem.at(place, message, mend)


def _kind_around(loc: tuple[int | str, ...]) -> str | None:
    """The kind of the step that an error is in; None for the head of the file and what else is no step."""
    return next((kind for kind in STEP_KINDS if len(loc) > 1 and loc[-2] == step_tag(kind)), None)


def _not_known(key: str, step: str | None) -> tuple[str, str]:
    if step in _STANDING and key in ("speed", "incline", "heart rate ceiling"):
        return f"there is no {key} in {_STANDING[step]}, its belt stands", "remove it"
    missing = f"there is no key {shown(key)} here"
    if step is not None and key in _STEP_MENDS:
        return missing, _STEP_MENDS[key]
    likely = get_close_matches(key, _KEYS, n=1)
    return missing, f"write {likely[0]} if that was meant, or remove it" if likely else "remove it"


def _no_step(spot: _Spot, file: str) -> Problem:
    """A step that has none of the keys that say what to do, or more than one."""
    one_of = f"{', '.join(STEP_KINDS[:-1])} or {STEP_KINDS[-1]}, such as: - walk: 5 min"
    if not isinstance(spot.node, Entries):
        return _at(spot, file, "is not a step", f"write {one_of}")
    keys = [key.text for key, _ in spot.node.pairs]
    kinds = [key for key in keys if key in STEP_KINDS]
    if kinds:
        return _at(spot, file, f"one step cannot be {' and '.join(kinds)}", "make a step of each")
    likely = (match for key in keys for match in get_close_matches(key, STEP_KINDS, n=1))
    kind = next(likely, None)
    mend = f"write {one_of}" if kind is None else f"write {kind} with {_EXAMPLES[kind]}"
    return _at(spot, file, "the step does not say what to do", mend)


def _sentence(error: ErrorDetails, node: Node) -> tuple[str, str]:
    """What is wrong with the value, and the mend."""
    context = error.get("ctx", {})
    if isinstance(node, Scalar) and node.is_null:
        return "has no value", "give it one, or remove the line"
    if error["type"] == "refused":
        return context["message"], context["mend"]
    wording = _WORDINGS.get(error["type"])
    if wording is None:
        return error["msg"], "compare it with docs/workout-file.md"
    return wording(node, context)


def _what(node: Node) -> str:
    match node:
        case Scalar():
            return as_written(node.text) if node.plain else shown(node.text)
        case Entries():
            return "a table"
        case Items():
            return "a list"


_WORDINGS: dict[str, Callable[[Node, dict[str, object]], tuple[str, str]]] = {
    "string_type": lambda node, _: (f"{_what(node)} is not a text", "put it in quotes if a text is meant"),
    "int_type": lambda node, _: (f"{_what(node)} is not a whole number", "write it in plain digits, without quotes"),
    "greater_than_equal": lambda node, c: (f"{_what(node)} is below {c['ge']}, the lowest", "give a higher number"),
    "less_than_equal": lambda node, c: (f"{_what(node)} is above {c['le']}, the highest", "give a lower number"),
    "literal_error": lambda node, c: (f"{_what(node)} is none of {c['expected']}", "write one of these"),
    "tuple_type": lambda node, _: (
        f"{_what(node)} is not a list",
        "write each entry on a line of its own after a dash",
    ),
    "model_type": lambda node, _: (f"{_what(node)} is not a table", "write its keys, each with a value"),
    "too_short": lambda _, __: ("the list is empty", "add an entry, or remove the line"),
    "too_long": lambda _, c: (f"has {c['actual_length']} entries, the limit is {c['max_length']}", "remove some"),
}
