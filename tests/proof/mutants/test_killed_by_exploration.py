"""The history that an exploration found for a defect breaks an invariant with the defect, and none without it."""

from __future__ import annotations

from functools import cache

import pytest
from tests.proof.mutants.killing import Killers, recorded, survivors
from tests.proof.mutants.planting import defects
from tests.proof.mutants.running import Job, ran
from tests.proof.mutants.table import PAGE, page

KILLED = {name: one.explored for name, one in recorded().items() if one.explored is not None}


@cache
def found(planted: bool) -> dict[str, str | None]:
    """All histories in one go."""
    jobs = [Job(name if planted else None, "history", [one.exploration, one.history]) for name, one in KILLED.items()]
    return {name: told for name, (_, told) in zip(KILLED, ran(jobs), strict=True)}


@pytest.mark.parametrize("name", KILLED)
def test_its_history_shows_the_defect(name: str) -> None:
    sentence = found(planted=True)[name]
    assert sentence is not None, f"{name} survives the history that killed it; look for another: make mutants"
    assert not sentence.startswith("it failed"), sentence


@pytest.mark.parametrize("name", KILLED)
def test_its_history_is_in_order_without_the_defect(name: str) -> None:
    assert found(planted=False)[name] is None


def test_every_defect_is_found_by_exploration_or_by_simulation_or_it_is_known_why_not() -> None:
    """Both ways: what has been found since is no survivor."""
    known = recorded()
    assert {name for name in defects() if known.get(name, Killers()) == Killers()} == set(survivors())
    assert set(known) <= set(defects()), "killers.toml names defects that are none any more; make mutants"


def test_at_least_forty_defects_half_of_them_without_sight() -> None:
    """As many as that, so that no room of the safety code is without one."""
    sights = [one.sight for one in defects().values()]
    assert len(sights) >= 40
    assert sights.count("without") * 2 >= len(sights)


def test_the_page_shows_what_is_recorded() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(defects(), recorded(), survivors()), "write it anew: make mutants"
