"""``retrotread history report``, from the command line."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from tests.records.conftest import Made, changed
from tests.records.test_history_command import SETTINGS

from retrotread import config
from retrotread.__main__ import main
from retrotread.sessions.folder import VARIABLE

BOTH = [["--pseudonymous"], ["--identified"]]


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Made) -> Path:
    """Where a page may go; two sessions of a data folder with settings."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    monkeypatch.setenv(config.VARIABLE, str(tmp_path / "settings"))
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    run()
    run("cd34ef", "2026-03-05T09:00:00+00:00", stop_at_s=150.0)
    folder = tmp_path.parent / f"{tmp_path.name}-out"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("who", BOTH)
def test_a_report_is_written_for_its_owner_alone(out: Path, capsys: pytest.CaptureFixture[str], who: list[str]) -> None:
    page = out / "page.html"
    assert main(["history", "report", "2026-03-02", "--out", str(page), *who]) == 0
    assert capsys.readouterr().out == f"{page}\n"
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    written = page.read_text(encoding="utf-8")
    assert ("Ada Lovelace" in written) == (who == ["--identified"])
    assert "Run ab12" in written


def test_into_a_folder_it_is_called_by_its_day_and_number(out: Path) -> None:
    assert main(["history", "report", "last", "--out", str(out), "--pseudonymous"]) == 0
    assert [one.name for one in out.iterdir()] == ["2026-03-05-cd34ef.html"]


@pytest.mark.parametrize(
    ("number", "name"),
    [("../../away", "2026-03-05-away.html"), ("/tmp/\x1b[2J", "2026-03-05-tmp2J.html"), ("..", "2026-03-05-run.html")],
)
def test_a_number_of_a_run_leads_to_no_other_folder(out: Path, tmp_path: Path, number: str, name: str) -> None:
    changed(tmp_path / "runs" / "2026-03-05-cd34ef.sqlite", f"UPDATE run SET run_id = '{number}'")
    assert main(["history", "report", "last", "--out", str(out), "--pseudonymous"]) == 0
    assert [one.name for one in out.iterdir()] == [name]


def test_who_it_was_has_to_be_said(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "report", "last", "--out", str(out)]) == 2
    assert "say --identified" in capsys.readouterr().err
    assert list(out.iterdir()) == []


def test_no_such_session_is_told_with_the_mend(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "report", "yesterday", "--out", str(out), "--pseudonymous"]) == 2
    assert "no session is meant by 'yesterday'; type last" in capsys.readouterr().err
    assert list(out.iterdir()) == []


def test_nothing_is_replaced_unless_it_is_said(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = out / "page.html"
    page.write_text("mine", encoding="utf-8")
    asked = ["history", "report", "last", "--out", str(page), "--pseudonymous"]
    assert main(asked) == 2
    assert "is there already" in capsys.readouterr().err
    assert page.read_text(encoding="utf-8") == "mine"
    assert main([*asked, "--force"]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
