"""What a person says of themselves, on the screens and in --plain: the attention check, "I feel ...", two numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.tui.conftest import a_run, a_snapshot, a_view, still
from tests.tui.plain_typist import Typist, a_typist, latched, moving

from retrotread.safety.attention import AnsweredBy
from retrotread.safety.feeling import Symptom
from retrotread.safety.hazards import Hazard
from retrotread.safety.modes import Mode
from retrotread.safety.policy import cause
from retrotread.sessions.person import Person, Remote
from retrotread.sessions.view import RunView
from retrotread.tui.feeling import CHOICES, NOT_TODAY, level, referral_text
from retrotread.tui.screens.feel import FeelDialog, RateDialog
from retrotread.workouts.engine import Phase

ASKED = cause(Hazard.ATTENTION_ASKED, "the attention check has waited for an answer for 3.0 s")
LATE = cause(Hazard.ATTENTION_LATE, "nobody has answered the attention check for 12.0 s (limit 10.0 s)")
LIVE = a_view(snapshot=a_snapshot())
CHECKED = a_view(snapshot=a_snapshot(causes=(ASKED,)))
UNANSWERED = a_view(snapshot=a_snapshot(causes=(ASKED, LATE)))
FELT = cause(Hazard.SYMPTOM_AT_ONCE, "the person says: dizzy, faint, or confused")
STOPPED = a_view(Phase.STOPPED, still(Mode.LATCHED, causes=(FELT,)), symptom=Symptom.DIZZY)
WITH_REMOTE = Person("Kim", adult=True, remote=Remote("pagedown", "home"))


# --- the attention check ------------------------------------------------------------------------------------------


async def test_the_attention_check_stands_over_the_page_with_its_key_and_what_follows() -> None:
    async with a_run(LIVE) as stand:
        assert "ALL WELL?" not in await stand.see(LIVE)
        assert "ALL WELL?   Press y: yes." in await stand.see(CHECKED)
        assert "nobody has answered the attention check" in await stand.see(UNANSWERED)
        assert "S T O P" in await stand.see(UNANSWERED)


async def test_y_and_the_key_in_the_hand_answer_the_check_and_neither_stops() -> None:
    async with a_run(CHECKED, person=WITH_REMOTE) as stand:
        assert "Press y or home: yes." in await stand.see(CHECKED)
        await stand.press("y", "home")
        assert stand.controls.asked() == ["all_right", "all_right"]


async def test_while_the_belt_moves_each_press_is_passed_on_so_that_a_held_key_is_known() -> None:
    async with a_run(LIVE) as stand:
        await stand.press("y")
        assert stand.controls.asked() == ["all_right"]


async def test_the_check_stands_on_a_small_terminal_too() -> None:
    async with a_run(CHECKED, size=(60, 12)) as stand:
        assert "ALL WELL?" in await stand.see(CHECKED)


# --- I feel -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "what"), [(key, what) for key, (what, _) in CHOICES.items()])
async def test_two_keys_say_what_is_felt(key: str, what: Symptom) -> None:
    async with a_run(LIVE) as stand:
        await stand.press("i")
        assert isinstance(stand.app.screen, FeelDialog)
        await stand.press(key)
        assert stand.controls.asked() == [f"feel {what.value}"]
        assert not isinstance(stand.app.screen, FeelDialog)


def test_every_symptom_can_be_said() -> None:
    assert {what for what, _ in CHOICES.values()} == set(Symptom)


async def test_a_key_that_is_no_choice_closes_the_question_and_a_stop_key_stops() -> None:
    async with a_run(LIVE) as stand:
        await stand.press("i", "8")
        assert stand.controls.asked() == []
        assert not isinstance(stand.app.screen, FeelDialog)
        await stand.press("i", "space")
        assert stand.controls.stops
        assert not isinstance(stand.app.screen, FeelDialog)


async def test_in_a_start_and_beside_an_empty_belt_there_is_no_such_question() -> None:
    for view in (
        a_view(Phase.WAITING_FOR_START, still(Mode.COUNTDOWN, start_in_s=9.0)),
        a_view(snapshot=a_snapshot(), empty_belt=True),
    ):
        async with a_run(view) as stand:
            await stand.press("i")
            assert not isinstance(stand.app.screen, FeelDialog)


async def test_after_it_the_way_to_help_stands_there_and_no_word_of_comfort() -> None:
    async with a_run(STOPPED) as stand:
        screen = " ".join((await stand.see(STOPPED)).split())
        assert "call the emergency number now" in screen
        assert "nor whether it is harmless" in screen
    assert referral_text(replace(STOPPED, symptom=Symptom.BREATH)) == f"You said: short of breath. {NOT_TODAY}"
    assert referral_text(replace(STOPPED, symptom=None)) == ""
    assert "safe" not in referral_text(STOPPED)


# --- pain and effort ----------------------------------------------------------------------------------------------


def may_be_rated(answers: AnsweredBy, mode: Mode) -> RunView:
    snapshot = a_snapshot(mode) if mode is Mode.RUN else still(mode)
    return a_view(Phase.PAUSED if mode is Mode.PAUSED else Phase.RUNNING, snapshot, answers=answers)


@pytest.mark.parametrize(
    ("answers", "mode", "asked"),
    [
        (AnsweredBy.SUPERVISOR, Mode.RUN, True),
        (AnsweredBy.HAND, Mode.RUN, False),
        (AnsweredBy.NOBODY, Mode.RUN, False),
        (AnsweredBy.NOBODY, Mode.PAUSED, True),
    ],
)
async def test_numbers_are_said_at_rest_or_by_a_supervisor(answers: AnsweredBy, mode: Mode, asked: bool) -> None:
    async with a_run(may_be_rated(answers, mode)) as stand:
        await stand.press("u")
        assert isinstance(stand.app.screen, RateDialog) is asked


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        (("4", "7"), ["rate 4 7"]),
        (("t", "0"), ["rate 10 0"]),
        (("n", "9"), ["rate None 9"]),
        (("3", "n"), ["rate 3 None"]),
        (("3", "z"), []),
    ],
)
async def test_pain_comes_first_then_effort_and_no_answer_is_none(keys: tuple[str, str], asked: list[str]) -> None:
    async with a_run(LIVE) as stand:
        await stand.press("u", *keys)
        assert stand.controls.asked() == asked
        assert not isinstance(stand.app.screen, RateDialog)


def test_only_a_number_of_the_scale_is_one() -> None:
    said = {key: level(key) for key in ("0", "9", "t", "10", "11", "-1", "n", "", "x", "\N{SUPERSCRIPT TWO}")}
    assert {key for key, number in said.items() if number is not None} == {"0", "9", "t", "10"}


# --- in --plain ---------------------------------------------------------------------------------------------------


@pytest.fixture
def running() -> Iterator[Typist]:
    with a_typist(moving()) as typist:
        typist.open()
        typist.read("step 2 of 8")
        yield typist


def test_in_plain_the_check_is_a_line_and_y_answers_it(running: Typist) -> None:
    running.see(replace(moving(), snapshot=a_snapshot(causes=(ASKED,))))
    running.read("ALL WELL?")
    running.type("y")
    running.asked("all_right")


def test_in_plain_i_and_a_digit_say_what_is_felt(running: Typist) -> None:
    running.type("i")
    running.read("3: dizzy, faint, or confused")
    running.type("3")
    running.asked("feel dizzy, faint, or confused")
    running.see(replace(latched(FELT), symptom=Symptom.DIZZY))
    running.read("call the emergency number now")


def test_in_plain_u_and_two_numbers_rate(running: Typist) -> None:
    running.type("u")
    running.read("PAIN now")
    running.type("10")
    running.read("EFFORT now")
    running.type("8")
    running.asked("rate 10 8")


def test_in_plain_a_digit_alone_says_nothing_and_another_key_means_what_it_does(running: Typist) -> None:
    running.type("3", "i", "p")
    running.asked("pause")
