"""From bytes to a tree of texts that know their line and column: the part of YAML that workouts use.

Taken as YAML 1.2: tables, lists and scalars in one document. Everything that makes a text mean more than it shows
is refused: anchors, aliases, merge keys, tags, directives, a second document. A scalar keeps the text that its
author wrote; nothing here turns ``010`` or ``no`` into something else.

The tree is built from the parser's events, one by one: a file that nests or grows too far is left where it does so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from .decoding import decoded
from .problems import PROBLEMS_MAX, Problem, WorkoutFileError
from .quantity import as_written, shown

DEPTH_MAX = 20
"""Tables and lists inside each other; a repeat inside a repeat needs six."""

NODES_MAX = 2000
"""Keys, values, tables and lists: a step takes five to nine, so this is room for over two hundred written ones."""

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,8}")
_NUMBER_OR_TRUTH = re.compile(
    r"[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
    r"|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|true|True|TRUE|false|False|FALSE"
)
"""What YAML 1.2's core schema does not read as text, and ``1_000``, which YAML 1.1 does not either."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text and where it begins. ``plain``: written without quotes, so that YAML may see a number in it."""

    line: int
    column: int
    text: str
    plain: bool

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in _NULL

    @property
    def is_text(self) -> bool:
        return not self.plain or (self.text not in _NULL and not _NUMBER_OR_TRUTH.fullmatch(self.text))

    @property
    def is_whole_number(self) -> bool:
        return self.plain and _WHOLE_NUMBER.fullmatch(self.text) is not None


