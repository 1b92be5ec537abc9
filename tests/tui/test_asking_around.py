"""Pain before a session, pain and effort after it: asked with their key, kept with their moment, holding up nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from tests.tui.conftest import (
    A_SUMMARY,
    SIMULATED,
    FakeControls,
    a_run,
    a_snapshot,
    a_view,
    an_offer,
    still,
    waiting_view,
)
from tests.tui.plain_typist import a_typist, latched

from retrotread.safety.modes import Mode
from retrotread.sessions.view import Control, RunView
from retrotread.training.answers import Answers
from retrotread.training.history import Event
from retrotread.training.stretches import STRETCHES
from retrotread.tui.door import StopDoor
from retrotread.tui.feeling import EFFORT_TEXT, MISHAP_TEXT, NOT_TODAY, PAIN_TEXT, UNSAID, ask_text
from retrotread.tui.frame import Frame, Run, next_frame
from retrotread.tui.plain_after import summary_lines
from retrotread.tui.plain_asking_after import WAITS_S, ask_after
from retrotread.tui.plain_input import Press
from retrotread.tui.plain_talk import Talk
from retrotread.workouts.engine import Phase

DONE = a_view(Phase.FINISHED, still(Mode.IDLE), summary=A_SUMMARY)
BEFORE = waiting_view()


def frame_of(view: RunView, controls: FakeControls | None = None) -> Frame:
    controls = controls or FakeControls()
    controls.now = view
    return next_frame(None, Run(controls, an_offer(), SIMULATED), 10.0, None)


# --- what is asked ----------------------------------------------------------------------------------------------


def test_pain_is_asked_before_the_belt_moves_and_both_after_the_end() -> None:
    assert ask_text(frame_of(BEFORE)) == f"u: how much does it hurt before you start, 0 to 10? {UNSAID}"
    assert ask_text(frame_of(DONE)) == f"u: how was it? Pain and effort, 0 to 10. {UNSAID}"


@pytest.mark.parametrize(
    "view",
    [
        a_view(snapshot=a_snapshot()),
        a_view(Phase.PAUSED, still(Mode.PAUSED)),
        replace(BEFORE, empty_belt=True),
        replace(BEFORE, control=Control.COACHED),
        replace(DONE, empty_belt=True),
    ],
    ids=["moving", "paused", "empty belt before", "set by hand", "empty belt after"],
)
def test_nothing_is_asked_in_motion_in_between_or_of_an_empty_belt(view: RunView) -> None:
    assert ask_text(frame_of(view)) == ""


def test_what_was_said_stands_there_in_the_place_of_the_question() -> None:
    assert ask_text(frame_of(replace(BEFORE, told=Answers(pain_before=2)))) == "Pain before: 2 of 10."
    said = ask_text(frame_of(replace(DONE, told=Answers(pain_after=1, effort=4))))
    assert said.startswith("Said: pain 1 of 10, effort 4 of 10.")
    assert UNSAID in ask_text(frame_of(replace(DONE, told=Answers(effort=4))))


# --- on the screens ---------------------------------------------------------------------------------------------


async def test_the_page_before_a_start_asks_for_pain_and_leaves_room_for_everything_else() -> None:
    async with a_run(BEFORE) as stand:
        shown = " ".join((await stand.see(BEFORE)).split())
        assert "u: how much does it hurt before you start, 0 to 10?" in shown
        assert "Nothing is missing." in shown
        await stand.press("u", "2", "n")
        assert stand.controls.asked() == ["rate 2 None"]
        assert "Pain before: 2 of 10." in await stand.see(replace(BEFORE, told=Answers(pain_before=2)))


async def test_the_page_after_a_run_asks_and_u_and_two_numbers_answer() -> None:
    async with a_run(DONE) as stand:
        assert "u: how was it? Pain and effort, 0 to 10." in await stand.see(DONE)
        await stand.press("u", "1", "4")
        assert stand.controls.asked() == ["rate 1 4"]
        await stand.press("f")
        assert stand.controls.asked() == ["rate 1 4", "happened fall"]
        shown = " ".join((await stand.see(replace(DONE, happened=Event.FALL))).split())
        assert f"You said that you fell. {NOT_TODAY}" in shown
        shown = await stand.see(replace(DONE, told=Answers(pain_after=1, effort=4)))
        assert "Said: pain 1 of 10, effort 4 of 10." in shown


# --- in --plain -------------------------------------------------------------------------------------------------


def test_in_plain_pain_is_asked_when_a_start_is_and_holds_it_up_in_nothing() -> None:
    with a_typist(BEFORE) as typist:
        typist.tick_all()
        typist.read("u: how much does it hurt before you start")
        typist.type("u", "2", "n")
        typist.asked("rate 2 None")


def test_on_a_pipe_the_end_of_a_run_waits_for_nobody() -> None:
    with a_typist(latched(mode=Mode.IDLE, phase=Phase.FINISHED, summary=A_SUMMARY)) as typist:
        typist.open()
        assert typist.ended() == 0
        assert typist.read_all(PAIN_TEXT) == []


@dataclass
class Keys:
    """A keyboard on a terminal: one press a look, None for none; each look takes a tenth of a second."""

    presses: list[str | None]
    on_terminal: bool = True
    looked: int = 0

    @property
    def ended(self) -> bool:
        return False

    def next(self, wait_s: float) -> Press | None:
        self.looked += 1
        key = self.presses.pop(0) if self.presses else None
        return None if key is None else Press(key, text=key)


@dataclass
class Asking:
    """Somebody at the end of a run on a terminal."""

    keys: Keys
    lines: list[str] = field(default_factory=list)

    def now_s(self) -> float:
        return self.keys.looked / 10

    def ask(self, view: RunView = DONE) -> list[str]:
        controls = FakeControls()
        talk = Talk(self.keys, StopDoor(), self.lines.append, lambda: None, self.now_s)  # type: ignore[arg-type]
        ask_after(talk, controls, frame_of(view, controls))
        return controls.asked()


def test_on_a_terminal_both_questions_come_one_after_the_other() -> None:
    asking = Asking(Keys([None, "3", None, "t"]))
    assert asking.ask() == ["rate 3 10"]
    asked = zip(asking.lines, (PAIN_TEXT, EFFORT_TEXT, MISHAP_TEXT), strict=True)
    assert [line.startswith(text) for line, text in asked] == [True, True, True]


@pytest.mark.parametrize(
    ("presses", "asked", "questions"),
    [
        (["n", "6", "f"], ["rate None 6", "happened fall"], 3),
        (["n", "6", "n"], ["rate None 6"], 3),
        (["3", "x"], ["rate 3 None"], 2),
        (["x", "6"], [], 1),
        (["n", "n", "l"], ["happened near-fall"], 3),
        ([], [], 1),
    ],
)
def test_no_answer_is_none_and_any_other_key_ends_the_asking(
    presses: list[str | None], asked: list[str], questions: int
) -> None:
    asking = Asking(Keys(presses))
    assert asking.ask() == asked
    assert len(asking.lines) == questions


def test_nobody_is_waited_for_longer_than_a_minute() -> None:
    keys = Keys([])
    Asking(keys).ask()
    assert keys.looked == WAITS_S * 10


@pytest.mark.parametrize(
    "view",
    [
        replace(DONE, told=Answers(pain_after=1, effort=4)),
        replace(DONE, empty_belt=True),
        a_view(snapshot=a_snapshot()),
    ],
)
def test_what_was_said_is_not_asked_again_nor_anything_of_a_moving_or_empty_belt(view: RunView) -> None:
    asking = Asking(Keys(["3", "3"]))
    assert (asking.ask(view), asking.lines) == ([], [])


def test_after_a_run_the_stretches_are_named_with_their_muscles() -> None:
    lines = summary_lines(DONE, A_SUMMARY, ("stretch lower limbs",))
    assert [line for line in lines if line.startswith("now: stretch lower limbs, 30 s a side")]
    assert len([line for line in lines if line.startswith("stretch: ")]) == len(STRETCHES)
    assert not [line for line in summary_lines(DONE, A_SUMMARY, ("walk home",)) if line.startswith("stretch: ")]
