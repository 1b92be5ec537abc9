"""Twenty of each fault, side by side: the stop comes within its bound, and the figures are printed (``pytest -s``).

``make process-faults`` does two hundred.
"""

from __future__ import annotations

import sys

import pytest
from tests.process.faults import FAULTS, HEAD, Figures, measure_all, say

TRIALS = 20

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a file is limited from outside")


@pytest.fixture(scope="module")
def figures() -> dict[str, Figures]:
    """All faults are measured with the first test that asks for one."""
    say(f"\n{HEAD}")
    found = measure_all(FAULTS, TRIALS, lambda one: say(one.line()))
    return {one.fault.name: one for one in found}


@pytest.mark.parametrize("name", [one.name for one in FAULTS])
def test_a_stop_comes_out_of_the_wire_in_time(figures: dict[str, Figures], name: str) -> None:
    found = figures[name]
    assert found.late == []
    assert len(found.after_s) >= TRIALS, (found.line(), found.why)
