"""The heart rate on the screens and in the lines: with its ceiling, and why there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.tui import conftest
from tests.tui.conftest import (
    A_SUMMARY,
    SIMULATED,
    FakeControls,
    FakeLauncher,
    a_run,
    a_snapshot,
    a_view,
    still,
    waiting_view,
)
from tests.tui.test_plain_lines import Reader

from retrotread.guardian.messages import HeartShown
from retrotread.safety.modes import Mode
from retrotread.tui.done import heart_done_text
from retrotread.tui.frame import Run
from retrotread.tui.heart import heart_short, heart_text
from retrotread.workouts.engine import Phase


@pytest.fixture
def reader(controls: FakeControls, launcher: FakeLauncher) -> Reader:
    return Reader(Run(controls, launcher.on_offer[0], SIMULATED), conftest)


BEATING = HeartShown(132, 0.4, True, 150)
LIVE = a_view(snapshot=a_snapshot(heart=BEATING))


@pytest.mark.parametrize(
    ("heart", "short", "text"),
    [
        (None, "", ""),
        (BEATING, "HEART 132 of 150", "heart 132 of at most 150"),
        (HeartShown(132, 0.4, None, None), "HEART 132", "heart 132"),
        (HeartShown(132, 0.4, False, 150), "HEART no contact", "heart rate no contact"),
        (HeartShown(132, 5.0, True, 150), "HEART late", "heart rate late"),
        (HeartShown(132, 12.4, True, 150), "HEART lost 12 s", "heart rate lost 12 s"),
        (HeartShown(None, None, None, 150), "HEART not heard", "heart rate not heard"),
        (HeartShown(None, 60_000.0, None, 150), "HEART lost 999 s", "heart rate lost 999 s"),
    ],
)
def test_a_rate_is_said_with_its_ceiling_and_the_want_of_one_with_its_cause(
    heart: HeartShown | None, short: str, text: str
) -> None:
    assert (heart_short(heart), heart_text(heart)) == (short, text)
    assert len(short) <= 16, "what is left beside the digits on the smallest terminal"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_rate_stands_beside_the_digits_with_everything_else(size: tuple[int, int]) -> None:
    async with a_run(LIVE, size=size) as stand:
        for part in ("HEART 132 of 150", "INCLINE 0.0 %", "backward", "61 m", "run"):
            assert part in stand.screen


async def test_without_a_strap_nothing_is_said_of_a_heart() -> None:
    async with a_run(a_view(snapshot=a_snapshot())) as stand:
        assert "HEART" not in stand.screen


async def test_digits_that_fill_the_screen_have_it_too() -> None:
    async with a_run(LIVE) as stand:
        await stand.press("d")
        assert "HEART 132 of 150" in stand.screen


async def test_why_the_strap_is_not_heard_stands_on_the_page() -> None:
    trouble = "the strap is out of reach; move closer"
    lost = a_snapshot(heart=HeartShown(None, 12.0, None, 150, trouble))
    async with a_run(a_view(snapshot=lost)) as stand:
        assert "HEART lost 12 s" in stand.screen
        assert f"! {trouble}" in stand.screen


async def test_the_strap_is_seen_to_work_before_the_start() -> None:
    waiting = replace(waiting_view(), snapshot=still(Mode.IDLE, heart=HeartShown(71, 0.2, True, None)))
    async with a_run(waiting) as stand:
        assert "Strap: heart 71." in " ".join(stand.screen.split())


def test_lines_tell_it_when_it_comes_and_goes_and_with_the_progress(reader: Reader) -> None:
    assert "note: heart 132 of at most 150" in reader.see(reader.running(heart=BEATING))
    other = replace(BEATING, bpm=140)
    assert not [one for one in reader.see(reader.running(heart=other)) if "heart" in one]
    progress = [one for one in reader.see(reader.running(heart=other), after_s=15.0) if one.startswith("measured")]
    assert "heart 140 of at most 150" in progress[0]
    gone = replace(other, contact=False, trouble="wet its electrodes")
    assert "note: heart rate no contact: wet its electrodes" in reader.see(reader.running(heart=gone))
    assert "note: heart 140 of at most 150" in reader.see(reader.running(heart=other))


async def test_the_summary_has_the_mean_and_the_highest() -> None:
    done = replace(A_SUMMARY, heart_mean_bpm=121, heart_max_bpm=148)
    assert heart_done_text(done) == "mean 121, highest 148 beats per minute"
    assert heart_done_text(A_SUMMARY) == ""
    async with a_run(a_view(Phase.FINISHED, still(Mode.IDLE), summary=done)) as stand:
        assert "Heart     mean 121, highest 148 beats per minute" in stand.screen


async def test_what_this_computer_cannot_do_stands_on_the_running_page() -> None:
    async with a_run(replace(a_view(snapshot=a_snapshot()), computer="it may fall asleep: no logind")) as stand:
        assert "this computer: it may fall asleep: no logind" in stand.screen


def test_and_is_a_line_once(reader: Reader) -> None:
    views = [replace(view, computer="it may fall asleep") for view in (reader.waiting(), reader.running())]
    told = [one for view in views for one in reader.see(view)]
    assert told.count("note: this computer: it may fall asleep") == 1
