"""``--plain`` on a machine that is only read: why, what to do, and its reports as lines; nothing is started."""

from __future__ import annotations

from dataclasses import replace

from tests.tui.conftest import HARD, FakeControls, FakeLauncher
from tests.tui.plain_typist import ADDRESS, Typist, a_typist

from retrotread.machine import Identity
from retrotread.sessions.view import TreadmillChoice, WatchView
from retrotread.tui.plain_watching import EVERY_S
from retrotread.tui.watched import READ_ONLY

HELD = TreadmillChoice(
    ADDRESS,
    "Gym belt",
    False,
    card=("allows now: watch and coach only",),
    held_back="only read, because it was never tried out. To drive it: retrotread treadmills qualify ble://AA:01",
)
SEEN = WatchView("Belt", Identity("AA:01", model="T1\x1b[2J"), 4.2, 1.0, 830.0, 0.3)


def at_a_machine_that_is_only_read() -> FakeLauncher:
    launcher = FakeLauncher(FakeControls(reacts=True))
    launcher.choices = (HELD,)
    launcher.on_offer = (replace(HARD, problems=("Gym belt is only read",)),)
    launcher.watching.now = SEEN
    return launcher


def offered(typist: Typist) -> None:
    typist.type("n")
    typist.read("type w to watch what it reports")


def test_why_it_is_only_read_and_what_to_do_are_lines_and_nothing_is_opened() -> None:
    with a_typist(launcher=at_a_machine_that_is_only_read()) as typist:
        offered(typist)
        assert "treadmill: allows now: watch and coach only" in typist.lines
        typist.read("retrotread treadmills qualify ble://AA:01")
        typist.read("--treadmill coach://")
        typist.type("x")
        assert typist.ended() == 1
        assert (typist.launcher.launched, typist.launcher.watched) == ([], [])


def test_its_reports_are_lines_until_somebody_leaves() -> None:
    with a_typist(launcher=at_a_machine_that_is_only_read()) as typist:
        offered(typist)
        typist.type("w")
        typist.read(READ_ONLY)
        typist.read("met T1 [2J AA:01. Connected to Belt; last report 0.3 s ago. 4.2 km/h, incline 1.0 %")
        before = len(typist.read_all("Connected to Belt"))
        typist.ahead_s += EVERY_S
        typist.until(lambda: len(typist.read_all("Connected to Belt")) == before + 1)
        typist.type("s", "o", "x")
        assert typist.ended() == 1
        assert typist.launcher.watching.closed.is_set()
        assert (typist.controls.asked(), typist.launcher.launched) == ([], [])


def test_a_machine_that_is_lost_ends_it_with_the_reason() -> None:
    launcher = at_a_machine_that_is_only_read()
    with a_typist(launcher=launcher) as typist:
        offered(typist)
        typist.type("w")
        typist.read("Connected to Belt")
        launcher.watching.now = replace(SEEN, over=True, message="it is out of reach")
        typist.read("note: it is out of reach. Nothing is heard any more. -.- km/h")
        assert typist.ended() == 1


def test_the_end_of_the_input_ends_it() -> None:
    with a_typist(launcher=at_a_machine_that_is_only_read()) as typist:
        offered(typist)
        typist.type("w")
        typist.read("Connected to Belt")
        typist.end_of_input()
        assert typist.ended() == 1
        assert typist.launcher.watching.closed.is_set()
