"""``retrotread new`` and ``retrotread edit`` on a command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from retrotread.cli import MISUSED
from retrotread.cli.commands import app

FULL = ("--level", "3", "--minutes", "8", "--kind", "intervals")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RETROTREAD_CONFIG", str(tmp_path / "settings"))
    return tmp_path


def run(*arguments: str, typed: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(app, arguments, input=typed)
    return done.exit_code, done.output


def test_answers_on_the_command_line_make_a_file_that_the_check_accepts(folder: Path) -> None:
    assert run("new", "Slow walk", *FULL) == (0, "slow-walk.yaml is written\n")
    assert 'name: "Slow walk"' in (folder / "slow-walk.yaml").read_text()
    code, said = run("check", "slow-walk.yaml")
    assert (code, "no limit is hit" in said) == (0, True)


def test_what_is_not_given_is_asked_for(folder: Path) -> None:
    code, said = run("new", typed="Mine\n3\n8\nintervals\n")
    assert code == 0
    assert [said.index(word) for word in ("called", "Level", "Minutes", "even or intervals")]
    assert "repeat: 3" in (folder / "mine.yaml").read_text()


def test_no_file_is_written_over(folder: Path) -> None:
    (folder / "mine.yaml").write_text("mine")
    code, said = run("new", "mine", *FULL)
    assert (code, (folder / "mine.yaml").read_text()) == (MISUSED, "mine")
    assert "mine.yaml is there already; use: retrotread edit mine.yaml" in said


def test_nor_a_draft(folder: Path) -> None:
    (folder / "mine.yaml.draft").write_text("mine")
    assert run("new", "mine", *FULL)[0] == MISUSED


def test_what_the_check_does_not_accept_is_begun_as_a_draft(folder: Path) -> None:
    code, said = run("new", "mine", *FULL, "--treadmill", "sim://well-behaved?min_kph=4")
    assert code == 1
    assert "mine.yaml.draft is a draft: the check does not accept it yet" in said
    assert not (folder / "mine.yaml").exists()
    assert "walk: 2 min" in (folder / "mine.yaml.draft").read_text()


def test_minutes_that_the_level_does_not_have_are_misuse(folder: Path) -> None:
    code, said = run("new", "Even seven", "--level", "7", "--minutes", "10", "--kind", "even", "--no-edit")
    assert (code, list(folder.glob("*.yaml*"))) == (MISUSED, [])
    assert "level 7 runs, and runs in bouts" in " ".join(said.replace("│", " ").split())


@pytest.mark.parametrize("wrong", [("--level", "11"), ("--minutes", "1"), ("--kind", "uphill"), ("--level", "10.5")])
def test_an_answer_that_is_none_is_misuse(folder: Path, wrong: tuple[str, str]) -> None:
    code, said = run("new", "mine", *FULL, *wrong)
    assert code == MISUSED
    assert wrong[0].strip("-") in said
    assert list(folder.glob("mine*")) == []


def test_a_folder_that_takes_no_file_is_told(folder: Path) -> None:
    (folder / "no").write_text("a file")
    code, said = run("new", "no/mine.yaml", *FULL)
    assert code == MISUSED
    assert "cannot be written" in said


def test_editing_needs_a_terminal(folder: Path) -> None:
    code, said = run("edit", "mine.yaml")
    assert code == MISUSED
    assert "the editor needs a terminal; without one: retrotread check FILE" in said
