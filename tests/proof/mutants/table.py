"""The page of the defects: what each is, and what killed it. Made from their files; a test holds it against them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.proof.mutants.killing import Killers
from tests.proof.mutants.planting import FOLDER, Defect

PAGE = FOLDER.parents[2] / "docs" / "safety" / "mutants.md"

HEAD = """# Deliberate defects

Each of these defects was put into the program on purpose, one at a time, to see whether the proof finds it: the
exploration of every state of the supervisor ([explorer](explorer.md)), and the simulation of whole sessions among
faults. A defect is data in `tests/proof/mutants/`, and is planted while its module is imported, so that no file
changes. Those that are written *without* sight were made by someone who had read the sources and no test and no judge.

`make mutants` looks for what is missing in this table, and writes it anew. `make test` plays again what is recorded in
`tests/proof/mutants/killers.toml`: with the defect the finding is there, without it it is not.
"""


def page(known: dict[str, Defect], killers: dict[str, Killers], survivors: dict[str, str]) -> str:
    """The whole page."""
    rows = [_row(one, killers.get(one.name, Killers())) for one in known.values()]
    head = ["defect", "where", "of", "what goes wrong", "sight", "exploration", "simulation"]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))
    left = [f"- `{name}`: {why}" for name, why in survivors.items()]
    tail = ["", "## What nothing finds yet", "", *left] if left else []
    return "\n".join([HEAD, *_figures(known, killers), "", table, *tail, ""])


def _figures(known: dict[str, Defect], killers: dict[str, Killers]) -> Iterator[str]:
    both = [killers.get(name, Killers()) for name in known]
    explored, simulated = sum(one.explored is not None for one in both), sum(one.simulated is not None for one in both)
    two = sum(one.explored is not None and one.simulated is not None for one in both)
    yield f"{len(known)} defects, {sum(one.sight == 'without' for one in known.values())} of them without sight."
    yield f"Found by exploration: {explored}. By simulation: {simulated}. By both: {two}."
    yield f"By neither: {sum(one == Killers() for one in both)}."


def _row(one: Defect, killers: Killers) -> list[str]:
    explored, simulated = killers.explored, killers.simulated
    return [
        f"`{one.name}`",
        f"`{one.file}`",
        one.breaks,
        one.what,
        one.sight,
        "no" if explored is None else f"{explored.exploration}, after {explored.states} states",
        "no" if simulated is None else f"{_session(simulated.case)} ({simulated.sentence.partition(' ')[0]})",
    ]


def _session(case: str) -> str:
    return f"seed {case}" if case.isdecimal() else f"`{case}`"
