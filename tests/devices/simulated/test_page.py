"""The page for developers says what the data says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.page import archetypes_table, renewed
from retrotread.devices.simulated.treadmill import SimulatedTreadmill

PAGE = Path(__file__).parents[3] / "docs" / "simulated-treadmill.md"


def test_the_tables_of_the_page_are_those_of_the_data() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == renewed(page), "run: python -m retrotread.devices.simulated.page docs/simulated-treadmill.md"


def test_figures_are_shown_in_the_units_of_people() -> None:
    table = archetypes_table()
    assert "| `speed_min_ckph` | 0.5 km/h | 0.8 km/h | 0.5 km/h |" in table
    assert "| `incline_increment_dpct` | 0.5 % | 0.5 % | 0.5 % |" in table
    assert "| `obeys_stop` | yes | yes | no |" in table


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


def test_every_kind_is_described() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"- **{name}** " in page for name in ARCHETYPES)
