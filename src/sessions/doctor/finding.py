"""One thing that the doctor found: what it is, how bad it is, and the mend for each system. Values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How bad a finding is; the order counts."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


class System(Enum):
    """The systems for which there is a mend of their own."""

    LINUX = "linux"
    MACOS = "macos"
    WINDOWS = "windows"


def system_named(platform: str) -> System:
    """The system that ``sys.platform`` names; every other Unix is looked at as Linux is."""
    return {"darwin": System.MACOS, "win32": System.WINDOWS}.get(platform, System.LINUX)


@dataclass(frozen=True, slots=True)
class Mend:
    """What to do, in sentences; None: this cannot be found on that system."""

    linux: str | None = None
    macos: str | None = None
    windows: str | None = None

    def on(self, system: System) -> str | None:
        """The sentences for one system."""
        return {System.LINUX: self.linux, System.MACOS: self.macos, System.WINDOWS: self.windows}[system]


def everywhere(text: str) -> Mend:
    """A mend that is the same on every system."""
    return Mend(text, text, text)


NOTHING_TO_MEND = Mend()


@dataclass(frozen=True, slots=True)
class Private:
    """A value that is for the eyes of this computer's owner: a path, a name, an address."""

    text: str

    def __str__(self) -> str:
        return self.text


Value = str | int | float | Private


@dataclass(frozen=True, slots=True)
class Entry:
    """A kind of finding. ``says`` is a sentence with {names} for what was measured; so may its mends be."""

    key: str
    severity: Severity
    says: str
    mend: Mend = NOTHING_TO_MEND

    def found(self, **values: Value) -> Finding:
        """This kind of finding, with what was measured. Raises KeyError for a name that nobody gave a value."""
        for text in (self.says, *(self.mend.on(system) for system in System)):
            (text or "").format(**values)
        return Finding(self, tuple(values.items()))


@dataclass(frozen=True, slots=True)
class Finding:
    """An entry with the values that were measured."""

    entry: Entry
    values: tuple[tuple[str, Value], ...] = ()

    @property
    def what(self) -> str:
        """The sentence, for the owner of this computer."""
        return self.what_for_others(str)

    def mend(self, system: System) -> str | None:
        """What to do on ``system``; None: nothing, or it cannot be found there."""
        return self.mend_for_others(system, str)

    def what_for_others(self, mask: Callable[[str], str]) -> str:
        """The sentence with ``mask`` over every private value."""
        return self.entry.says.format(**self._shown(mask))

    def mend_for_others(self, system: System, mask: Callable[[str], str]) -> str | None:
        """The mend with ``mask`` over every private value."""
        text = self.entry.mend.on(system)
        return None if text is None else text.format(**self._shown(mask))

    def _shown(self, mask: Callable[[str], str]) -> dict[str, str | int | float]:
        return {name: mask(value.text) if isinstance(value, Private) else value for name, value in self.values}


def ok(key: str, says: str) -> Entry:
    """A kind of finding with which nothing is wrong."""
    return Entry(key, Severity.OK, says)


def warning(key: str, says: str, mend: Mend) -> Entry:
    """A kind of finding with which a session runs, and something is missing from it."""
    return Entry(key, Severity.WARNING, says, mend)


def problem(key: str, says: str, mend: Mend) -> Entry:
    """A kind of finding with which some sessions cannot be run at all."""
    return Entry(key, Severity.PROBLEM, says, mend)


def worst(findings: tuple[Finding, ...]) -> Severity:
    """The worst of them; nothing found is nothing wrong."""
    order = list(Severity)
    return max((finding.entry.severity for finding in findings), key=order.index, default=Severity.OK)
