"""``retrotread clinic`` on a command line: taken in, prescribed for, and nothing goes by the passphrase."""

from __future__ import annotations

import json
from pathlib import Path

import argon2
import pytest
from typer.testing import CliRunner

from retrotread.cli import FOUND, MISUSED, NO_FOLDER
from retrotread.cli.commands import app
from retrotread.sessions.clinic import passphrase

WORDS = "rear wheels turn slowly"
SIGNED = ("--author", "Dr. A. Weber", "--reason", "knee, second week")
LAST_DAY = "2099-11-30"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETROTREAD_DATA", str(tmp_path))
    monkeypatch.setattr(passphrase, "_hasher", lambda: argon2.PasswordHasher(1, 8, 1))


def run(*words: str, typed: str = WORDS) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["clinic", *words], input=f"{typed}\n")
    return done.exit_code, done.output


@pytest.fixture
def clinic() -> None:
    assert run("set-up", "Rehab")[0] == 0
    assert run("add", "P-AAAA") == (0, "P-AAAA\n")


def prescribe(*more: str, workout: str = "ladder-1", tier: str = "novice", typed: str = WORDS) -> tuple[int, str]:
    words = ("prescribe", "P-AAAA", workout, *SIGNED, "--from", "2026-11-01", "--until", LAST_DAY, "--tier", tier)
    return run(*words, *more, typed=typed)


@pytest.mark.usefixtures("clinic")
def test_a_prescription_is_read_back_and_then_stands_in_the_list_and_in_the_log() -> None:
    code, told = prescribe("--speed", "2.0 km/h", "--minutes", "40", "--pain", "3", "--way", "backward")
    assert code == 0
    assert "At most: 2.0 km/h, 40 min, pain 3 of 10, backward only" in told
    assert f"Prescription 1 of Dr. A. Weber, until {LAST_DAY}: knee, second week" in told
    listed = run("show")[1].splitlines()
    assert listed[:2] == ["Rehab: one participant", "P-AAAA"]
    assert listed[2].startswith(
        "  1  Ladder 1: first steps backward (2026-11-01 to 2099-11-30), at most 2.0 km/h, 40 min,"
    )
    logged = run("log")[1].splitlines()
    assert len(logged) == 3
    assert logged[2].endswith("Dr. A. Weber: knee, second week")


@pytest.mark.usefixtures("clinic")
def test_a_plan_that_passes_its_own_limits_is_not_prescribed() -> None:
    code, told = prescribe("--speed", "0.9 km/h")
    assert code == FOUND
    assert "1.5 km/h is above 0.9 km/h" in told
    assert "nothing is prescribed" in run("show")[1]


@pytest.mark.usefixtures("clinic")
def test_a_withdrawn_prescription_holds_no_longer_and_the_log_says_who_and_why() -> None:
    prescribe()
    assert run("withdraw", "1", "--author", "B. Lang", "--reason", "too early") == (
        0,
        "prescription 1 holds no longer\n",
    )
    assert "nothing is prescribed" in run("show", "P-AAAA")[1]
    assert "prescription 1 was withdrawn; B. Lang: too early" in run("log")[1]


@pytest.mark.usefixtures("clinic")
def test_a_second_prescription_says_what_becomes_of_the_first() -> None:
    prescribe("--speed", "2.0 km/h")
    code, told = prescribe("--speed", "1.6 km/h")
    assert (code, "--instead 1 ends it, --beside leaves both" in told) == (MISUSED, True)
    assert prescribe("--speed", "1.6 km/h", "--instead", "1")[0] == 0
    assert prescribe("--speed", "1.8 km/h", "--beside")[0] == 0
    assert [line.split()[0] for line in run("show", "P-AAAA")[1].splitlines()[2:]] == ["2", "3"]


