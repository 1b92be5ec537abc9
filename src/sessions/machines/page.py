"""The tables of docs/machines.md, made from the files that the program reads.

``python -m retrotread.sessions.machines.page docs/machines.md`` writes them anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from ...devices.ftms.dialect import AS_SPECIFIED
from .allowance import allowed_after_qualification, allowed_if_quick, tenths
from .caution import BOLD, CAREFUL, SOURCES_FOR_A_BOLD_FIGURE
from .families import families
from .family import Fact, Family, Marks, Value

_UNITS = {"_ckph_per_s": "km/h per s", "_ckph": "km/h", "_dpct": "%", "_ms": "ms", "_bytes": "bytes"}
_RAW_PER_UNIT = {"_ckph_per_s": 100, "_ckph": 100, "_dpct": 10}


def families_table() -> str:
    """A row a family: how it is recognised, how well it is known, and the most that it could allow."""
    rows = [
        [family.title, _marks(family.marks), _simulated(family), *_seen(family), *_most(family), str(_sources(family))]
        for family in families()
    ]
    head = [
        "family",
        "recognised by",
        "simulated as",
        "captured",
        "seen on hardware by",
        "walking backward",
        "running backward",
    ]
    return _table([*head, "sources"], rows)


def quirks_list() -> str:
    """A section a family: its figures, its remarks and its sources."""
    return "\n".join(_section(family) for family in families())


def caution_table() -> str:
    """A row a figure that is not believed on one word."""
    rows = [[f"`{figure}`", _careful(figure), because] for figure, (_, because) in BOLD.items()]
    return _table(["figure", f"until {SOURCES_FOR_A_BOLD_FIGURE} sources agree", "because otherwise"], rows)


PARTS: dict[str, Callable[[], str]] = {
    "families": families_table,
    "caution": caution_table,
    "quirks": quirks_list,
}


def renewed(page: str) -> str:
    """The page with every generated part made anew. Raises ValueError for a page that lacks one."""
    for name, part in PARTS.items():
        before, begin, rest = page.partition(f"<!-- begin {name} -->\n")
        _, end, after = rest.partition(f"<!-- end {name} -->")
        if not end:
            raise ValueError(f"the page lacks '<!-- begin {name} -->' and '<!-- end {name} -->'; put them in")
        page = before + begin + part() + end + after
    return page


# --- one family -------------------------------------------------------------------------------------------------


def _marks(marks: Marks) -> str:
    told = [f"`{start.upper()}`…" for start in marks.name_prefixes]
    told += [f"the name `{name.upper()}`" for name in marks.names]
    told += [f"the model `{model.upper()}`" for model in marks.models]
    told += [f"the address `{scheme}://`" for scheme in marks.schemes]
    return ", ".join(told)


def _simulated(family: Family) -> str:
    return ", ".join(f"`sim://{name}`" for name in family.seen.simulated_as) or "no"


def _seen(family: Family) -> tuple[str, str]:
    by = family.seen.on_hardware_by
    return ("yes" if family.seen.captured else "no", "nobody" if by == 0 else str(by))


def _most(family: Family) -> tuple[str, str]:
    """Walking and running backward at most; in brackets, what it would be of a machine that reports more often."""
    if family.read_only:
        return ("watched only", "no")
    most, more = allowed_after_qualification(family), allowed_if_quick(family)
    walking, running = _speed(most.backward_walking_max_kph), _speed(most.backward_running_max_kph)
    empty = "" if most.empty_belt_only is None else ", with nobody on the belt"
    if more is None:
        return (f"{walking}{empty}", running)
    return (
        f"{walking} ({_speed(more.backward_walking_max_kph)}){empty}",
        f"{running} ({_speed(more.backward_running_max_kph)})",
    )


def _speed(kph: float | None) -> str:
    return "no" if kph is None else f"{tenths(kph)} km/h"


def _sources(family: Family) -> int:
    return len(family.sources)


def _section(family: Family) -> str:
    only = f"**Never driven**: {family.read_only}.\n\n" if family.read_only else ""
    rows = [
        [f"`{fact.figure}`", _shown(fact), fact.why, ", ".join(fact.sources), "yes" if fact.taken else "**no**"]
        for fact in family.facts
    ]
    facts = f"{_table(['figure', 'told', 'why', 'sources', 'taken'], rows)}\n" if rows else ""
    remarks = "".join(f"- {remark}\n" for remark in family.remarks)
    sources = "".join(f"- {one.key}: [{one.text}]({one.url})\n" for one in family.sources)
    return f"### {family.title}\n\n{only}{facts}{remarks}{chr(10) if remarks else ''}Sources:\n\n{sources}"


def _shown(fact: Fact) -> str:
    return _value(fact.figure, fact.value)


def _careful(figure: str) -> str:
    careful = getattr(AS_SPECIFIED, figure) if hasattr(AS_SPECIFIED, figure) else getattr(CAREFUL, figure)
    return "nobody knows" if careful is None else _value(figure, careful)


def _value(figure: str, value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return ", ".join(f"`{write.value_hex}` to `{write.uuid[:8]}`…" for write in value)
    for ending, unit in _UNITS.items():
        if figure.endswith(ending):
            return f"{value / _RAW_PER_UNIT.get(ending, 1):g} {unit}"
    return str(value)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(renewed(target.read_text(encoding="utf-8")), encoding="utf-8")
