"""The next patient: from the summary of one participant to the next one at START, on one treadmill on a serial line.

The real program on a terminal, the guardian, and ``retrotread sim trackmaster`` at the other end of a pseudo-terminal.
Each key is one that a clinician presses; a person's own time (to read aloud, to tick, to walk there) is not measured,
nor is the hand at the machine that shows which one it is. Wall time: it is what somebody waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.end_to_end.conftest import Program
from tests.end_to_end.test_in_a_clinic import ANNA, BERT, PROFILE, Patient, cleared, clinic
from tests.end_to_end.test_over_serial import OnCable, Session, qualified

from retrotread.clock import monotonic_s
from retrotread.machine import NOT_SAID
from retrotread.sessions.machines.known import Treadmill, remember

from .figures import Figure

WALK = """retrotread: 1
name: over the cable
level: 1
facing: rear
steps:
  - walk: 12 s
    speed: 1.2 km/h
  - cool down: 8 s
    speed: 1.1 km/h
"""
SCREENS = "import sys; from retrotread.__main__ import main; sys.exit(main([]))"
RIGHT = "\x1b[C"
TICKS = 6
"""Of the checklist with a participant; the first is that the prescription was read aloud."""

NEXT_KEY_S = 2.5
"""Closer together two presses of a key that stops are one; and what was chosen is laid out by then."""


@dataclass
class Desk:
    """Somebody at the keyboard: every key is counted, and what the program takes until it shows what it leads to."""

    program: Program
    keys: int = 0
    took_s: dict[str, float] = field(default_factory=dict)

    def press(self, what: str, keys: str | list[str], there: Callable[[str], bool]) -> None:
        """These keys, one after the other, until what they lead to is on the screen."""
        self.program.seen = ""
        began_s = monotonic_s()
        for key in keys:
            self.program.type(key)
            self.keys += 1
        self.program.wait(lambda: there(self.program.text()), what)
        self.took_s[what] = self.took_s.get(what, 0.0) + monotonic_s() - began_s


def measure() -> Iterator[Figure]:
    """One change from one participant to the next; anew in a program of its own it would be the same."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        machine = OnCable("trackmaster")
        try:
            desk = _changed(_with_two(folder, machine), machine)
        finally:
            machine.end()
    for what, took_s in desk.took_s.items():
        yield Figure(f"next patient: {what}", (took_s,), "s", "known")
    total_s = sum(desk.took_s.values())
    yield Figure(f"next patient: the program's part, {desk.keys} keys", (total_s,), "s", "<= 60 with the person's")


def _with_two(folder: Path, machine: OnCable) -> Program:
    """The screens of a clinic with two participants and one treadmill."""
    assert clinic(folder, "set-up", "Rehab").returncode == 0
    (plan := folder / "walk.yaml").write_text(WALK)
    for patient in (ANNA, BERT):
        assert clinic(folder, "add", patient.pseudonym).returncode == 0
        assert _prescribed(folder, patient, plan) == 0
    qualified(machine.address, folder)
    remember(Treadmill("Room 1", machine.address, NOT_SAID), folder)
    cleared(folder)
    return Program(folder, SCREENS, (), PROFILE)


def _prescribed(folder: Path, patient: Patient, plan: Path) -> int:
    limits = ("--tier", "novice", "--speed", "1.4 km/h", "--minutes", "10", "--way", "backward")
    signed = ("--author", "A. Weber", "--reason", patient.reason, "--until", "2099-12-31")
    return clinic(folder, "prescribe", patient.pseudonym, str(plan), *limits, *signed).returncode


def _changed(program: Program, machine: OnCable) -> Desk:
    """The first participant walks to the end of their plan; then the next one comes, and that is measured."""
    try:
        first, session = Desk(program), Session(machine, program)
        program.wait(lambda: "P-ANNA" in program.text(), "participants")
        _received(first, ANNA)
        first.press("the treadmill", [RIGHT], lambda text: "Room 1" in text)
        program.pump(NEXT_KEY_S)
        _prepared(first, session)
        program.hold_start()
        program.wait(lambda: session.mode() == "running", "running belt")
        session.goes_on()
        program.shows("back to the set-up")
        program.pump(NEXT_KEY_S)
        desk = Desk(program)
        desk.press("summary -> who comes next", "\r", lambda text: "Who is on the treadmill next?" in text)
        _received(desk, BERT)
        _prepared(desk, session)
        return desk
    finally:
        program.close()


def _received(desk: Desk, patient: Patient) -> None:
    """By the first two letters that are not those of every pseudonym."""
    letters = [*patient.pseudonym.removeprefix("P-")[:2], "\r"]
    desk.press("participant -> their prescription laid out", letters, lambda text: "Speeds" in text)


def _prepared(desk: Desk, session: Session) -> None:
    """The checklist: what is read aloud, the ticks, the hand at the machine, the key, the stop key, the digit."""
    program = desk.program
    desk.press("Enter -> checklist, treadmill connected", "\r", lambda text: "[x] Treadmill" in text)
    session.shows_which_one()
    program._heard = len(program.spoken())
    desk.press("ticks, stop key, key of the machine", [" ", *["\r"] * TICKS, "k"], lambda text: "[x] Key test" in text)
    digit_s = monotonic_s()
    digit = program.hears_digit()
    desk.took_s["the digit is spoken"] = monotonic_s() - digit_s
    desk.press("digit -> START", digit, lambda text: "Nothing is missing" in text)


if __name__ == "__main__":
    for figure in measure():
        print(figure, flush=True)
