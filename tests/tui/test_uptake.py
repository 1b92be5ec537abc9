"""The oxygen uptake of a run: an estimate, and shown as one."""

from __future__ import annotations

from dataclasses import replace

from tests.tui.conftest import A_SUMMARY, a_run, a_view, still

from retrotread.safety.modes import Mode
from retrotread.sessions.steady_done import Uptake
from retrotread.training.estimates.ranges import Range
from retrotread.tui.done import uptake_text
from retrotread.tui.plain_after import summary_lines
from retrotread.workouts.engine import Phase

DONE = replace(A_SUMMARY, uptake=Uptake(Range(2.314, 3.394), 600.0, ("acsm-walk v1", "backward-walk v1")))
SAID = "estimate 2.3 to 3.4 times that of rest (MET), over the 10:00 at even speeds"


async def test_the_summary_has_a_range_with_two_figures_and_the_word_estimate() -> None:
    assert uptake_text(DONE) == SAID
    async with a_run(a_view(Phase.FINISHED, still(Mode.IDLE), summary=DONE)) as stand:
        assert f"Oxygen    {SAID[:60]}" in stand.screen


async def test_where_nothing_can_be_said_nothing_stands() -> None:
    assert uptake_text(A_SUMMARY) == ""
    async with a_run(a_view(Phase.FINISHED, still(Mode.IDLE), summary=A_SUMMARY)) as stand:
        assert "Oxygen" not in stand.screen


def test_and_so_it_is_in_lines() -> None:
    view = a_view(Phase.FINISHED, still(Mode.IDLE), summary=DONE)
    assert f"oxygen: {SAID}" in summary_lines(view, DONE, ())
    assert not [line for line in summary_lines(view, A_SUMMARY, ()) if "oxygen" in line]
