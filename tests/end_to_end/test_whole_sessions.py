"""Whole sessions by somebody who never touches the screen: by the keys of a remote alone, and by ear alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from retrotread.sessions.journal import read_steps

NEXT, FINE = "\x1b[6~", "\x1b[5~"  # Page Down and Page Up, as a presenter remote sends them
REMOTE_KEYS = {NEXT, FINE}
SHORT = """retrotread: 1
name: there and back
level: 1
facing: rear
steps:
  - walk: 20 s
    speed: 0.8 km/h
    say: short steps
  - turn: to the console
  - cool down: 20 s
    speed: 0.8 km/h
"""
MACHINE = "sim://well-behaved?start_s=0"


class Hand:
    """A hand with a remote of two keys, and ears; no eyes."""

    def __init__(self, program: Any) -> None:
        self.program = program
        self.pressed: list[str] = []

    def press(self, key: str) -> None:
        """As soon as a person can: a second after what they saw or heard."""
        assert key in REMOTE_KEYS
        self.program.pump(1.0)
        self.pressed.append(key)
        self.program.type(key)

    def answers_digit(self) -> None:
        """As often as the digit says, quickly one after the other."""
        for _ in range(int(self.program.hears_digit())):
            self.program.pump(0.4)
            self.pressed.append(NEXT)
            self.program.type(NEXT)


Session = Callable[[Any], None]


def by_remote_keys_alone(program: Any) -> None:
    hand = Hand(program)
    program.shows("there and back")
    hand.press(NEXT)  # go on from the set-up
    program.shows("Safety key")
    for _ in range(5):  # the five items, each with the next key
        hand.press(NEXT)
    hand.answers_digit()
    program.shows("Nothing is missing")
    hand.press(NEXT)  # confirms and starts
    program.hears("Start in 10")
    program.hears("Step on and confirm")
    hand.press(FINE)  # I am on
    program.hears("step off it and turn to the console")
    program.hears("Confirm that you see it still")
    hand.press(NEXT)
    program.hears("Confirm that you face the console")
    hand.press(NEXT)
    program.hears("When you are ready, start again")
    hand.press(NEXT)
    program.hears("Start in 5")
    program.hears("Step on and confirm")
    hand.press(FINE)
    program.hears("The belt is reported still")
    program.shows("the plan is done")
    assert set(hand.pressed) == REMOTE_KEYS
    (journal,) = (program.folder / "runs").glob("*.sqlite")
    starts = [step for step in read_steps(journal) if any(type(one).__name__ == "StartBelt" for one in step.commands)]
    assert len(starts) == 2


def stopped_by_the_same_key(program: Any) -> None:
    hand = Hand(program)
    program.shows("there and back")
    hand.press(NEXT)
    program.shows("Safety key")
    for _ in range(5):
        hand.press(NEXT)
    hand.answers_digit()
    program.shows("Nothing is missing")
    hand.press(NEXT)
    program.hears("Step on and confirm")
    hand.press(FINE)
    program.hears("walk 20 s")
    hand.press(NEXT)
    program.hears("Stopping: stop was pressed")
    program.hears("The belt is reported still")


def by_ear_alone(program: Any) -> None:
    """What to do next is decided from the transcript, line by line; the screen is not looked at."""
    hand = Hand(program)
    asked = {
        "Type the digit: ": "digit",
        "Step on and confirm": FINE,
        "Confirm that you see it still": NEXT,
        "Confirm that you face the console": NEXT,
        "start again": NEXT,
        "The belt is reported still": "end",
    }
    program.shows("there and back")
    hand.press(NEXT)
    program.shows("Safety key")
    for _ in range(5):
        hand.press(NEXT)
    hand.answers_digit()
    program.pump(3.0)
    hand.press(NEXT)
    while True:
        heard = program.hears(*asked)
        if asked[heard] == "end":
            break
        if asked[heard] != "digit":
            hand.press(asked[heard])
    transcript = program.spoken().splitlines()
    spoken = "\n".join(transcript)
    for words in (
        "Start in 10. Any key cancels.",
        "Starting",
        "the belt moves, 0.5 km/h. Step on and confirm",
        "faster in 5 seconds, 0.8",
        "short steps",
        "turn to the console",
        "Stand on the rails, both feet off the belt. Confirm that you see it still.",
        "Turn to face the console, on the rails. Confirm that you face the console.",
        "The belt is reported still. Look before you step.",
    ):
        assert words in spoken, f"{words!r} was not spoken; the transcript: {spoken}"
    counted = [line for line in transcript if re.fullmatch(r"[1-5]", line)]
    assert counted.count("1") >= 2


SESSIONS: tuple[Session, ...] = (by_remote_keys_alone, stopped_by_the_same_key, by_ear_alone)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, program_in: Callable[..., Any]) -> dict[Session, Future[None]]:
    """All of them side by side: each takes a minute and a half of real time, most of it waiting."""
    programs = []
    for _ in SESSIONS:
        folder = tmp_path_factory.mktemp("session")
        (folder / "short.yaml").write_text(SHORT)
        programs.append(program_in(folder, ("run", str(folder / "short.yaml"), "--treadmill", MACHINE)))
    with ThreadPoolExecutor(len(SESSIONS)) as pool:
        return {session: pool.submit(session, one) for session, one in zip(SESSIONS, programs, strict=True)}


def test_a_whole_session_by_remote_keys_alone_from_the_set_up_to_the_summary(done: dict[Session, Future[None]]) -> None:
    assert done[by_remote_keys_alone].result() is None


def test_while_the_belt_moves_the_same_key_stops_it(done: dict[Session, Future[None]]) -> None:
    assert done[stopped_by_the_same_key].result() is None


def test_a_session_can_be_followed_from_what_is_spoken_alone(done: dict[Session, Future[None]]) -> None:
    assert done[by_ear_alone].result() is None
