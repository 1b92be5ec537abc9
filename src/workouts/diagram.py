"""The engine's table of transitions as a Mermaid diagram, and the document that carries it.

``python -m retrotread.workouts.diagram docs/engine.md`` writes it between the two markers of that document.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from .phases import ENDS, INTERNAL, TRANSITIONS, Event, Phase, Tick

BEGIN, END = "<!-- diagram: begin -->", "<!-- diagram: end -->"

Transitions = Mapping[tuple[Phase, type[Event]], Phase]


def mermaid(transitions: Transitions) -> str:
    """The diagram of ``transitions``, one arrow for all events between the same two phases.

    Left out are the rows that change nothing: ticks, and a stop after the end. Internal events
    are in brackets.
    """
    arrows: dict[tuple[Phase, Phase], list[str]] = {}
    for (phase, event), target in transitions.items():
        if event is not Tick and (phase not in ENDS or target is not phase):
            arrows.setdefault((phase, target), []).append(_words(event))
    names = [f'    state "{phase.value}" as {phase.name}' for phase in Phase]
    lines = [f"    {phase.name} --> {target.name} : {', '.join(words)}" for (phase, target), words in arrows.items()]
    ends = [f"    {phase.name} --> [*]" for phase in Phase if phase in ENDS]
    return "\n".join(["stateDiagram-v2", *names, f"    [*] --> {next(iter(Phase)).name}", *lines, *ends])


def with_diagram(document: str) -> str:
    """``document`` with the present diagram between its markers; ValueError where a marker is missing."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the document has no lines {BEGIN} and {END} to put the diagram between")
    return f"{before}{BEGIN}\n```mermaid\n{mermaid(TRANSITIONS)}\n```\n{END}{after}"


def _words(event: type[Event]) -> str:
    """BeltSeenMoving -> "belt seen moving"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", event.__name__).lower()
    return f"({words})" if event in INTERNAL else words


def main(arguments: list[str]) -> None:
    (path,) = map(Path, arguments)
    path.write_text(with_diagram(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
