"""What kills a defect: the first exploration that finds it, and the first session; and the file of that."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
KILLERS = FOLDER / "killers.toml"
SURVIVORS = FOLDER / "survivors.toml"
SEEDS = 400
"""Fewer than the gate of the swarm runs, so that each of them is known to be in order without a defect."""
NEAR_S = 6.0
"""Processor seconds for one of the small explorations."""


@dataclass(frozen=True, slots=True)
class Explored:
    """An exploration that came upon an invariant which does not hold, after so many states; ``history``: its events."""

    exploration: str
    states: int
    history: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Simulated:
    """A session that broke an invariant, the so-manieth of them; ``case``: its seed, or its file in the corpus."""

    case: str
    sessions: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Killers:
    """The two of one defect; None where it was not found so."""

    explored: Explored | None = None
    simulated: Simulated | None = None


# --- the search -------------------------------------------------------------------------------------------------


def hunt(explore_s: float, sessions: int, hints: list[str]) -> dict[str, object]:
    """What finds the defect of this process, as plain values; nothing is looked for with a bound of zero."""
    explored = by_exploration(explore_s, hints) if explore_s else None
    simulated = by_simulation(sessions, hints) if sessions else None
    return asdict(Killers(explored, simulated))


def by_exploration(within_s: float, hints: Collection[str] = ()) -> Explored | None:
    """The explorations of ``hints``, then the gate and the standby by themselves, the small explorations and the whole
    ones, within so many seconds of processor time."""
    from tests.proof.explore.alone import ALONE
    from tests.proof.explore.explorations import EXPLORATIONS
    from tests.proof.explore.explorer import explored
    from tests.proof.explore.near import NEAR

    known = {**NEAR, **EXPLORATIONS}
    states, left_s = 0, within_s
    for name in dict.fromkeys([*(one for one in hints if one in known or one in ALONE), *ALONE, *known]):
        if name in ALONE:
            alone = ALONE[name][0]()
            if alone.sentence is not None:
                return Explored(name, alone.histories, alone.history, alone.sentence)
            continue
        figures = explored(known[name], within_s=left_s if name in EXPLORATIONS else min(left_s, NEAR_S))
        states, left_s = states + figures.states, left_s - figures.seconds
        if figures.finding is not None:
            history = tuple(event.name for event in figures.finding.history)
            return Explored(name, states, history, figures.finding.sentence)
        if left_s <= 0:
            return None
    return None


def by_simulation(count: int, hints: Iterable[str]) -> Simulated | None:
    """So many sessions: of the corpus, then of the seeds; first those files and seeds in which a hint is named."""
    from tests.proof.swarm.case import case_of, corpus
    from tests.proof.swarm.swarm import CORPUS

    cases = {**{name: name for name in corpus(CORPUS)}, **{str(seed): repr(case_of(seed)) for seed in range(SEEDS)}}
    likely = [name for hint in hints for name, words in cases.items() if hint in words]
    for number, case in enumerate(list(dict.fromkeys([*likely, *cases]))[:count], 1):
        sentence = session(case)
        if sentence is not None:
            return Simulated(case, number, sentence)
    return None


def session(name: str) -> str | None:
    """What is found in one session; a false stop of a seed is one, too. Cases by hand may be there to be stopped."""
    from tests.proof.swarm.case import case_of, corpus
    from tests.proof.swarm.swarm import CORPUS, one

    tally = one(name, case_of(int(name)) if name.isdecimal() else corpus(CORPUS)[name])
    for finding in tally.findings:
        return f"{finding.invariant} at {finding.at_s:.1f} s: {finding.message}"
    return f"false stop: {tally.false[0]}" if tally.false and name.isdecimal() else None


def history(exploration: str, names: Iterable[str]) -> str | None:
    """What is found along this history; None where nothing is."""
    from tests.proof.explore.alone import ALONE
    from tests.proof.explore.explorations import EXPLORATIONS
    from tests.proof.explore.explorer import replay
    from tests.proof.explore.judge import Violation
    from tests.proof.explore.near import NEAR

    if exploration in ALONE:
        return ALONE[exploration][1](tuple(names))
    try:
        replay({**NEAR, **EXPLORATIONS}[exploration], names)
    except Violation as violation:
        return str(violation)
    return None


def survivors() -> dict[str, str]:
    """The defects that nothing finds yet, each with what is missing."""
    return tomllib.loads(SURVIVORS.read_text(encoding="utf-8"))


def of_plain(told: dict[str, dict[str, object] | None]) -> Killers:
    """The killers that ``hunt`` told, or that a file holds."""
    explored, simulated = told.get("explored"), told.get("simulated")
    return Killers(
        None if explored is None else Explored(**{**explored, "history": tuple(explored["history"])}),  # type: ignore[arg-type]
        None if simulated is None else Simulated(**simulated),  # type: ignore[arg-type]
    )


# --- the file of them --------------------------------------------------------------------------------------------


def recorded(path: Path = KILLERS) -> dict[str, Killers]:
    """The killers of each defect, as far as they are known."""
    if not path.exists():
        return {}
    rows = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: of_plain(row) for name, row in rows.items()}


def record(killers: dict[str, Killers], path: Path = KILLERS) -> None:
    """Write all of them, by name."""
    lines = ["# Written by `make mutants`: what kills each defect. The gate plays only this again."]
    lines += [line for name in sorted(killers) for line in _rows(name, killers[name])]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")


def _rows(name: str, killers: Killers) -> Iterator[str]:
    yield f"\n[{name}]"
    for how in ("explored", "simulated"):
        one = getattr(killers, how)
        if one is not None:
            yield f"\n[{name}.{how}]"
            yield from (f"{key} = {_toml(value)}" for key, value in asdict(one).items())


def _toml(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "\n".join(["[", *(f"    {_toml(one)}," for one in value), "]"])
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
        return f'"{escaped}"'
    return repr(value)
