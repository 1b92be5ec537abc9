"""The table of what is kept names every field of the state, and the abstraction does what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.proof.explore.details import DETAILS, DROPPED, as_markdown, how, leaves
from tests.proof.explore.test_blind import BLIND

PAGE = Path(__file__).parents[3] / "docs" / "safety" / "explorer.md"
ROWS = {field: one for one in DETAILS for field in one.fields}


def test_every_field_of_the_state_is_in_the_table_once() -> None:
    assert sorted(field for one in DETAILS for field in one.fields) == sorted(leaves())


@pytest.mark.parametrize("field", ROWS)
def test_the_abstraction_does_with_a_field_what_the_table_says(field: str) -> None:
    assert how(field) == ROWS[field].how


def test_what_is_dropped_has_a_defect_that_hides_in_it() -> None:
    planted = {one.detail for one in BLIND}
    assert [one.fields for one in DETAILS if one.how == DROPPED and not one.blind] == []
    assert {one.blind for one in DETAILS if one.blind} <= planted


def test_the_page_shows_the_table() -> None:
    assert as_markdown() in PAGE.read_text(encoding="utf-8")
