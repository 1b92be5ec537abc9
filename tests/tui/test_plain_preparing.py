"""``--plain`` up to the start: the questions, the company, the remote, the checklist and the test of the sound."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.tui.conftest import HARD, KIM, FakeControls, FakeLauncher, an_offer, still, waiting_view
from tests.tui.plain_typist import ADDRESS, HAND, a_typist

from retrotread.safety.modes import Mode
from retrotread.sessions.person import BackwardExperience, Health, Person, Remote
from retrotread.sessions.view import Offer, Sound
from retrotread.training.screening import SCREEN
from retrotread.tui.checklist import TICK_KEPT_S


def launcher_for(person: Person | None = KIM) -> FakeLauncher:
    launcher = FakeLauncher(FakeControls(reacts=True))
    launcher.who = person
    return launcher


# --- the four questions ----------------------------------------------------------------------------------------


def test_somebody_new_answers_four_questions_and_is_remembered() -> None:
    with a_typist(launcher=launcher_for(None)) as typist:
        typist.read("What shall Retrotread call you?")
        typist.type("Jürgen Li", "y")
        typist.read("How much have you moved backward")
        typist.type("2")
        typist.read("y: one or more of them; n: none of them")
        at = typist.lines.index("Does one of these hold for you?")
        assert typist.lines[at + 1 : at + 1 + len(SCREEN)] == [f"- {one.short}" for one in SCREEN]
        typist.type("y")
        assert typist.read("are you alone?")
        assert typist.launcher.who == Person("Jürgen Li", True, BackwardExperience.WALKS, health=Health.ASK_FIRST)
        assert "name: Jürgen Li" in typist.lines


def test_an_empty_line_answers_no_question() -> None:
    with a_typist(launcher=launcher_for(None)) as typist:
        typist.type("", "Kim", "", "yes", "n", "4", "1", "n")
        typist.read("are you alone?")
        assert typist.launcher.who == Person("Kim", False, BackwardExperience.NONE, health=Health.NOTHING)
        assert typist.read_all("Type a name first")
        assert typist.read_all("type n or y") == ["type n or y"] * 2
        assert typist.read_all("type 1 or 2 or 3")


def test_answers_that_cannot_be_kept_hold_for_today(monkeypatch: pytest.MonkeyPatch) -> None:
    launcher = launcher_for(None)

    def introduce(_person: Person) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(launcher, "introduce", introduce)
    with a_typist(launcher=launcher) as typist:
        typist.type("Kim", "y", "1", "n", "n")
        typist.read("cannot be kept: [Errno 30]")
        typist.read("connected to")


@pytest.mark.parametrize("typed", [(), ("Kim",), ("Kim", "y"), ("Kim", "q"), ("Kim", "y", "x")])
def test_the_questions_can_be_left_and_start_nothing(typed: tuple[str, ...]) -> None:
    with a_typist(launcher=launcher_for(None)) as typist:
        typist.type(*typed)
        typist.end_of_input()
        assert typist.ended() == 1
        assert typist.launcher.launched == []
        assert typist.launcher.who is None


# --- company, remote, workout -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "alone"), [("y", True), ("n", False)])
def test_the_answer_about_company_decides_which_workouts_are_read(answer: str, alone: bool) -> None:
    launcher = launcher_for()
    read: list[tuple[str, bool]] = []

    def offers(address: str, alone: bool = False) -> tuple[Offer, ...]:
        read.append((address, alone))
        return launcher.on_offer

    launcher.offers = offers  # type: ignore[method-assign]
    with a_typist(launcher=launcher) as typist:
        typist.read("are you alone?")
        typist.type("", "hello", answer)
        typist.read("connected to")
        assert read == [(ADDRESS, alone)]
        assert bool(typist.read_all("2 Alone")) is False
        assert bool(typist.read_all("Alone: Somebody within call")) is alone


def test_who_has_said_so_on_the_command_line_is_not_asked() -> None:
    launcher = launcher_for()
    launcher.alone = True
    with a_typist(launcher=launcher) as typist:
        typist.read("Alone: Somebody within call")
        assert typist.read_all("are you alone?") == []


def test_the_keys_of_a_remote_are_learnt_and_kept() -> None:
    with a_typist(launcher=launcher_for()) as typist:
        typist.type("r")
        typist.read("goes to the next picture")
        typist.type("q", "pagedown")
        typist.read("q cannot be a key of a remote")
        typist.read("next: Page Down.")
        typist.type("home", "n")
        typist.read("My stop: the program ticks it when it sees it: Press Page Down on the remote")
        assert typist.launcher.who == replace(KIM, remote=Remote("pagedown", "home"))


def test_esc_leaves_the_remote_as_it_was() -> None:
    with a_typist(launcher=launcher_for(HAND)) as typist:
        typist.type("r", "escape", "n")
        typist.read("on the remote")
        assert typist.launcher.who == HAND


def test_who_chooses_a_workout_reads_for_whom_it_is_not_and_what_its_source_is_worth() -> None:
    with a_typist(launcher=launcher_for()) as typist:
        typist.type("n")
        typist.read("connected to")
        assert typist.read_all("not for: ") == [
            "not for: a fall in the last twelve months; ask a clinician first",
            "not for: a sore calf; walk instead",
        ]
        assert typist.read_all("source: Somebody et al. 2019, a trial (trial: a controlled trial used this dose)")


def test_a_workout_with_problems_is_not_run() -> None:
    launcher = launcher_for()
    launcher.on_offer = (HARD,)
    with a_typist(launcher=launcher) as typist:
        typist.type("n")
        assert typist.ended() == 1
        assert typist.read_all("it cannot be run: run 60 s asks for 9.0 km/h")
        assert launcher.launched == []


def test_runs_that_were_found_interrupted_are_told() -> None:
    launcher = launcher_for()
    launcher.found = ("the run 'Ladder 1' was interrupted after 12 s",)
    with a_typist(launcher=launcher) as typist:
        assert typist.read("found:") == "found: the run 'Ladder 1' was interrupted after 12 s"


# --- the checklist ----------------------------------------------------------------------------------------------


def test_every_item_is_read_with_its_digit_and_those_that_tick_themselves_with_what_they_wait_for() -> None:
    with a_typist() as typist:
        typist.open()
        typist.read("type 1, 2, 3, 4 to tick")
        heads = [line.partition(":")[0] for line in typist.lines if ": " in line]
        wanted = ["1 Safety key", "2 Nothing changed", "3 Help", "4 Me and my kit", "Treadmill", "My stop", "Sound"]
        assert [head for head in heads if head in wanted] == wanted


def test_no_start_is_taken_before_every_item_is_ticked_and_seen() -> None:
    with a_typist() as typist:
        typist.open()
        typist.type("1", "2", "2", "3", "s", "7", "s")
        typist.read("ticked: help; type 4 to tick")
        typist.type("4", "s")
        typist.read("ticked: me and my kit; waiting for: my stop, sound")
        typist.type("stop", "s")
        typist.read("seen: my stop")
        typist.after_a_look()
        assert "arm" not in typist.now_asked()
        typist.type("3")
        typist.read("the checklist is complete")
        typist.read("type s to start")
        assert typist.now_asked() == ["test_sound", "own_stop_seen", "sound_heard True"]


def test_the_treadmill_ticks_itself_once_it_is_seen_to_stand() -> None:
    unseen = replace(waiting_view(), snapshot=still(Mode.IDLE, standstill=False))
    with a_typist(unseen) as typist:
        typist.open()
        typist.read("waiting for: treadmill, my stop, sound")
        typist.see(waiting_view())
        typist.read("seen: treadmill")


@pytest.mark.parametrize("key", ["stop", "q", "", "b", "."])
def test_a_stop_line_in_the_checklist_is_the_stop_that_it_waits_for_and_leaves_nothing(key: str) -> None:
    with a_typist() as typist:
        typist.open()
        typist.read("to tick")
        typist.type(key, key)
        typist.read("seen: my stop")
        typist.after_a_look()
        assert typist.code is None
        assert typist.now_asked() == ["own_stop_seen"]


@pytest.mark.parametrize("keys", [("x",), ("stop", "q"), ("stop", "stop")])
def test_the_checklist_can_be_left_once_the_hand_has_let_go(keys: tuple[str, ...]) -> None:
    with a_typist() as typist:
        typist.open()
        typist.read("to tick")
        for key in keys[:-1]:
            typist.type(key)
            typist.read("seen: my stop")
            typist.ahead_s += 2.0
        typist.type(keys[-1])
        assert typist.ended() == 1
        assert typist.controls.asked()[-1] == "close"


def test_the_end_of_the_input_in_the_checklist_starts_nothing() -> None:
    with a_typist() as typist:
        typist.open()
        typist.type("1", "2", "3", "4")
        typist.end_of_input()
        assert typist.ended() == 1
        assert "arm" not in typist.controls.asked()


def test_a_tick_that_is_three_minutes_old_is_asked_for_again_and_no_start_is_taken() -> None:
    with a_typist() as typist:
        typist.tick_all()
        typist.ahead_s += TICK_KEPT_S
        typist.read("older than three minutes, once more: 1 Safety key")
        typist.type("s")
        typist.after_a_look()
        assert typist.now_asked() == []
        typist.type("1", "2", "3", "4", "stop")
        typist.until(lambda: len(typist.read_all("the checklist is complete")) == 2)
        typist.ahead_s += 2.0
        typist.type("s")
        typist.until(lambda: "arm" in typist.now_asked())


def test_two_wrong_digits_are_told_and_the_run_may_go_on() -> None:
    with a_typist() as typist:
        typist.open()
        typist.type("1", "2", "3", "4", "stop")
        typist.read("Listen:")
        typist.type("5")
        typist.read("That was not it.")
        typist.type("0")
        typist.read("nothing will rise in this run (R20)")
        typist.read("type s to start")
        assert typist.now_asked()[-1] == "sound_heard False"


def test_the_digit_can_be_asked_for_at_any_time_and_is_not_said() -> None:
    with a_typist() as typist:
        typist.open()
        typist.read("to tick")
        said = len(typist.lines)
        typist.type("h")
        typist.read("Listen:")
        typist.until(lambda: "test_sound" in typist.now_asked())
        assert typist.lines[said:] == [
            "Listen: a digit is spoken, or so many bells ring. Type it; 0 if you hear nothing."
        ]


def test_the_bells_of_a_digit_are_rung_one_by_one() -> None:
    with a_typist() as typist:
        typist.open()
        typist.read("to tick")
        for so_far in (1, 2, 3):
            typist.see(replace(waiting_view(), rings=so_far))
            typist.until(lambda so_far=so_far: typist.rings == so_far)  # type: ignore[misc]
        typist.see(replace(waiting_view(), rings=6))
        typist.until(lambda: typist.rings == 6)
        assert not [line for line in typist.lines if "\a" in line]


def test_the_remote_alone_goes_through_the_checklist_and_starts() -> None:
    with a_typist(launcher=launcher_for(HAND)) as typist:
        typist.open()
        typist.read("to tick")
        typist.ahead_s += 2.0
        typist.type(*["pagedown"] * 4)
        typist.read("Listen:")
        typist.type(*["pagedown"] * 3)
        typist.after_a_look()
        typist.ahead_s += 2.0
        typist.read("or Page Down of the remote to start")
        typist.type("pagedown")
        typist.until(lambda: typist.now_asked()[-2:] == ["arm", "hold_done"])


def test_a_run_that_needs_somebody_says_how_to_be_alone() -> None:
    with a_typist() as typist:
        typist.open()
        assert "Nobody there? x, then y at the next start: alone." in typist.read("3 Help")


def test_a_sound_that_was_heard_before_ticks_itself() -> None:
    with a_typist(replace(waiting_view(), sound=Sound.HEARD)) as typist:
        typist.open()
        typist.type("1", "2", "3", "4", "stop")
        typist.read("type s to start")
        assert typist.now_asked() == ["own_stop_seen"]


# --- the way into the run ---------------------------------------------------------------------------------------


def test_a_treadmill_that_cannot_be_reached_ends_the_program() -> None:
    nothing = replace(waiting_view(), profile=None, snapshot=None, message="no answer within 30 s")
    with a_typist(nothing) as typist:
        typist.type("n")
        assert typist.ended() == 1
        assert "note: no answer within 30 s" in typist.lines
        assert typist.controls.asked() == ["close"]


def test_an_input_that_ends_while_the_run_is_opened_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_typist() as typist:

        def launch(_offer: Offer, _address: str) -> FakeControls:
            typist.end_of_input()
            typist.until(lambda: not typist.keyboard.alive)
            return typist.controls

        monkeypatch.setattr(typist.launcher, "launch", launch)
        typist.type("n")
        assert typist.ended() == 1
        assert typist.controls.calls == ["input_alive True", "input_alive False", "close"]


def test_a_run_that_cannot_be_opened_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def launch(_offer: Offer, _address: str) -> FakeControls:
        raise OSError(28, "No space left on device")

    with a_typist() as typist:
        monkeypatch.setattr(typist.launcher, "launch", launch)
        typist.type("n")
        assert typist.ended() == 1
        assert typist.lines[-1] == "the run could not be opened: [Errno 28] No space left on device"


def test_a_treadmill_that_is_not_known_has_its_room_and_machine_looked_at() -> None:
    launcher = launcher_for()
    launcher.choices = tuple(replace(one, known=False) for one in launcher.choices)
    launcher.on_offer = (an_offer(needs=()),)
    with a_typist(launcher=launcher) as typist:
        typist.open()
        typist.read("type 1, 2, 3, 4, 5 to tick")
        assert typist.read("2 Room")
        assert typist.read("3 Machine")
