"""The table of modes and the table of rules as a person reads them, and the document that carries both.

``python -m retrotread.safety.document docs/supervisor.md`` writes them between the markers of that document.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from .hazards import Action, Hazard
from .modes import TRANSITIONS, Mode, Trigger
from .policy import POLICY, Rule

Transitions = Mapping[tuple[Mode, Trigger], Mode]

_ACTIONS = {
    Action.WARN: "say so",
    Action.FREEZE_RISES: "freeze rises",
    Action.EASE: "ease to the lowest speed",
    Action.CONTROLLED_STOP: "controlled stop",
    Action.PROTECTIVE_STOP: "protective stop",
    Action.ESCALATE: "protective stop and key alarm",
}

_EASED = {Hazard.HEART_HIGH: "ease by half a km/h"}
"""Where it is not the lowest speed."""


def modes_diagram(transitions: Transitions = TRANSITIONS) -> str:
    """``transitions`` as a Mermaid diagram, one arrow for all triggers between the same two modes."""
    arrows: dict[tuple[Mode, Mode], list[str]] = {}
    for (mode, trigger), target in transitions.items():
        arrows.setdefault((mode, target), []).append(trigger.value)
    names = [f'    state "{mode.value}" as {mode.name}' for mode in Mode]
    lines = [f"    {mode.name} --> {target.name} : {', '.join(words)}" for (mode, target), words in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", *names, f"    [*] --> {next(iter(Mode)).name}", *lines, "```"])


def rules_table(policy: Iterable[Rule] = POLICY) -> str:
    """``policy`` as a Markdown table, a row a rule, in the order in which the rules are held against the facts."""
    head = ["rule", "hazard", "what is done", "in the modes", "over", "because"]
    rows = [
        [
            rule.number,
            f"`{rule.hazard.value}`",
            _EASED.get(rule.hazard, _ACTIONS[rule.action]),
            _modes(rule),
            rule.clears.value,
            rule.why,
        ]
        for rule in policy
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))


def _modes(rule: Rule) -> str:
    """The modes in the order of their table; a rule without any is tripped by an input, whenever that comes."""
    return ", ".join(mode.value for mode in Mode if mode in rule.modes) or "when it happens"


PARTS: dict[str, Callable[[], str]] = {"modes": modes_diagram, "rules": rules_table}


def renewed(document: str) -> str:
    """``document`` with every generated part made anew; ValueError where the markers of one are missing."""
    for name, part in PARTS.items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        before, found, rest = document.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"the document has no lines {begin} and {end} to put the {name} between")
        document = f"{before}{begin}\n{part()}\n{end}{after}"
    return document


def main(arguments: list[str]) -> None:
    """Renew the one file that is named."""
    (path,) = map(Path, arguments)
    path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
