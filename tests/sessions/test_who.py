"""Who trains here: in the diary; a [person] of the settings is taken over once, and nothing of it is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrotread import config
from retrotread.cli import main
from retrotread.config import Settings, read_settings
from retrotread.sessions import diary
from retrotread.sessions.diary import Introduced
from retrotread.sessions.folder import VARIABLE
from retrotread.sessions.launcher import SessionLauncher
from retrotread.sessions.person import BackwardExperience, Health, Person, Remote
from retrotread.sessions.who import MOVED, take_over, with_known

OLD = """\
# my own words
[person]
name = "Ada"
adult = true
backward_experience = "walks"
backward_max = "4.0 mph"
call = ["notify-send", "help me"]
health = "cleared"

[remote]
next = "f5"

[cues]
speech = false
"""
ADA = Introduced("Ada", True, "walks", 6.437376, ("notify-send", "help me"), "cleared", from_settings=True)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "data"))
    monkeypatch.setenv(config.VARIABLE, str(tmp_path / "settings"))
    (tmp_path / "settings").mkdir()
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def file(data: Path) -> Path:
    path = data.parent / "settings" / "settings.toml"
    path.write_text(OLD, encoding="utf-8")
    return path


def said(data: Path) -> list[object]:
    return [one.said for one in diary.entries(data)]


def started() -> Person | None:
    launcher = SessionLauncher()
    try:
        return launcher.person()
    finally:
        launcher.close()


def test_a_person_of_the_settings_is_taken_over_whole_and_the_file_says_where_they_went(data: Path, file: Path) -> None:
    person = started()
    assert person is not None
    assert (person.name, person.adult, person.experience) == ("Ada", True, BackwardExperience.WALKS)
    assert (person.call, person.health, person.remote) == (("notify-send", "help me"), Health.CLEARED, Remote("f5"))
    assert person.backward_max_kph == pytest.approx(6.437376, abs=0.001)
    assert said(data) == [ADA]
    text = file.read_text(encoding="utf-8")
    assert f"# {MOVED}" in text
    assert "Ada" not in text
    assert [part in text for part in ("# my own words", '[remote]\nnext = "f5"', "[cues]\nspeech = false")] == [
        True
    ] * 3
    assert read_settings(file).problem is None
    assert started() == person
    assert said(data) == [ADA], "once"


def test_a_program_that_ends_before_the_file_is_written_loses_nothing_and_goes_on(data: Path, file: Path) -> None:
    diary.add(data, ADA)
    assert with_known(read_settings(), data).person is not None
    assert started() is not None
    assert said(data) == [ADA]
    assert "[person]\n" not in file.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_keeps_them_and_what_was_said_later_counts(
    data: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise config.SettingsError("the settings cannot be written")

    monkeypatch.setattr(config, "write_settings", refused)
    settings, stays = take_over(read_settings(), data)
    assert stays == "who trains here stays in the settings: the settings cannot be written"
    assert settings.person is not None
    diary.add(data, Introduced("Ada", True, "runs"))
    known = with_known(read_settings(), data).person
    assert known is not None
    assert known.backward_experience == "runs"


def test_settings_that_several_data_folders_share_keep_their_person_for_the_others(
    data: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(config.VARIABLE)
    monkeypatch.setattr(config, "settings_path", lambda: file)
    for folder in (data, data.parent / "another"):
        monkeypatch.setenv(VARIABLE, str(folder))
        for _ in range(2):
            person = started()
            assert person is not None
            assert person.name == "Ada"
        assert said(folder) == [ADA]
    diary.add(data, Introduced("Ada", True, "runs"))
    monkeypatch.setenv(VARIABLE, str(data))
    person = started()
    assert person is not None
    assert person.experience is BackwardExperience.RUNS
    assert file.read_text(encoding="utf-8") == OLD


def test_a_person_that_is_written_into_the_file_again_counts_from_then_on(data: Path, file: Path) -> None:
    started()
    diary.add(data, Introduced("Ada", True, "runs"))
    file.write_text('[person]\nname = "Eve"\nadult = true\n', encoding="utf-8")
    person = started()
    assert person is not None
    assert (person.name, person.experience) == ("Eve", BackwardExperience.NONE)


def test_who_is_introduced_is_kept_in_the_diary_and_the_remote_in_the_settings(data: Path) -> None:
    launcher = SessionLauncher()
    launcher.introduce(Person("Kim", True, remote=Remote("f5")))
    launcher.introduce(Person("Kim", True, remote=Remote("f5", "b")))
    launcher.close()
    assert said(data) == [Introduced("Kim", True, "none")]
    kept = read_settings()
    assert (kept.person, kept.remote is not None and kept.remote.fine) == (None, "b")


def test_a_diary_that_cannot_be_read_knows_nobody(data: Path) -> None:
    (data / diary.NAME).write_bytes(b"broken")
    assert with_known(Settings(), data).person is None


# --- retrotread person ------------------------------------------------------------------------------------------


def test_the_command_tells_and_changes_who_it_is(data: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["person"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:4] == [
        "name: Ada", "18 or over: yes", "backward experience: walks", "own best backward speed: 6.44 km/h",
    ]  # fmt: skip
    assert main(["person", "--experience", "runs", "--backward-max", "7 km/h", "--call", ""]) == 0
    assert capsys.readouterr().out.splitlines()[2:5] == [
        "backward experience: runs", "own best backward speed: 7 km/h", "calls when nobody answers: nothing",
    ]  # fmt: skip
    person = started()
    assert person is not None
    assert (person.experience, person.backward_max_kph, person.call) == (BackwardExperience.RUNS, 7.0, ())
    assert person.health is Health.CLEARED


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("--experience", "flies"), 2, "backward_experience: is none of 'none', 'walks' or 'runs'"),
        (("--backward-max", "7"), 2, "backward_max: is not a speed with its unit"),
    ],
)
def test_what_nobody_can_be_is_refused_with_the_mend_and_changes_nothing(
    data: Path, file: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, error: str
) -> None:
    assert main(["person", *words]) == code
    assert error in capsys.readouterr().err
    assert said(data) == [ADA]


def test_before_anybody_was_asked_the_command_says_who_asks(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["person"]) == 1
    assert "nobody has been asked yet" in capsys.readouterr().err
    assert not (data / diary.NAME).exists()
