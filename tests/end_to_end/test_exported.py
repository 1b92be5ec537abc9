"""A session of the program itself, on a simulated treadmill and by the real clock, read by Garmin's own decoder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.records.exports.test_fit import decoded
from tests.tui.test_plain import ADDRESS, Program

from retrotread.records.exports.fit import EFFECTIVE_GRADE, GAIT, PLAN_STEP

WORKOUT = """\
retrotread: 1
name: Up and on
level: 4
facing: rear
steps:
  - walk: 20 s
    speed: 1.0 km/h
  - walk: 25 s
    speed: 2.0 km/h
    incline: 2 %
  - cool down: 20 s
    speed: 1.0 km/h
"""


def exported(program: Program, into: Path) -> bytes:
    """The FIT file of the last session of a program that has ended."""
    folders = {"RETROTREAD_DATA": str(program.folder / "data"), "RETROTREAD_CONFIG": str(program.folder / "config")}
    words = ("history", "export", "--as", "fit", "--session", "last", "--pseudonymous", "--out", str(into))
    done = subprocess.run(
        [sys.executable, "-m", "retrotread", *words],
        env=os.environ | folders,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout.strip()) == (0, str(into)), done.stderr
    return into.read_bytes()


def test_a_session_of_the_program_has_its_distance_laps_and_incline_in_garmins_decoder(tmp_path: Path) -> None:
    workout = tmp_path / "up.yaml"
    workout.write_text(WORKOUT, encoding="utf-8")
    program = Program(tmp_path / "run", False, str(workout), "--treadmill", ADDRESS)
    try:
        program.to_start()
        program.read("type s")
        program.type("s")
        digit = re.search(r"type (\d) to start", program.read("armed:"))
        assert digit is not None
        program.type(digit[1])
        program.read("type o")
        program.type("o")
        for number in (1, 2, 3):
            program.read(f"step {number} of 3")
        program.read("summary: Up and on, plan completed")
        summary = program.read("distance ")
        assert program.ended() == 0
    finally:
        program.close()
    found = decoded(exported(program, tmp_path / "up.fit"))
    (session,), laps = found["session_mesgs"], found["lap_mesgs"]
    assert session["sport_profile_name"] == "simulated: Up and on"
    told_m = re.search(r"(\d+) m\b", summary)
    assert told_m is not None, summary
    assert session["total_distance"] == pytest.approx(float(told_m[1]), abs=1.0)
    assert sum(lap["total_distance"] for lap in laps) == pytest.approx(session["total_distance"], abs=0.02)
    assert [lap["developer_fields"][PLAN_STEP] for lap in laps] == [1, 2, 3]
    assert laps[1]["total_timer_time"] == pytest.approx(25.0, abs=1.5)
    assert [lap["max_pos_grade"] for lap in laps][1] == 2.0
    assert laps[1]["enhanced_max_speed"] * 3.6 == pytest.approx(2.0, abs=0.01)
    steep = [one for one in found["record_mesgs"] if one["grade"] == 2.0]
    assert {(one["developer_fields"][GAIT], one["developer_fields"][EFFECTIVE_GRADE]) for one in steep} == {(-1, 2.0)}
