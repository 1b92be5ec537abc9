"""From bytes to a small tree of elements that know their line: XML without any of its powers.

Nothing is expanded and nothing is fetched: a document type, which is where entities are declared, is refused as such
(XML 1.0, section 2.8). What real files get wrong and what can be mended without a guess is mended and said: a byte
order mark, text that is Windows-1252 and not UTF-8, an ampersand that begins no reference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from ..problems import Place, Problem, WorkoutFileError
from ..quantity import as_written

BYTES_MAX = 1024 * 1024
"""Several times the largest file that another program wrote for one workout, and read within a second."""

ELEMENTS_MAX = 5000
"""Ten for each step that a plan may have: rows, cues and what surrounds them."""

DEPTH_MAX = 20
"""As deep as our own files: see ``yaml_tree.DEPTH_MAX``. Real ones have four levels."""

ATTRIBUTES_MAX = 60
"""The richest row of any known format has some forty."""

TEXT_MAX = 4000
"""Characters of one attribute or text: a long description."""

_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)")
_DECLARED = re.compile(rb"""^[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]{1,40})""")
_AS_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_AS_WINDOWS = frozenset({"windows-1252", "cp1252", "iso-8859-1", "latin1", "latin-1"})


@dataclass(frozen=True, slots=True)
class Element:
    """An element: its name, its attributes each once, its children and the text directly in it."""

    name: str
    line: int
    column: int
    attributes: dict[str, str]
    children: tuple[Element, ...]
    text: str

    def child(self, name: str) -> Element | None:
        """The first child of this name, capitals or not."""
        return next((one for one in self.children if one.name.lower() == name.lower()), None)

    def text_of(self, name: str) -> str | None:
        """The text of the first child of this name, or None where there is none or nothing in it."""
        child = self.child(name)
        return child.text.strip() or None if child is not None else None


@dataclass(frozen=True, slots=True)
class Xml:
    """A document, and sentences on what was mended to read it."""

    root: Element
    mended: tuple[str, ...]


def read_xml(content: bytes, file: str, outer: str) -> Xml:
    """The tree of a file whose outer element has this name. Raises WorkoutFileError with the place."""
    text, mended = decoded(content, file)
    repaired, ampersands = _BARE_AMPERSAND.subn("&amp;", text.lstrip())
    if ampersands:
        mended += (f"{ampersands} bare & taken as the letter &",)
    builder = _Builder(file, text[: len(text) - len(text.lstrip())].count("\n"))
    root = builder.read(repaired)
    if root.name.lower() != outer:
        message, mend = f"the outer element is <{as_written(root.name)}>", f"such a file begins with <{outer}>"
        raise WorkoutFileError((Problem(file, root.line, root.column, "file", message, mend),))
    return Xml(root, mended)


def decoded(content: bytes, file: str) -> tuple[str, tuple[str, ...]]:
    """The text of a file, and a sentence where it had to be read in an older encoding. Raises WorkoutFileError."""
    if len(content) > BYTES_MAX:
        raise _at_top(file, f"is larger than {BYTES_MAX // 1024} KiB, the limit", "a workout is far smaller")
    if b"\0" in content:
        raise _at_top(file, "holds NUL bytes, so it is no text, or text in UTF-16", "save it as UTF-8")
    body = content.removeprefix(b"\xef\xbb\xbf")
    declared = _DECLARED.match(body.lstrip())
    encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    if encoding not in _AS_UTF_8 | _AS_WINDOWS:
        raise _at_top(file, f"says that it is encoded as {encoding}", "save it as UTF-8")
    try:
        if encoding in _AS_UTF_8:
            return body.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass  # what most such files truly are comes next
    try:
        return body.decode("cp1252"), ("the text is not UTF-8 and was read as Windows-1252",)
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        place = Place(file, line, 1, "file")
        message = f"byte 0x{body[error.start]:02x} is neither UTF-8 nor Windows-1252 text"
        raise WorkoutFileError((Problem.at(place, message, "save the file as UTF-8"),)) from None


def _at_top(file: str, message: str, mend: str) -> WorkoutFileError:
    return WorkoutFileError((Problem(file, 1, 1, "file", message, mend),))


@dataclass(slots=True)
class _Open:
    name: str
    line: int
    column: int
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    length: int = 0


class _Builder:
    """Takes what expat finds in turn and builds the tree. Lives inside ``read_xml``."""

    def __init__(self, file: str, lines_before: int) -> None:
        self._file = file
        self._lines_before = lines_before
        self._open: list[_Open] = []
        self._root: Element | None = None
        self._elements = 0
        self._parser = expat.ParserCreate("utf-8")
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._entity

    def read(self, text: str) -> Element:
        try:
            self._parser.Parse(text.encode("utf-8"), True)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code) or "it cannot be parsed"
            raise self._refused(f"this is not XML: {what}", "look at the brackets and quotes there", error) from None
        if self._root is None:  # expat says so itself; for the reader of this line
            raise self._refused("there is no element", "a workout file has at least one")
        return self._root

    def _refused(self, message: str, mend: str, error: expat.ExpatError | None = None) -> WorkoutFileError:
        line, column = (error.lineno, error.offset) if error else self._here()
        return WorkoutFileError((Problem(self._file, line + self._lines_before, column + 1, "file", message, mend),))

    def _here(self) -> tuple[int, int]:
        return self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber

    def _doctype(self, *_: object) -> None:
        raise self._refused("a document type, where entities are declared, is not taken", "remove the <!DOCTYPE ...>")

    def _entity(self, *_: object) -> None:
        raise self._refused("an entity is declared", "remove the declaration")

    def _start(self, name: str, attributes: list[str]) -> None:
        self._elements += 1
        if self._elements > ELEMENTS_MAX:
            raise self._refused(f"has more than {ELEMENTS_MAX} elements, the limit", "use repeats")
        if len(self._open) >= DEPTH_MAX:
            raise self._refused(f"nests deeper than {DEPTH_MAX} levels, the limit", "nest less")
        if len(attributes) > 2 * ATTRIBUTES_MAX:
            raise self._refused(f"an element has more than {ATTRIBUTES_MAX} attributes, the limit", "remove some")
        if any(len(one) > TEXT_MAX for one in (name, *attributes)):
            raise self._refused(f"a name or value has more than {TEXT_MAX} characters, the limit", "shorten it")
        line, column = self._here()
        pairs = dict(zip(attributes[::2], attributes[1::2], strict=True))
        self._open.append(_Open(name, line + self._lines_before, column + 1, pairs))

    def _end(self, _: str) -> None:
        done = self._open.pop()
        element = Element(done.name, done.line, done.column, done.attributes, tuple(done.children), "".join(done.text))
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element

    def _data(self, text: str) -> None:
        here = self._open[-1]
        here.length += len(text.strip())
        if here.length > TEXT_MAX:
            raise self._refused(f"a text has more than {TEXT_MAX} characters, the limit", "shorten it")
        here.text.append(text)
