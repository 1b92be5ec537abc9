"""The gate and the takeover of the standby keep to their words in every history up to a bound."""

from __future__ import annotations

import pytest
from tests.proof.explore.alone import ALONE


@pytest.mark.parametrize("name", ALONE)
def test_no_history_is_wrong(name: str) -> None:
    explored = ALONE[name][0]()
    assert explored.sentence is None, f"{explored.sentence}: {' -> '.join(explored.history)}"
    assert explored.histories > 5_000
