"""The session that was found for a defect breaks an invariant with it: for those that no exploration finds.

That the same session is in order without the defect is told by the swarm itself, which runs it in its own gate.
"""

from __future__ import annotations

from functools import cache

import pytest
from tests.proof.mutants.killing import recorded
from tests.proof.mutants.running import Job, ran

KILLED = {name: one.simulated for name, one in recorded().items() if one.explored is None and one.simulated is not None}


@cache
def found() -> dict[str, str | None]:
    """All sessions in one go."""
    jobs = [Job(name, "session", [one.case]) for name, one in KILLED.items()]
    return {name: told for name, (_, told) in zip(KILLED, ran(jobs), strict=True)}


@pytest.mark.parametrize("name", KILLED)
def test_its_session_shows_the_defect(name: str) -> None:
    sentence = found()[name]
    assert sentence is not None, f"{name} survives the session that killed it; look for another: make mutants"
    assert not sentence.startswith("it failed"), sentence
