"""The tables of docs/simulated-treadmill.md, made from the data that the simulation runs on.

``python -m retrotread.devices.simulated.page docs/simulated-treadmill.md`` writes them anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from .archetype import Archetype
from .archetypes import ARCHETYPES
from .faults import FAULTS
from .options import FIGURE_OPTIONS, SEED_MAX

_UNITS = {
    "_kph_per_s": "km/h per s",
    "_percent_per_s": "% per s",
    "_ckph": "km/h",
    "_dpct": "%",
    "_s": "s",
}
_RAW_PER_UNIT = {"_ckph": 100, "_dpct": 10}


def kinds_list() -> str:
    """What each kind does, in a sentence."""
    return "".join(f"- **{kind.name}** {kind.summary}.\n" for kind in ARCHETYPES.values())


def usual_table() -> str:
    """A row a figure of the well-behaved kind."""
    usual = ARCHETYPES["well-behaved"]
    rows = [[f"`{one.figure}`", _shown(usual, one.figure), one.why, one.source] for one in usual.reasons]
    return _table(["figure", "well-behaved", "why", "source"], rows)


def differences_table() -> str:
    """A row a figure that another kind changes."""
    usual = {reason.figure: reason for reason in ARCHETYPES["well-behaved"].reasons}
    rows = [
        [name, f"`{reason.figure}`", _shown(kind, reason.figure), reason.why, reason.source]
        for name, kind in ARCHETYPES.items()
        for reason in kind.reasons
        if reason != usual[reason.figure]
    ]
    return _table(["kind", "figure", "value", "why", "source"], rows)


def faults_table() -> str:
    """A row a fault."""
    return _table(["fault", "from its moment on"], [[f"`{fault.name}`", fault.summary] for fault in FAULTS.values()])


def options_table() -> str:
    """A row an option of a ``sim://`` address."""
    figures = [
        [f"`{o.key}`", o.meaning, f"{o.lowest:g} to {o.highest:g} {o.unit}", f"`{o.key}={o.highest:g}`"]
        for o in FIGURE_OPTIONS.values()
    ]
    return _table(
        ["option", "what it sets", "range", "example"],
        [
            ["`fault`", "a fault and its moment; may be given more than once", "0 to 86400 s", "`fault=silent@300`"],
            ["`seed`", "the seed of the jitter; 0 without it", f"0 to {SEED_MAX}", "`seed=7`"],
            *figures,
        ],
    )


PARTS: dict[str, Callable[[], str]] = {
    "options": options_table,
    "kinds": kinds_list,
    "figures": usual_table,
    "differences": differences_table,
    "faults": faults_table,
}


def renewed(page: str) -> str:
    """The page with every generated part made anew. Raises ValueError for a page that lacks one."""
    for name, part in PARTS.items():
        page = _with_part(page, name, part())
    return page


def _with_part(page: str, name: str, part: str) -> str:
    before, begin, rest = page.partition(f"<!-- begin {name} -->\n")
    _, end, after = rest.partition(f"<!-- end {name} -->")
    if not end:
        raise ValueError(f"the page lacks the lines '<!-- begin {name} -->' and '<!-- end {name} -->'; put them in")
    return before + begin + part + end + after


def _shown(kind: Archetype, figure: str) -> str:
    return _value(figure, getattr(kind, figure))


def _value(figure: str, value: float | bool | Enum | None) -> str:
    if value is None:
        return "never"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    for ending, unit in _UNITS.items():
        if figure.endswith(ending):
            return f"{value / _RAW_PER_UNIT.get(ending, 1):g} {unit}"
    return f"{value:g}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(renewed(target.read_text(encoding="utf-8")), encoding="utf-8")
