"""What the doctor says, as lines for a person and as one object for a program."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from typing import Any

from .everything import Findings, flat
from .finding import Finding, Severity, System, worst

WIDTH = 100
_MARKS = {Severity.OK: "ok", Severity.WARNING: "warning", Severity.PROBLEM: "PROBLEM"}


def text_of(findings: Findings, system: System) -> str:
    """A line for each finding, with its mend below it, and the sum at the end."""
    lines = [line for name, of_one in findings for one in of_one for line in _lines(name, one, system)]
    return "\n".join([*lines, "", _sum(flat(findings))])


def _lines(name: str, finding: Finding, system: System) -> list[str]:
    head = f"{_MARKS[finding.entry.severity]:8} {name:11} "
    lines = textwrap.wrap(
        f"{finding.what}  [{finding.entry.key}]", WIDTH, initial_indent=head, subsequent_indent=" " * 21
    )
    mend = finding.mend(system)
    return lines if mend is None else [*lines, *_indented(f"-> {mend}")]


def _indented(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=" " * 21, subsequent_indent=" " * 24, break_on_hyphens=False)


def _sum(findings: tuple[Finding, ...]) -> str:
    problems = sum(one.entry.severity is Severity.PROBLEM for one in findings)
    warnings = sum(one.entry.severity is Severity.WARNING for one in findings)
    if not problems and not warnings:
        return "Nothing is wrong."
    return f"{_counted(problems, 'problem')}, {_counted(warnings, 'warning')}."


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def object_of(findings: Findings, mask: Callable[[str], str] = str) -> dict[str, Any]:
    """All of it as an object for JSON; ``mask`` goes over every private value."""
    return {
        "worst": worst(flat(findings)).value,
        "findings": [_object(name, one, mask) for name, of_one in findings for one in of_one],
    }


def _object(name: str, finding: Finding, mask: Callable[[str], str]) -> dict[str, Any]:
    mends = {system.value: finding.mend_for_others(system, mask) for system in System}
    return {
        "probe": name,
        "finding": finding.entry.key,
        "severity": finding.entry.severity.value,
        "what": finding.what_for_others(mask),
        "mend": {system: text for system, text in mends.items() if text is not None},
    }


def json_of(findings: Findings) -> str:
    """The object for the owner of this computer."""
    return json.dumps(object_of(findings), indent=1, ensure_ascii=False)
