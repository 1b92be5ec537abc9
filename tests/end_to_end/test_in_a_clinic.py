"""Two participants, one after the other on two treadmills on serial lines: each has their own prescription, and every
wish for more than it allows is answered with the author's reason."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.end_to_end.test_over_serial import OnCable, Session, qualified, seen_in

from retrotread.guardian.process import black_box_path
from retrotread.sessions.journal import read_run, read_steps

WALK = """retrotread: 1
name: over the cable
level: 1
facing: rear
steps:
  - walk: 40 s
    speed: {kph} km/h
  - cool down: 8 s
    speed: 1.1 km/h
"""
WORDS = "rear wheels turn slowly"
NEXT_KEY_S = 2.5
"""Closer together two presses of a key that stops are one, and the second leaves nothing."""
LEAVES_WITHIN = 6
LEFT, ALL_RIGHT = "back to the set-up", "ARE YOU ALL RIGHT?"
PROFILE = "\n[clinic]\nparticipants_only = true\n"


@dataclass(frozen=True)
class Patient:
    """Whom the clinic receives: on which kind of machine, how fast at most, and why."""

    pseudonym: str
    machine: str
    kph: float
    reason: str


ANNA = Patient("P-ANNA", "trackmaster", 1.4, "knee, second week")
BERT = Patient("P-BERT", "csafe", 1.2, "dizzy in May")
NUMBERS = {ANNA: 1, BERT: 2}


def clinic(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command at the desk, with the passphrase piped in."""
    environment = {"RETROTREAD_DATA": str(folder), "RETROTREAD_CONFIG": str(folder), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "retrotread", "clinic", *words]
    return subprocess.run(command, input=f"{WORDS}\n", env=environment, capture_output=True, text=True, check=False)


def prescribed(folder: Path, patient: Patient, kph: float) -> subprocess.CompletedProcess[str]:
    """The walk at that speed, prescribed up to the speed of this patient."""
    (plan := folder / f"{patient.pseudonym}.yaml").write_text(WALK.format(kph=kph))
    limits = ("--tier", "novice", "--speed", f"{patient.kph} km/h", "--minutes", "10", "--way", "backward")
    signed = ("--author", "A. Weber", "--reason", patient.reason, "--until", "2099-12-31")
    return clinic(folder, "prescribe", patient.pseudonym, str(plan), *limits, *signed)


def cleared(folder: Path) -> None:
    """What a program leaves behind that a test reads is not that of the next one in the same folder."""
    for path in (folder / "guardian.log", folder / "said.txt", black_box_path(folder)):
        path.unlink(missing_ok=True)
    shutil.rmtree(folder / "bin", ignore_errors=True)


@dataclass(frozen=True)
class Visited:
    """One visit: what the program answered to each wish, and what its supervisor saw."""

    refused: list[str]
    steps: list[Any]


def visit(folder: Path, patient: Patient, program_in: Callable[..., Any]) -> Visited:
    machine = OnCable(patient.machine)
    try:
        qualified(machine.address, folder)
        cleared(folder)
        arguments = ("run", "--participant", patient.pseudonym, "--treadmill", machine.address)
        session = Session(machine, program_in(folder, arguments, PROFILE))
        return walked(session, patient)
    finally:
        machine.end()


def walked(session: Session, patient: Patient) -> Visited:
    program = session.program
    program.shows("over the cable")
    program.type("\r")
    program.wait(lambda: "Read aloud" in program.text() and patient.pseudonym in program.text(), "what is read aloud")
    assert "NOBODY ON THE BELT" not in program.text()
    session.shows_which_one()
    program.type(" \r\r\r\r\r\rk")
    program.type(program.hears_digit())
    program.shows("Nothing is missing")
    program.hold_start()
    program.wait(lambda: session.mode() == "running", "running belt")
    session.goes_on()
    program.says("SetSpeed(")
    refused = []
    for key, what in (("+", "not raised"), ("n", "not skipped"), ("e", "not made longer")):
        program.seen = ""
        program.type(key)
        program.wait(lambda what=what: what in program.text(), f"answer to {key}")
        program.pump(0.5)
        refused.append(program.text())
    program.wait(lambda: any(one in program.text() for one in (LEFT, ALL_RIGHT)), "end of the walk")
    for answer in "ya" if LEFT not in program.text() else "":  # a busy computer stopped the belt under somebody
        program.type(answer)
        program.pump(NEXT_KEY_S)
    for _ in range(LEAVES_WITHIN):  # back to the set-up, and out of it
        program.type("q")
        program.pump(NEXT_KEY_S)
        if program.ended_s is not None:
            break
    assert program.ended_s is not None, program.text()[-800:]
    assert program.exit_code() == 0
    (journal,) = (program.folder / "participants" / patient.pseudonym / "runs").glob("*.sqlite")
    assert not read_run(journal).empty_belt
    return Visited(refused, list(read_steps(journal)))


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory, program_in: Callable[..., Any]) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("clinic")
    assert clinic(folder, "set-up", "Rehab").returncode == 0
    found: dict[str, Any] = {}
    for patient in (ANNA, BERT):
        assert clinic(folder, "add", patient.pseudonym).returncode == 0
        too_fast = prescribed(folder, patient, patient.kph + 0.3)
        assert too_fast.returncode == 1
        assert f"{patient.kph} km/h (prescription {NUMBERS[patient]} of A. Weber: {patient.reason})" in too_fast.stderr
        assert prescribed(folder, patient, patient.kph).returncode == 0
    for patient in (ANNA, BERT):
        found[patient.pseudonym] = visit(folder, patient, program_in)
    found["log"] = clinic(folder, "log", "--json").stdout
    return found


@pytest.mark.parametrize("patient", [ANNA, BERT], ids=lambda patient: patient.pseudonym)
def test_each_patient_walks_their_own_plan_and_every_wish_for_more_is_refused_with_the_reason(
    visits: dict[str, Any], patient: Patient
) -> None:
    visited = visits[patient.pseudonym]
    for said in visited.refused:
        assert f"prescription {NUMBERS[patient]} of A. Weber: {patient.reason}" in " ".join(said.split())
    fastest = max(one.speed_ckph for one in seen_in(visited.steps))
    assert fastest <= round(patient.kph * 100) + 5
    assert fastest >= round(patient.kph * 100) - 20


def test_the_register_tells_both_prescriptions(visits: dict[str, Any]) -> None:
    told = [one["what"] for one in json.loads(visits["log"])]
    assert [one for one in told if one.startswith("prescribed for")] == [
        one for one in told if "A. Weber: knee, second week" in one or "A. Weber: dizzy in May" in one
    ]
    assert len([one for one in told if one.startswith("prescribed for")]) == 2
