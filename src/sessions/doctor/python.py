"""Python and the packages that Retrotread needs."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from .finding import Finding, Mend, everywhere, ok, problem, warning
from .probe import Probe

OLDEST = (3, 11)
"""As ``requires-python`` says."""

NEWEST_TRIED = (3, 14)
"""The newest version with which the checks were run, or that the packages say they serve."""

NEEDED = ("textual", "pydantic", "ruamel.yaml", "typer", "platformdirs", "tomlkit", "bleak")
"""Distributions without which parts of the program cannot work on any system."""

PYTHON_OK = ok("python-ok", "Python {version} ({implementation}) with Retrotread {own}")
PYTHON_OLD = problem(
    "python-old",
    "Python {version} is older than {oldest}, the oldest that Retrotread runs on",
    Mend(
        "Install a newer Python from your distribution, then: make run PYTHON=/path/to/python3.",
        "Install a newer Python from python.org or Homebrew, then: make run PYTHON=/path/to/python3.",
        "Install a newer Python from python.org and install Retrotread with it.",
    ),
)
PYTHON_NEW = warning(
    "python-new",
    "Python {version} is newer than {newest}, the newest that was tried",
    everywhere("If anything behaves oddly, use a Python that was tried."),
)
PYTHON_OTHER = warning(
    "python-other",
    "{implementation} is not CPython; the times that the guardian keeps were measured on CPython alone",
    everywhere("Use CPython for a session with a belt."),
)
PACKAGES_MISSING = problem(
    "packages-missing",
    "packages are missing: {names}",
    Mend(
        "In the checkout: make clean and make run; in an environment of your own: python3 -m pip install .",
        "In the checkout: make clean and make run; in an environment of your own: python3 -m pip install .",
        "Install Retrotread anew into its environment; in the checkout: py -m pip install --force-reinstall .",
    ),
)
ENTRIES = (PYTHON_OK, PYTHON_OLD, PYTHON_NEW, PYTHON_OTHER, PACKAGES_MISSING)


@dataclass(frozen=True, slots=True)
class PythonFacts:
    """``own``: the version of Retrotread; ``missing``: distributions that are not installed."""

    version: tuple[int, int, int]
    implementation: str
    own: str
    missing: tuple[str, ...] = ()


def judge(facts: PythonFacts) -> tuple[Finding, ...]:
    """What is wrong with this Python, or that nothing is."""
    text = ".".join(map(str, facts.version))
    found: list[Finding] = []
    if facts.version[:2] < OLDEST:
        found.append(PYTHON_OLD.found(version=text, oldest=_dotted(OLDEST)))
    if facts.version[:2] > NEWEST_TRIED:
        found.append(PYTHON_NEW.found(version=text, newest=_dotted(NEWEST_TRIED)))
    if facts.implementation != "CPython":
        found.append(PYTHON_OTHER.found(implementation=facts.implementation))
    if facts.missing:
        found.append(PACKAGES_MISSING.found(names=", ".join(facts.missing)))
    return tuple(found) or (PYTHON_OK.found(version=text, implementation=facts.implementation, own=facts.own),)


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))


def collect() -> PythonFacts:
    """This Python."""
    from ... import __version__

    info = sys.version_info
    missing = tuple(name for name in NEEDED if installed(name) is None)
    return PythonFacts((info[0], info[1], info[2]), platform.python_implementation(), __version__, missing)


def installed(name: str) -> str | None:
    """The version of a distribution; None where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


PROBE = Probe("python", collect, judge, ENTRIES)
