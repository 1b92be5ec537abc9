"""Where a person is told to stand: on rails only where the machine has them."""

from dataclasses import replace

import pytest

from retrotread.safety.modes import Mode
from retrotread.tui.standing_place import stand_facing_text, stand_text, stay_text, step_on_text

from .conftest import PROFILE, a_view, still, waiting_view

PAD = a_view(snapshot=still(Mode.IDLE), profile=replace(PROFILE, name="A pad without rails", rails=False))


def _all_words(view: object) -> tuple[str, ...]:
    return (stand_text(view), stand_facing_text(view, "the console"), stay_text(view), step_on_text(view))  # type: ignore[arg-type]


def test_a_machine_with_rails_has_them_named_wherever_somebody_stands_or_steps_on() -> None:
    assert _all_words(waiting_view()) == (
        "feet on the rails beside the belt",
        "Stand on the side rails, facing the console, both hands on the rails.",
        "Stay on the side rails. A stop key stops it.",
        "hold the rails and step on",
    )


@pytest.mark.parametrize("view", [PAD, a_view(profile=None)], ids=["no rails", "no machine yet"])
def test_nobody_is_sent_to_rails_that_are_not_known(view: object) -> None:
    assert _all_words(view) == (
        "both feet beside the belt",
        "Stand beside the belt, both feet off it, facing the console.",
        "Stay beside the belt. A stop key stops it.",
        "step on",
    )
