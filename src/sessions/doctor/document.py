"""Every kind of finding as a table, and the document that carries it.

``python -m retrotread.sessions.doctor.document docs/doctor.md`` writes the table between the markers of that document.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from .everything import catalogue
from .finding import Entry, Severity, System

BEGIN, END = "<!-- findings: begin -->", "<!-- findings: end -->"
_NAMES = {System.LINUX: "Linux", System.MACOS: "macOS", System.WINDOWS: "Windows"}
_PLACE = re.compile(r"\{(\w+)(?::[^}]*)?\}")


def findings_text() -> str:
    """A chapter for each probe, a row for each kind of finding."""
    return "\n\n".join(_chapter(name, entries) for name, entries in catalogue())


def _chapter(name: str, entries: tuple[Entry, ...]) -> str:
    head = [f"### {name}", "", "| finding | | what | mend |", "|---|---|---|---|"]
    return "\n".join([*head, *(_row(entry) for entry in entries)])


def _row(entry: Entry) -> str:
    bad = "" if entry.severity is Severity.OK else entry.severity.value
    return f"| `{entry.key}` | {bad} | {_shown(entry.says)} | {_mends(entry)} |"


def _mends(entry: Entry) -> str:
    """The mends; one sentence where several systems share it."""
    by_text: dict[str, list[str]] = {}
    for system in System:
        if text := entry.mend.on(system):
            by_text.setdefault(text, []).append(_NAMES[system])
    if [len(names) for names in by_text.values()] == [len(System)]:
        return _shown(next(iter(by_text)))
    return " ".join(f"**{', '.join(names)}:** {_shown(text)}" for text, names in by_text.items())


def _shown(template: str) -> str:
    """A template with its places in italics, fit for a cell of a table."""
    text = _PLACE.sub(lambda found: f"*{found[1]}*", template.replace("{{", "\x01").replace("}}", "\x02"))
    for letter, written in (("\x01", "{"), ("\x02", "}"), ("|", "\\|"), ("<", "&lt;")):
        text = text.replace(letter, written)
    return text


def renewed(document: str) -> str:
    """The document with today's table. Raises ValueError where its markers are missing."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the document has no lines {BEGIN} and {END}; put them where the findings belong")
    return f"{before}{BEGIN}\n\n{findings_text()}\n\n{END}{after}"


def main(arguments: list[str]) -> None:
    """Renew the file that is named."""
    path = Path(arguments[0])
    path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
