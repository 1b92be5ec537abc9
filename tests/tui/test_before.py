"""What is asked at a start before anything else: the morning, the night, and what somebody is held back by."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from textwrap import wrap

import pytest
from tests.tui.conftest import (
    A_SUMMARY,
    KIM,
    FakeControls,
    FakeLauncher,
    SetClock,
    an_offer,
    painted,
    press,
    set_up,
    settled,
)
from tests.tui.plain_typist import a_typist

from retrotread.sessions.diary import Ailing, Ailment, Held
from retrotread.sessions.owed import NOTHING_OWED, Answered, LastRun, Owed
from retrotread.sessions.person import Health, Person
from retrotread.sessions.view import Offer
from retrotread.tui.app import RetroApp
from retrotread.tui.before import KEYS, UNSAID, Question, before, pressed
from retrotread.tui.screens import setup
from retrotread.tui.screens.before import BeforePage
from retrotread.tui.screens.page import COLUMNS, ROWS
from retrotread.tui.screens.setup import SetupPage

MORNING = Owed(LastRun("ab12", date(2026, 3, 2), "Ladder 3: ten minutes"), night=True)
HELD = Owed(held=Held("ab12", "2026-03-02", "pain or pressure in the chest"))
TODAY = Owed(pain=True)
DAILY = Owed(well=True)
ILL = Owed(well=True, ill=date(2026, 3, 1))
HURT = Owed(held=Ailing("2026-03-02", Ailment.INJURED, "knee"))
FELL = Owed(held=Held("ab12", "2026-03-02", "fall"))


def answered(owed: Owed, *keys: str) -> Answered | None:
    """What is known after these keys; None while something is still asked."""
    asked = before(owed)
    for key in keys:
        asked = pressed(asked, key)
    return asked.answered if asked.question is None else None


# --- the questions ----------------------------------------------------------------------------------------------


def test_each_question_says_what_it_is_about() -> None:
    asked = before(replace(MORNING, held=HELD.held))
    texts = []
    for key in ("enter", "enter", "n", "n"):
        texts.append(asked.text)
        asked = pressed(asked, key)
    assert texts[0].startswith("PAIN on the morning after your last run (Ladder 3: ten minutes, Monday 2026-03-02)")
    assert texts[1] == "How was the night?"
    assert "a fall in the last twelve months" in texts[2]
    assert texts[3].startswith("In the run of 2026-03-02 you said what you felt: pain or pressure in the chest. Has a")
    assert before(FELL).owed.held is not None
    assert pressed(before(FELL), "n").text.startswith("In the run of 2026-03-02 you fell. Has a doctor")
    assert pressed(before(HURT), "n").text.startswith("On 2026-03-02 you said that something was newly injured: knee.")
    assert before(TODAY).text.startswith("PAIN today, before you begin, from 0")
    assert before(DAILY).text == "Are you ill, or is something newly injured?"
    assert before(ILL).text == "You said that you are ill, since 2026-03-01. Are you well again?"
    assert before(Owed(ask_first=True)).text.startswith("One of the questions about your health was answered with yes.")


@pytest.mark.parametrize(
    ("owed", "keys", "expected"),
    [
        (MORNING, ["3", "b"], Answered(pain=3, slept_badly=True)),
        (MORNING, ["t", "W"], Answered(pain=10, slept_badly=False)),
        (MORNING, ["enter", "enter"], Answered()),
        (MORNING, ["n", "pagedown"], Answered()),
        (MORNING, ["x", "0", "9", "n"], Answered(pain=0)),
        (TODAY, ["4"], Answered(pain_today=4)),
        (TODAY, ["enter"], Answered()),
        (DAILY, ["f"], Answered(ailment=Ailment.NEITHER)),
        (DAILY, ["I"], Answered(ailment=Ailment.ILL)),
        (DAILY, ["3", "enter"], Answered()),
        (DAILY, ["j", "3"], Answered(ailment=Ailment.INJURED, where="knee")),
        (DAILY, ["j", "f", "n"], Answered(ailment=Ailment.INJURED)),
        (ILL, ["n"], Answered()),
        (ILL, ["f"], Answered(ailment=Ailment.NEITHER)),
        (HELD, ["n", "y"], Answered(conditions=False, agreed=True)),
        (HELD, ["y", "n"], Answered(conditions=True)),
        (HELD, ["enter", "n", "enter"], Answered(conditions=False)),
        (Owed(ask_first=True), ["y"], Answered(agreed=True)),
        (Owed(ask_first=True), ["enter"], Answered()),
    ],
)
def test_an_answer_takes_its_own_key_and_enter_is_none(owed: Owed, keys: list[str], expected: Answered) -> None:
    assert answered(owed, *keys) == expected
    assert answered(owed, *keys[:-1]) is None


def test_nothing_but_its_own_keys_goes_past_the_question_of_conditions() -> None:
    for key in ("enter", "pagedown", "space", "x", "1"):
        assert pressed(before(HELD), key).question is Question.CONDITIONS


# --- on the screens ---------------------------------------------------------------------------------------------


async def at_start(owed: Owed, who: Person, size: tuple[int, int], *keys: str) -> tuple[FakeLauncher, str, bool]:
    """The launcher, what stands on the terminal after these keys, and whether that is the set-up."""
    launcher = FakeLauncher()
    launcher.who, launcher.owes = who, owed
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=size):
        await set_up(app)
        for key in keys:
            await press(app, key)
            await settled(app)
        await set_up(app)
        return launcher, painted(app), isinstance(app.screen, SetupPage)


async def test_what_is_owed_is_asked_before_the_set_up_and_once() -> None:
    launcher, shown, at_set_up = await at_start(MORNING, KIM, (80, 24))
    assert not at_set_up
    assert "PAIN on the morning after your last run" in shown
    assert UNSAID in shown
    launcher, shown, at_set_up = await at_start(MORNING, KIM, (80, 24), "2", "b")
    assert at_set_up
    assert launcher.answers == [Answered(pain=2, slept_badly=True)]
    assert "First backward steps" in shown


async def test_a_program_left_open_overnight_asks_in_the_morning_and_reads_what_is_on_offer_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = datetime(2026, 3, 2, 22, tzinfo=UTC)
    monkeypatch.setattr(setup, "wall_now", lambda: now)
    launcher = FakeLauncher()
    launcher.owes = TODAY
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=(80, 24)):
        await set_up(app)
        await press(app, "1")
        await set_up(app)
        await press(app, "l")
        await set_up(app)
        now, launcher.owes = now + timedelta(hours=12), MORNING
        launcher.on_offer = (an_offer(title="What the morning has"),)
        await press(app, "enter")
        await settled(app)
        assert launcher.launched == []
        assert "PAIN on the morning after your last run" in painted(app)
        await press(app, "2", "w")
        await set_up(app)
        assert launcher.answers == [Answered(pain_today=1), Answered(pain=2, slept_badly=False)]
        assert "What the morning has" in painted(app)
        assert isinstance(app.screen, SetupPage)
        assert app.screen.choice.alone
        launcher.owes = NOTHING_OWED
        await press(app, "enter")
        await settled(app)
        assert len(launcher.launched) == 1


async def test_who_is_cleared_goes_on_as_somebody_who_is_not_held_back() -> None:
    held = replace(KIM, held="in the run of 2026-03-02 you fell")
    launcher, _, at_set_up = await at_start(FELL, held, (80, 24), "n", "y")
    assert at_set_up
    assert launcher.who == replace(KIM, health=Health.NOTHING)
    assert launcher.answers == [Answered(conditions=False, agreed=True)]


async def test_an_answer_that_cannot_be_kept_is_told_and_keeps_nobody_from_the_set_up() -> None:
    launcher = FakeLauncher()
    launcher.owes, launcher.cannot_keep = MORNING, "the disk is full"
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=(80, 24)):
        await set_up(app)
        await press(app, "2", "enter")
        await set_up(app)
        assert "what you said cannot be kept: the disk is full" in " ".join(painted(app).split())


@pytest.mark.parametrize(
    ("owed", "keys"), [(HELD, ()), (HELD, ("n",)), (DAILY, ("j",)), (ILL, ())], ids=["held", "agreed", "where", "ill"]
)
async def test_the_longest_questions_fit_the_smallest_terminal(owed: Owed, keys: tuple[str, ...]) -> None:
    _, shown, _ = await at_start(owed, KIM, (COLUMNS, ROWS), *keys)
    asked = before(owed)
    for key in keys:
        asked = pressed(asked, key)
    assert asked.question is not None
    rows = [row.strip() for row in shown.split("\n")]
    lines = [row for line in asked.text.splitlines() for row in wrap(line, COLUMNS - 4)]
    assert [line for line in lines if line not in rows] == []
    assert KEYS[asked.question] in rows


async def test_the_offers_are_read_again_after_a_run_for_whoever_they_are_now() -> None:
    launcher = FakeLauncher()
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=(80, 24)):
        await set_up(app)
        app.launch(launcher.on_offer[0], launcher.choices[0])
        await settled(app)
        launcher.who = replace(KIM, held="in the run of 2026-03-02 you fell")
        launcher.on_offer = (an_offer(problems=("in the run of 2026-03-02 you fell: speak to a doctor",)),)
        app.leave_run()
        await set_up(app)
        assert "you fell: speak to a doctor" in " ".join(painted(app).split())
        assert app.person == launcher.who
        await press(app, "enter")
        await settled(app)
        assert launcher.launched == [(launcher.on_offer[0].key, launcher.choices[0].address)]


class OnceOnly(FakeLauncher):
    """Opens one run; what was offered before it is not begun after it."""

    def launch(self, offer: Offer, address: str) -> FakeControls:
        if self.launched:
            self.on_offer = (an_offer(problems=("a rest day",)),)
            raise OSError("a run was begun since this was offered; choose again")
        return super().launch(offer, address)


async def test_a_start_that_waited_for_the_run_before_and_is_refused_leaves_what_is_open_now() -> None:
    launcher = OnceOnly()
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=(80, 24)):
        await set_up(app)
        app.launch(launcher.on_offer[0], launcher.choices[0])
        await settled(app)
        app.leave_run()
        app.launch(an_offer(), launcher.choices[0])
        await set_up(app)
        shown = " ".join(painted(app).split())
        assert "! a rest day" in shown
        assert "a run was begun since this was offered; choose again" in shown


async def test_ctrl_q_leaves_from_the_questions() -> None:
    launcher = FakeLauncher()
    launcher.owes = MORNING
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=(80, 24)):
        await set_up(app)
        assert isinstance(app.screen, BeforePage)
        await press(app, "ctrl+q")
    assert (app.return_code, launcher.answers) == (0, [])


# --- in --plain -------------------------------------------------------------------------------------------------


def test_in_plain_the_same_is_asked_one_line_after_the_other() -> None:
    launcher = FakeLauncher()
    launcher.owes = MORNING
    with a_typist(launcher=launcher) as typist:
        typist.read("PAIN on the morning after your last run")
        typist.type("1")
        typist.read("How was the night?")
        typist.type("w")
        typist.read("are you alone?")
        assert launcher.answers == [Answered(pain=1, slept_badly=False)]
        assert typist.read_all(UNSAID) == [UNSAID]


def test_in_plain_an_injury_is_said_with_its_place() -> None:
    launcher = FakeLauncher()
    launcher.owes = DAILY
    with a_typist(launcher=launcher) as typist:
        typist.read("Are you ill, or is something newly injured?")
        typist.type("j")
        typist.read("3: knee")
        typist.type("3")
        typist.read("are you alone?")
        assert launcher.answers == [Answered(ailment=Ailment.INJURED, where="knee")]


def test_in_plain_an_empty_line_is_no_answer_and_x_leaves() -> None:
    launcher = FakeLauncher()
    launcher.owes = MORNING
    with a_typist(launcher=launcher) as typist:
        typist.read("PAIN on the morning after your last run")
        typist.type("n")
        typist.read("How was the night?")
        typist.type("x")
        typist.read("left; nothing was started")
        assert typist.ended() == 1
        assert launcher.answers == []


async def test_the_head_of_a_run_that_was_left_stands_on_the_set_up_page_and_holds_no_start_up() -> None:
    launcher, kept = FakeLauncher(), list[tuple[str, str, bool]]()

    def keep(journal: Path, _person: Person | None) -> str:
        kept.append((journal.name, launcher.controls.asked()[-1], app._releasing))
        return "kept in the store, chain head 4e1f"

    app = RetroApp(launcher, SetClock(), keep=keep)
    async with app.run_test(size=(80, 24)):
        await set_up(app)
        app.launch(launcher.on_offer[0], launcher.choices[0])
        await settled(app)
        launcher.controls.now = replace(launcher.controls.now, summary=A_SUMMARY)
        app.leave_run()
        await set_up(app)
        assert kept == [(Path(str(A_SUMMARY.journal)).name, "close", False)]
        assert "chain head 4e1f" in " ".join(painted(app).split())
