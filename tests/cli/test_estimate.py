"""``retrotread estimate`` on a command line; the numbers are those that the formulas' own tests work out."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from retrotread.cli import FOUND, MISUSED
from retrotread.cli.commands import app


def run(words: str) -> tuple[int, list[str]]:
    done = CliRunner().invoke(app, ["estimate", *(word.replace("_", " ") for word in words.split())])
    return done.exit_code, done.output.splitlines()


def test_heart_rates_by_age_have_their_error_and_their_formulas() -> None:
    """168 to 192.1 at forty, 85 % of it 142.8 to 163.3; moderate from 60 at rest 103.2 to 137.9."""
    code, lines = run("heart --age 40 --rest 60")
    assert code == 0
    assert lines[0] == (
        "highest heart rate: estimate 160 to 200 beats per minute (heart-max-tanaka v1, heart-max-gellish v1)"
    )
    assert lines[1].startswith("85 % of it: estimate 140 to 170 beats per minute")
    assert [line.split(":")[0] for line in lines[2:]] == ["light intensity", "moderate intensity", "vigorous intensity"]
    assert lines[3].startswith("moderate intensity: estimate 100 to 140 ")
    assert len(run("heart --age 40")[1]) == 2


def test_a_held_heart_rate_has_none() -> None:
    code, lines = run("heart --age 40 --held --rest 60")
    assert code == FOUND
    assert len(lines) == 5
    assert all(": not estimated: a beta-blocker, a pacemaker or an irregular heart" in line for line in lines)


def test_what_a_speed_costs_backward() -> None:
    """8.10 to 11.88 ml, 2.31 to 3.39 METs; 70 kg: 8.10 x 0.07 x 4.85 = 2.75 and 11.88 x 0.07 x 5.15 = 4.28 kcal."""
    assert run("oxygen --speed 3_km/h --mass 70") == (
        0,
        [
            "oxygen: estimate 8.1 to 12 ml/kg/min (backward-walk v1, acsm-walk v1)",
            "oxygen: estimate 2.3 to 3.4 times that of rest (MET) (backward-walk v1, acsm-walk v1, mets v1)",
            "energy: estimate 2.7 to 4.3 kcal/min (backward-walk v1, acsm-walk v1, energy v1)",
        ],
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--speed 3_km/h --handrail", "hands on the rails"),
        ("--speed 3_km/h --minutes 1", "60 s at one speed are too short"),
        ("--speed 3_km/h --minutes nan", "too short"),
        ("--speed 2_km/h", "the speed is 2 km/h, and the formula holds for 3 to 6 km/h"),
        ("--speed 3_km/h --belt reversed --facing console --incline 2_%", "the way is downhill (-2.0 %)"),
        ("--speed 7_km/h --facing console", "the speed is 7 km/h"),
    ],
)
def test_where_nothing_can_be_said_it_says_why(words: str, said: str) -> None:
    code, lines = run(f"oxygen {words}")
    assert code == FOUND
    assert all("not estimated: " in line and said in line for line in lines)


def test_a_body_that_nobody_has_gets_no_energy_and_keeps_the_rest() -> None:
    code, lines = run("oxygen --speed 3_km/h --mass 20")
    assert code == FOUND
    assert ["not estimated" in line for line in lines] == [False, False, True]


def test_cadence_and_the_step_that_goes_with_it() -> None:
    """168 to 184 steps a minute; 9 km/h is 150 m/min, so 0.815 to 0.893 m."""
    code, lines = run("cadence --forward 160 --run --speed 9_km/h")
    assert code == 0
    assert lines[0] == "cadence backward: estimate 160 to 190 steps per minute (backward-run-cadence v1)"
    assert lines[1].startswith("step: estimate 0.81 to 0.90 m (")
    assert run("cadence --forward 100 --run --speed 9_km/h")[0] == FOUND


def test_json_has_the_range_unrounded_and_the_names_of_the_formulas() -> None:
    (answer,) = json.loads("\n".join(run("load --effort 4 --minutes 20 --json")[1]))
    assert answer == {
        "what": "load of the session",
        "unit": "units",
        "formulas": ["session-load v1"],
        "low": 70.0,
        "high": 90.0,
        "not_estimated": None,
    }
    (none,) = json.loads("\n".join(run("load --effort 11 --minutes 20 --json")[1]))
    assert (none["low"], none["high"]) == (None, None)
    assert none["not_estimated"].startswith("the effort is 11 of 10")


@pytest.mark.parametrize(
    "words", ["oxygen --speed 3", "oxygen --speed 3_km/h --incline 5", "cadence --forward 160 --speed x"]
)
def test_a_quantity_without_its_unit_is_misuse_with_the_mend(words: str) -> None:
    code, lines = run(words)
    assert code == MISUSED
    assert "write a" in " ".join(lines)
