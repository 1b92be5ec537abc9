"""Every formula in one list, and the page about them.

``python -m retrotread.training.estimates.catalogue docs/estimates.md`` writes the page anew between its two markers.
"""

from __future__ import annotations

import sys
from pathlib import Path

from . import backward_cost, cadence, cost, forward_cost, gait_label, gradient_cost, heart_max, heart_reserve, load
from .formula import Formula

FORMULAS: tuple[Formula, ...] = (
    forward_cost.WALK,
    forward_cost.RUN,
    backward_cost.WALK,
    backward_cost.RUN,
    gradient_cost.RUN,
    cost.METS,
    cost.ENERGY,
    gait_label.LABEL,
    heart_max.TANAKA,
    heart_max.GELLISH,
    heart_max.SHARE,
    heart_reserve.RESERVE,
    load.SESSION,
    load.WEEK,
    cadence.RUN,
    cadence.WALK,
    cadence.STEP,
)

BEGIN, END = "<!-- formulas: begin -->", "<!-- formulas: end -->"


def section(formula: Formula) -> str:
    """A formula as a section of the page."""
    rows = (
        ("formula", formula.equation),
        ("source", formula.source),
        ("width", formula.width),
        ("holds for", _holds_for(formula)),
        ("worked", formula.worked),
    )
    lines = (f"- **{name}**: {text}" for name, text in rows if text)
    return "\n".join([f"### {formula.title} (`{formula.name}`)", "", *lines])


def _holds_for(formula: Formula) -> str:
    return "; ".join([*(f"{bound.what} {bound.text}" for bound in formula.bounds), *filter(None, [formula.only_where])])


def with_formulas(document: str) -> str:
    """``document`` with the formulas between its markers; ValueError where a marker is missing."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the document has no lines {BEGIN} and {END} to put the formulas between")
    sections = "\n\n".join(map(section, FORMULAS))
    return f"{before}{BEGIN}\n\n{sections}\n\n{END}{after}"


def main(arguments: list[str]) -> None:
    (path,) = map(Path, arguments)
    path.write_text(with_formulas(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
