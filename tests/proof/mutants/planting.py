"""Deliberate defects, planted while a module is imported: no file changes, and no compiled file is read or written.

So any number of them runs beside each other, and beside the program as it is. Children are reached too: what a planted
process starts with the same environment is planted like it (children/sitecustomize.py). A defect is data, a table of a
TOML file in this folder:

    sight            of the whole file: whether whoever wrote it had read the tests, "with" or "without"
    name             one word with underscores
    file             below src/
    breaks           what it is a defect of: a rule, a stage of the stop sequence, the gate, the lease
    what             one sentence: what goes wrong
    old, new         the text that is there exactly once, and what it becomes
    hints            words of the cases that simulation tries first, such as the name of a trouble; may be left out

This file needs nothing but the standard library, and is loaded by its path in children.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from importlib.abc import MetaPathFinder, SourceLoader
from pathlib import Path
from types import CodeType, ModuleType

FOLDER = Path(__file__).resolve().parent
SOURCES = FOLDER.parents[2] / "src"
PACKAGE = "retrotread"
CHILDREN = FOLDER / "children"
FILES = ("without.toml", "with.toml")
IN_FORCE = "RETROTREAD_PLANTED"
"""The variable that tells children which defect is planted in them; its value is the name."""


class DefectError(ValueError):
    """A defect that cannot be planted; its sentence says why, and the mend."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One of them; see above. Two of the same place differ in their name."""

    name: str
    file: str
    breaks: str
    what: str
    old: str
    new: str
    sight: str
    hints: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """The module that it is planted in."""
        return ".".join([PACKAGE, *Path(self.file).with_suffix("").parts])

    def planted(self, source: str) -> str:
        """``source`` with the defect in it; DefectError where its text is not there exactly once."""
        found = source.count(self.old)
        if found != 1:
            raise DefectError(
                f"defect {self.name}: its old text stands {found} times in src/{self.file}, not once; "
                f"the code has changed, so write the defect anew against what is there: {self.old.strip()!r}"
            )
        if self.old == self.new:
            raise DefectError(f"defect {self.name}: its new text is its old one, so that nothing is broken")
        return source.replace(self.old, self.new)

    def source(self, sources: Path = SOURCES) -> str:
        """The whole text of the module with the defect in it."""
        return self.planted((sources / self.file).read_text(encoding="utf-8"))


def defects(folder: Path = FOLDER) -> dict[str, Defect]:
    """Every defect, by name, in the order of the files."""
    found: dict[str, Defect] = {}
    for path in (folder / name for name in FILES):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        for row in document.get("defect", ()):
            one = _defect(path, {**row, "sight": document.get("sight")})
            if one.name in found:
                raise DefectError(f"{path.name}: there are two defects of the name {one.name}; give one another name")
            found[one.name] = one
    return found


def _defect(path: Path, row: dict[str, object]) -> Defect:
    names = [one.name for one in fields(Defect) if one.name != "hints"]
    hints = row.pop("hints", [])
    wrong = [name for name in names if not isinstance(row.get(name), str)]
    if wrong or len(row) != len(names) or not isinstance(hints, list):
        raise DefectError(
            f"{path.name}: defect {row.get('name')!r} needs the texts {', '.join(names)}, and has {', '.join(row)}"
        )
    return Defect(**{name: str(row[name]) for name in names}, hints=tuple(map(str, hints)))


def named(name: str, folder: Path = FOLDER) -> Defect:
    """The defect of that name; DefectError where there is none."""
    known = defects(folder)
    if name not in known:
        raise DefectError(f"there is no defect {name!r}; the defects are {', '.join(known)}")
    return known[name]


class _Planted(SourceLoader):
    """Hands out one module from changed text, which was never on a disk."""

    def __init__(self, text: str, path: str) -> None:
        self._text, self._path = text, path

    def get_filename(self, fullname: str) -> str:
        return self._path

    def get_data(self, path: str) -> bytes:
        return self._text.encode()

    def get_code(self, fullname: str) -> CodeType:
        """Compiled here and now: neither a compiled file nor its folder is looked at."""
        return compile(self._text, self._path, "exec", dont_inherit=True)


class _Planter(MetaPathFinder):
    """Answers for one module, before anybody else is asked."""

    def __init__(self, defect: Defect) -> None:
        self.defect = defect

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.defect.module:
            return None
        there = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if there is None or there.origin is None:
            raise DefectError(f"defect {self.defect.name}: there is no module {fullname}")
        text = self.defect.planted(Path(there.origin).read_text(encoding="utf-8"))
        loader = _Planted(text, there.origin)
        return importlib.util.spec_from_file_location(fullname, there.origin, loader=loader)


def in_force() -> Defect | None:
    """The defect that is planted in this process; None where the program is as it is."""
    return next((one.defect for one in sys.meta_path if type(one).__name__ == "_Planter"), None)  # type: ignore[attr-defined]


def plant(defect: Defect) -> None:
    """From here on this process, and what it starts, runs with the defect. DefectError where that is too late."""
    before = in_force()
    if before is not None and before.name == defect.name:
        return
    if before is not None:
        raise DefectError(f"defect {before.name} is planted already, and there is one defect to a process")
    if defect.module in sys.modules:
        raise DefectError(
            f"defect {defect.name}: {defect.module} is imported already; plant before anything imports {PACKAGE}"
        )
    defect.source()
    sys.meta_path.insert(0, _Planter(defect))
    os.environ[IN_FORCE] = defect.name
    os.environ["PYTHONPATH"] = os.pathsep.join([str(CHILDREN), *filter(None, [os.environ.get("PYTHONPATH")])])
