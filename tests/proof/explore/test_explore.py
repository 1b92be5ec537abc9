"""The real supervisor, explored to a fixpoint: to the last state that each exploration has."""

from __future__ import annotations

import pytest
from tests.proof.explore.explorations import EXPLORATIONS
from tests.proof.explore.explorer import Exploration, explored


@pytest.mark.parametrize("exploration", EXPLORATIONS.values(), ids=EXPLORATIONS)
def test_no_reachable_state_breaks_an_invariant(exploration: Exploration) -> None:
    figures = explored(exploration)
    assert figures.finding is None, str(figures.finding)
    assert figures.fixpoint, f"not at its end after {figures.states} states"
