"""Values over time as bars of characters."""

from __future__ import annotations

import pytest

from retrotread.tui.bars import columns, lying, upright


def test_a_column_has_the_highest_value_in_it() -> None:
    assert columns([(0.0, 1.0), (1.0, 3.0), (2.0, 2.0), (3.0, 1.0)], 0.0, 4.0, 2) == [3.0, 2.0]


def test_a_column_without_a_point_has_the_value_before_it_until_a_silence() -> None:
    assert columns([(0.0, 1.0), (5.0, None), (8.0, 2.0)], 0.0, 10.0, 10) == [
        1.0, 1.0, 1.0, 1.0, 1.0, None, None, None, 2.0, None,
    ]  # fmt: skip


def test_no_point_is_no_column() -> None:
    assert columns([], 0.0, 10.0, 3) == [None, None, None]
    assert columns([(4.0, 1.0)], 4.0, 4.0, 3) == [1.0, None, None]


def test_upright_bars_fill_their_room_and_a_standstill_is_a_thin_line() -> None:
    assert upright([4.0, 2.0, 1.0, 0.0, None], 4.0, 2) == ["█    ", "██▄▁ "]


def test_without_a_scale_everything_is_a_thin_line() -> None:
    assert upright([0.0], 0.0, 1) == ["▁"]


@pytest.mark.parametrize(
    ("value", "bar"), [(0.0, ""), (0.01, "▏"), (1.0, "█▎"), (4.0, "█████"), (9.0, "█████")]
)  # fmt: skip
def test_a_lying_bar_is_as_long_as_its_value(value: float, bar: str) -> None:
    assert lying(value, 4.0, 5) == bar


def test_a_bar_of_nothing_is_none() -> None:
    assert lying(0.0, 0.0, 5) == ""
