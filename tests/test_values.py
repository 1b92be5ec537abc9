"""A value that is made often is the same value: its fields, names and defaults, and that nobody changes it."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from retrotread.values import value


@dataclass(frozen=True, slots=True)
class Plain:
    """As it is written by the standard library."""

    speed_ckph: int
    incline_dpct: int | None = None
    names: tuple[str, ...] = ("a", "b")


@value
class Often:
    """The same."""

    speed_ckph: int
    incline_dpct: int | None = None
    names: tuple[str, ...] = ("a", "b")


def test_it_is_made_by_position_by_name_and_with_its_defaults() -> None:
    assert repr(Often(1)) == repr(Plain(1)).replace("Plain", "Often")
    assert Often(1, names=()) == Often(1, None, ()) == replace(Often(1), names=())
    assert hash(Often(1, 2)) == hash(Plain(1, 2))
    with pytest.raises(TypeError, match="speed_ckph"):
        Often()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword"):
        Often(1, speed=2)  # type: ignore[call-arg]


def test_it_stays_frozen_and_travels() -> None:
    made = Often(1, 2)
    with pytest.raises(FrozenInstanceError):
        made.speed_ckph = 3  # type: ignore[misc]
    assert not hasattr(made, "__dict__")
    assert pickle.loads(pickle.dumps(made)) == made


def test_one_that_does_more_than_fill_its_fields_is_refused() -> None:
    class Made:
        names: list[str] = field(default_factory=list)

    class Checked:
        speed_ckph: int

        def __post_init__(self) -> None:
            raise ValueError

    for one in (Made, Checked):
        with pytest.raises(TypeError, match="does more than fill its fields"):
            value(one)