@pytest.mark.usefixtures("clinic")
def test_what_the_computer_is_for_is_an_entry() -> None:
    assert run("profile", "participants-only") == (0, "from now on this computer is for participants only\n")
    assert run("show")[1].startswith("Rehab: one participant; nothing is run on this computer but what is prescribed\n")
    assert run("profile", "anybody") == (0, "from now on this computer is for anybody\n")
    assert run("log")[1].rstrip().endswith("this computer is not for participants only")
    assert run("profile", "nobody") == (
        MISUSED,
        "retrotread: 'nobody' is no profile; write participants-only or anybody\n",
    )


@pytest.mark.usefixtures("clinic")
def test_as_json_no_hash_of_the_passphrase_is_told() -> None:
    prescribe("--speed", "2 km/h")
    told = json.loads(run("show", "--json")[1])
    (one,) = told["participants"]
    assert one["prescriptions"][0]["ceilings"]["speed_kph"] == 2.0
    logged = run("log", "--json")[1]
    assert [entry["what"] for entry in json.loads(logged)][:2] == ["Rehab was set up", "P-AAAA takes part"]
    assert "argon2" not in logged


@pytest.mark.usefixtures("clinic")
@pytest.mark.parametrize(
    "words",
    [
        ("add",),
        ("leave", "P-AAAA", *SIGNED),
        ("withdraw", "1", *SIGNED),
        ("go-on-without", *SIGNED),
        ("passphrase",),
        ("prescribe", "P-AAAA", "ladder-1", *SIGNED, "--until", LAST_DAY, "--tier", "novice"),
    ],
    ids=lambda words: words[0],
)
def test_whoever_has_not_the_passphrase_changes_nothing(words: tuple[str, ...]) -> None:
    before = run("log")[1]
    code, told = run(*words, typed="let me in, please\nlet me in, please")
    assert (code, told) == (MISUSED, "retrotread: the passphrase is not that of this clinic; nothing was changed\n")
    after = run("log")[1]
    assert after.startswith(before)
    assert after.removeprefix(before).rstrip().endswith("a wrong passphrase; nothing was changed")


@pytest.mark.parametrize("words", [("show",), ("log",), ("add",)])
def test_without_a_clinic_each_command_says_how_to_begin_one(words: tuple[str, ...]) -> None:
    code, told = run(*words)
    assert code == MISUSED
    assert "set one up with 'retrotread clinic set-up'" in told


@pytest.mark.usefixtures("clinic")
@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--speed", "fast"), "fast"),
        (("--pain", "11"), "pain 11: from 0 to 10"),
        (("--tier", "giant"), "there is no tier 'giant'"),
        (("--way", "sideways"), "'sideways' is not a valid Way"),
        (("--until", "soon"), "'soon' is no day; write days as 2026-12-31"),
        (("--until", "20991130"), "'20991130' is no day; write days as 2026-12-31"),
        (("--until", "2020-01-01"), "its last day, 2020-01-01, is over"),
        (("--from", "20260101"), "'20260101' is no day"),
    ],
)
def test_what_cannot_be_understood_is_a_sentence_and_nothing_is_written(more: tuple[str, ...], sentence: str) -> None:
    code, told = prescribe(*more)
    assert code == MISUSED
    assert sentence in told
    assert "nothing is prescribed" in run("show")[1]


def test_a_register_that_is_no_file_of_ours_is_left_and_told(tmp_path: Path) -> None:
    (tmp_path / "clinic.sqlite").write_bytes(b"a letter" * 30)
    code, told = run("show")
    assert (code, "is damaged (it is no database); it was left as it is" in told) == (FOUND, True)


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETROTREAD_DATA", str(tmp_path / "file" / "inside"))
    (tmp_path / "file").write_text("")
    code, told = run("set-up", "Rehab")
    assert code == NO_FOLDER
    assert "choose another folder with RETROTREAD_DATA" in told


def test_a_clinic_is_set_up_on_a_computer_on_which_nothing_was_ever_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETROTREAD_DATA", str(tmp_path / "new" / "folder"))
    assert run("set-up", "Rehab") == (0, "Rehab is set up; 'retrotread clinic add' takes in the first participant\n")
    assert run("add", "P-AAAA") == (0, "P-AAAA\n")
