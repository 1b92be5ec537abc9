"""The page for developers says what the data says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.faults import FAULTS
from retrotread.devices.simulated.page import differences_table, faults_table, kinds_list, renewed, usual_table
from retrotread.devices.simulated.treadmill import SimulatedTreadmill

PAGE = Path(__file__).parents[3] / "docs" / "simulated-treadmill.md"


def test_the_tables_of_the_page_are_those_of_the_data() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == renewed(page), "run: python -m retrotread.devices.simulated.page docs/simulated-treadmill.md"


def test_figures_are_shown_in_the_units_of_people() -> None:
    usual, differing = usual_table(), differences_table()
    assert "| `speed_min_ckph` | 0.5 km/h | " in usual
    assert "| `incline_increment_dpct` | 0.5 % | " in usual
    assert "| `spike_every_s` | never | " in usual
    assert "| `rounding` | down | " in usual
    assert "| ignores-stop | `obeys_stop` | no | " in differing
    assert "| mph-speaker | `kph_per_set_kph` | 1.60934 | " in differing
    assert "| mph-console | `speed_unit` | mph | " in differing


def test_a_page_without_a_part_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks the lines '<!-- begin options -->' and"):
        renewed("# A page")


def _items(text: str) -> list[str]:
    """The first words of each item of a list; wording may differ after them."""
    return [" ".join(item.split()[:2]) for item in re.findall(r"^\s*- (.*)$", text, re.MULTILINE)]


def test_the_page_and_the_docstring_leave_out_the_same_things() -> None:
    docstring = (SimulatedTreadmill.__doc__ or "").partition("Not simulated:")[2]
    section = PAGE.read_text(encoding="utf-8").partition("## What is not simulated")[2].partition("##")[0]
    assert len(_items(docstring)) == len(_items(section)) >= 8


def test_every_kind_and_every_fault_is_described() -> None:
    assert all(f"- **{name}** " in kinds_list() for name in ARCHETYPES)
    assert all(f"| `{name}` | " in faults_table() for name in FAULTS)