@dataclass(frozen=True, slots=True)
class Entries:
    """A table: keys, each once, with their values, in the order of the file."""

    line: int
    column: int
    pairs: tuple[tuple[Scalar, Node], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    line: int
    column: int
    nodes: tuple[Node, ...]


Node = Scalar | Entries | Items


def field_text(path: Iterable[str | int]) -> str:
    """A path as messages show it, "steps[2].cool down"; the document itself is "file".

    A key that is no word of a workout file is shown in quotes.
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            name = part if re.fullmatch(r"[a-z][a-z -]{0,30}", part) else shown(part)
            text += f".{name}" if text else name
    return text or "file"


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document, and what in it is not allowed but does not hide the rest: the caller reports both."""

    root: Node
    problems: tuple[Problem, ...]


def read_document(content: bytes, file: str) -> Document:
    """The tree of a file of at most BYTES_MAX bytes.

    Raises WorkoutFileError where there is no tree to go on with: another encoding, no YAML, beyond a bound.
    """
    text = decoded(content, file)
    builder = _Builder(file)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except WorkoutFileError:
        raise
    except MarkedYAMLError as error:
        raise builder.given_up(_syntax_problem(error, file)) from None
    except (YAMLError, ValueError, OverflowError):
        raise builder.given_up(builder.no_such_character()) from None
    if builder.root is None:
        raise builder.given_up(Problem(file, 1, 1, "file", "the file is empty", "begin it with: retrotread: 1"))
    return Document(builder.root, tuple(builder.problems))


_SYNTAX_MENDS = (
    ("mapping values are not allowed", 'put a text that holds ": " in quotes, and give each key a line of its own'),
    ("cannot start any token", "indent with spaces, and put a text that begins with a sign in quotes"),
    ("unexpected end of stream", "close the quotes"),
)


def _syntax_problem(error: MarkedYAMLError, file: str) -> Problem:
    ran_out = "end of stream" in (error.problem or "")  # then the place to look at is where it began
    mark = (error.context_mark if ran_out else error.problem_mark) or error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    what = error.problem or error.context or "it cannot be parsed"
    mends = (mend for part, mend in _SYNTAX_MENDS if part in what)
    mend = next(mends, "look at the indentation, the quotes and the brackets there and just before")
    return Problem(file, line, column, "file", f"this is not YAML: {what}", mend)


@dataclass(slots=True)
class _Open:
    """A table or a list whose end has not come yet; in a table keys and values take turns in ``nodes``."""

    line: int
    column: int
    is_table: bool
    nodes: list[Node] = field(default_factory=list)


class _Builder:
    """Takes events in turn and builds the tree, with what is wrong beside it. Lives inside ``read_document``."""

    def __init__(self, file: str) -> None:
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._file = file
        self._open: list[_Open] = []
        self._nodes = 0
        self._documents = 0
        self._last = (1, 1)

    def given_up(self, last: Problem) -> WorkoutFileError:
        """The end of a document that cannot be read on: all problems so far, and this one."""
        return WorkoutFileError((*self.problems[: PROBLEMS_MAX - 1], last))

    def no_such_character(self) -> Problem:
        """What the parser trips over without saying where: it is just after the last event."""
        line, column = self._last
        message = "this is not YAML here or just after: an escape in quotes names no character"
        return Problem(self._file, line, column, "file", message, "look at what follows the backslashes")

    def take(self, event: Event) -> None:
        """Raises WorkoutFileError for what lets nobody read on."""
        self._last = _line_and_column(event)
        match event:
            case DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise self.given_up(self._problem(event, "a second document begins here", "keep one in a file"))
            case MappingEndEvent() | SequenceEndEvent():
                self._close()
            case NodeEvent():
                self._refuse_too_much(event)
                self._note_indirection(event)
                self._take_node(event)
            case _:
                pass

    def _refuse_too_much(self, event: NodeEvent) -> None:
        self._nodes += 1
        if self._nodes > NODES_MAX:
            message = f"the file has more than {NODES_MAX} keys and values, the limit"
            raise self.given_up(self._problem(event, message, "use repeats"))
        if isinstance(event, CollectionStartEvent):
            if len(self._open) >= DEPTH_MAX:
                message = f"the file nests deeper than {DEPTH_MAX} levels, the limit"
                raise self.given_up(self._problem(event, message, "nest less"))
            if self._awaits_key():
                message = "a key is a word, not a table or a list"
                raise self.given_up(self._problem(event, message, "remove the question mark or the bracket"))

    def _note_indirection(self, event: NodeEvent) -> None:
        if isinstance(event, AliasEvent):
            self._note(event, f"*{as_written(event.anchor)} is an alias", "write out what it stands for")
        elif event.anchor is not None:
            self._note(event, f"&{as_written(event.anchor)} is an anchor", "remove it; nothing may refer to it")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._note(event, f"{shown(str(tag))} is a tag", "remove it; every value is what it says")

    def _take_node(self, event: NodeEvent) -> None:
        line, column = _line_and_column(event)
        match event:
            case ScalarEvent():
                self._put(Scalar(line, column, event.value, event.style is None))
            case CollectionStartEvent():
                self._open.append(_Open(line, column, isinstance(event, MappingStartEvent)))
            case _:
                self._put(Scalar(line, column, "", plain=True))

    def _close(self) -> None:
        done = self._open.pop()
        if done.is_table:
            self._put(Entries(done.line, done.column, tuple(self._pairs(done))))
        else:
            self._put(Items(done.line, done.column, tuple(done.nodes)))

    def _pairs(self, table: _Open) -> Iterator[tuple[Scalar, Node]]:
        seen: dict[str, int] = {}
        for key, value in zip(table.nodes[::2], table.nodes[1::2], strict=True):
            assert isinstance(key, Scalar)  # _refuse_too_much lets nothing else in
            if key.text in seen:
                self._note_key(key, f"the key is there twice, first in line {seen[key.text]}", "keep one of them")
            elif key.text == "<<":
                self._note_key(key, "<< is a merge key", "write out what it stands for")
            else:
                seen[key.text] = key.line
                yield key, value

    def _put(self, node: Node) -> None:
        if self._open:
            self._open[-1].nodes.append(node)
        else:
            self.root = node

    def _awaits_key(self) -> bool:
        return bool(self._open) and self._open[-1].is_table and len(self._open[-1].nodes) % 2 == 0

    def _path(self) -> Iterator[str | int]:
        """The place that the next node will take."""
        for collection in self._open:
            if not collection.is_table:
                yield len(collection.nodes)
            elif len(collection.nodes) % 2:
                key = collection.nodes[-1]
                yield key.text if isinstance(key, Scalar) else ""

    def _problem(self, event: NodeEvent | DocumentStartEvent, message: str, mend: str) -> Problem:
        line, column = _line_and_column(event)
        return Problem(self._file, line, column, field_text(self._path()), message, mend)

    def _note(self, event: NodeEvent, message: str, mend: str) -> None:
        self.problems.append(self._problem(event, message, mend))

    def _note_key(self, key: Scalar, message: str, mend: str) -> None:
        path = field_text((*self._path(), key.text))
        self.problems.append(Problem(self._file, key.line, key.column, path, message, mend))


def _line_and_column(event: Event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
