"""The page about the machine on the air says what the data says."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrotread.devices.peripheral.page import renewed
from retrotread.devices.simulated.faults import FAULTS

PAGE = Path(__file__).parents[3] / "docs" / "sim-ftms.md"


def test_its_table_of_departures_is_that_of_the_data() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == renewed(page), "run: python -m retrotread.devices.peripheral.page docs/sim-ftms.md"


def test_it_says_of_every_fault_what_it_looks_like_on_the_air() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in FAULTS if f"`{name}`" not in page] == []


def test_a_page_without_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks the lines"):
        renewed("# A page")
