"""Each mitigation of the one half of the hazard log is switched off, and its test notices; see ``switching``."""

from __future__ import annotations

import pytest
from tests.proof.hazards.halves import half
from tests.proof.hazards.switching import Result, switched_off, why_not_guarded

NAMES = half(0)


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    return switched_off(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_switched_off_is_missed(results: dict[str, Result], name: str) -> None:
    assert why_not_guarded(results[name]) is None
