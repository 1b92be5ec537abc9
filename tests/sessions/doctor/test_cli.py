"""``retrotread doctor`` on the command line: what goes where, and the exit codes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from retrotread import config
from retrotread.__main__ import main
from retrotread.sessions.doctor import everything
from retrotread.sessions.doctor.everything import Findings
from retrotread.sessions.doctor.finding import NOTHING_TO_MEND, Entry, Severity
from retrotread.sessions.folder import VARIABLE


@pytest.fixture
def finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "data"))
    monkeypatch.setenv(config.VARIABLE, str(tmp_path / "settings"))
    return monkeypatch


def with_worst(patch: pytest.MonkeyPatch, severity: Severity) -> None:
    found: Findings = (("stone", (Entry("moss", severity, "moss is there", NOTHING_TO_MEND).found(),)),)
    patch.setattr(everything, "look", lambda: found)


@pytest.mark.parametrize(("severity", "code"), [(Severity.OK, 0), (Severity.WARNING, 0), (Severity.PROBLEM, 1)])
def test_only_a_problem_is_an_exit_code(
    severity: Severity, code: int, finds: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with_worst(finds, severity)
    assert main(["doctor"]) == code
    assert "moss is there" in capsys.readouterr().out


def test_json_is_one_object_and_the_bundle_is_told_on_stderr(
    finds: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with_worst(finds, Severity.WARNING)
    assert main(["doctor", "--json", "--bundle", str(tmp_path / "report.zip")]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["worst"] == "warning"
    assert "have a look into it" in said.err
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        assert "findings.json" in archive.namelist()


def test_a_bundle_that_cannot_be_written_is_a_sentence(
    finds: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with_worst(finds, Severity.OK)
    assert main(["doctor", "--bundle", str(tmp_path / "none" / "report.zip")]) == 2
    assert capsys.readouterr().err == (
        f"{tmp_path}/none/report.zip: cannot be written (No such file or directory); choose another file\n"
    )
