"""What is said of a belt without its link: only its own full qualification may say that it stops."""

from __future__ import annotations

import pytest

from retrotread.machine import Capabilities, DeviceProfile, Qualification
from retrotread.sessions.link_lost import runs_on, when_disconnected

RUNS_ON = "This model keeps running when disconnected."
STOPS = "This model stops when disconnected."
NOBODY_KNOWS = "Nobody knows what this model does when disconnected."


@pytest.mark.parametrize(
    ("told", "qualification", "sentence"),
    [
        (True, Qualification.NONE, RUNS_ON),
        (True, Qualification.FULL, RUNS_ON),
        (False, Qualification.NONE, NOBODY_KNOWS),
        (False, Qualification.QUICK, NOBODY_KNOWS),
        (False, Qualification.FULL, STOPS),
        (None, Qualification.FULL, NOBODY_KNOWS),
    ],
)
def test_only_a_full_qualification_may_say_that_a_belt_stops(
    told: bool | None, qualification: Qualification, sentence: str
) -> None:
    machine = DeviceProfile("it", Capabilities(50, 1600, 10), runs_on_when_link_lost=told, qualification=qualification)
    assert when_disconnected(machine) == sentence
    assert runs_on(machine) is {RUNS_ON: True, STOPS: False, NOBODY_KNOWS: None}[sentence]


def test_of_a_machine_that_was_never_met_nobody_knows() -> None:
    assert when_disconnected(None) == NOBODY_KNOWS
