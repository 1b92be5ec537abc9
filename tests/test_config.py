"""The settings file: read in every word or not at all, written in one move, and never written over when broken."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from retrotread.config import (
    BPM_MAX,
    BPM_MIN,
    BYTES_MAX,
    VARIABLE,
    CuesTable,
    HeartTable,
    PersonTable,
    RemoteTable,
    Settings,
    SettingsError,
    read_settings,
    settings_path,
    write_settings,
)
from retrotread.safety.heart import HeartCeiling

ADA = """\
# who I am
[person]
call = ["notify-send", "help me"]
name = "Ada"  # short
adult = true
backward_experience = "walks"
backward_max = "4.0 mph"

[cues]
speech = false
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def problem(path: Path, text: str | bytes) -> str:
    """What is wrong with a file of that text, without the name of the file."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    settings = read_settings(path)
    assert (settings.person, settings.remote, settings.cues) == (None, None, CuesTable())
    assert settings.problem is not None
    assert settings.problem.startswith(f"{path}:")
    return settings.problem.removeprefix(f"{path}:")


def test_a_clinic_runs_only_what_is_prescribed_and_whoever_is_written_later_leaves_it_so(path: Path) -> None:
    assert not read_settings(path).participants_only
    path.write_text("[clinic]\nparticipants_only = true\n")
    settings = read_settings(path)
    assert settings.participants_only
    write_settings(replace(settings, person=PersonTable(name="Ada", adult=True)), path)
    assert read_settings(path).participants_only
    path.write_text("[clinic]\nparticipants_only = false\n")
    assert not read_settings(path).participants_only


# --- where --------------------------------------------------------------------------------------------------------


def test_the_folder_is_the_one_that_the_environment_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert settings_path() == tmp_path / "settings.toml"


def test_an_empty_variable_is_none_and_the_users_own_folder_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/home/ada/.config")
    assert settings_path().name == "settings.toml"
    assert settings_path().parent.name == "retrotread"


# --- reading ------------------------------------------------------------------------------------------------------


def test_without_a_file_the_careful_defaults_hold_and_nothing_is_wrong(path: Path) -> None:
    assert read_settings(path) == Settings(person=None, remote=None, cues=CuesTable(speech=True), problem=None)


def test_every_key_is_read_and_a_speed_has_its_unit(path: Path) -> None:
    path.write_text(ADA + '[remote]\nnext = "f5"\nfine = "b"\n')
    settings = read_settings(path)
    assert settings.problem is None
    assert settings.person is not None
    assert settings.person.backward_max_kph == pytest.approx(6.437376)
    assert (settings.person.name, settings.person.adult, settings.person.backward_experience) == ("Ada", True, "walks")
    assert settings.person.call == ("notify-send", "help me")
    assert settings.remote == RemoteTable(next="f5", fine="b")
    assert settings.cues == CuesTable(speech=False)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[person]\nname = 'A'\nadult = yes\n", "3: is not TOML (invalid value); mend that place, or move the file"),
        ("[person]\nname = 'A'\nname = 'B'\nadult = true\n", "3: is not TOML (cannot overwrite a value); mend"),
        pytest.param("x = " + "[" * 5000, " is not TOML (", id="deep"),
        pytest.param("[cues]\nspeech = " + "9" * 5000 + "\n", " is not TOML (", id="long number"),
        ("[persn]\nname = 'A'\n", "1: there is no table [persn]; the tables are person, remote, heart, cues, clinic"),
        ("[clinic]\n", "1: [clinic] participants_only: is missing; write it"),
        (
            "[clinic]\nparticipants_only = true\nname = 'x'",
            "3: there is no key name in [clinic]; the keys are participants_only",
        ),
        ("\n[person]\nname = 'A'\nadult = true\nage = 9\n", "5: there is no key age in [person]; the keys are name,"),
        ("[person]\nname = 'A'\n", "1: [person] adult: is missing; write it"),
        ("[person]\nname = 'A'\n[cues]\nadult = true\n", "1: [person] adult: is missing; write it (and 1 more)"),
        ("[person]\nname = 'A'\nadult = 1\n", "3: [person] adult: is not true or false; write true or false"),
        ("[person]\nname = 7\nadult = true\n", "2: [person] name: is not a text; write it in quotes"),
        ("[person]\nname = ''\nadult = true\n", "2: [person] name: is empty or has a character that nobody can see"),
        ("[person]\nname = 'a\u202eb'\nadult = true\n", "2: [person] name: is empty or has a character that nobody"),
        (f"[person]\nname = '{'a' * 81}'\nadult = true\n", "2: [person] name: has 81 characters, the limit is 80"),
        ("[person]\nname = 'A'\nadult = true\nbackward_experience = 'much'\n", "4: [person] backward_experience: is "),
        ("[person]\nname = 'A'\nadult = true\nbackward_max_kph = '6 km/h'\n", "4: there is no key backward_max_kph in"),
        ("[person]\nname = 'A'\nadult = true\nbackward_max = 6.5\n", "4: [person] backward_max: is not a speed with"),
        ("[person]\nname = 'A'\nadult = true\nbackward_max = 'nan km/h'\n", "4: [person] backward_max: is not a spe"),
        ("[person]\nname = 'A'\nadult = true\nbackward_max = '0 km/h'\n", "4: [person] backward_max: is not above 0"),
        ("[person]\nname = 'A'\nadult = true\nbackward_max = '31 km/h'\n", "4: [person] backward_max: is not above "),
        ("[person]\nname = 'A'\nadult = true\ncall = 'ring'\n", "4: [person] call: is not a list; write it as"),
        (f"[person]\nname = 'A'\nadult = true\ncall = {['x'] * 21}\n", "4: [person] call: has 21 words, the limit is"),
        ("[remote]\nnext = 'enter'\n", "2: [remote] next: 'enter' stops a moving belt from every keyboard; name a key"),
        ("[remote]\nfine = 'space'\n", "2: [remote] fine: 'space' stops a moving belt from every keyboard; name a k"),
        ("[remote]\nfine = 'ctrl+c'\n", "2: [remote] fine: 'ctrl+c' stops a moving belt from every keyboard; name a"),
        ("[remote]\nfine = 'Page Up'\n", "2: [remote] fine: is not the name of a key; write it in small letters"),
        ("[remote]\ndevice = '/etc/passwd'\n", "2: [remote] device: is not the path of a device; write it as in /dev"),
        ("[remote]\ndevice = '/dev/../etc'\n", "2: [remote] device: is not the path of a device; write it as in /dev"),
        ("[remote]\nnext = 'b'\nfine = 'b'\n", "3: [remote] fine: is the same key as next; name another"),
        ("[heart]\nceiling_bpm = 150\n", "1: [heart] strap: is missing; write it"),
        ("[heart]\nstrap = 'my strap'\n", "2: [heart] strap: is not an address; write it as in"),
        ("[heart]\nstrap = 'ble://a b'\n", "2: [heart] strap: is not an address; write it as in"),
        ("[heart]\nstrap = 'ble://A'\nceiling_bpm = 59\n", "3: [heart] ceiling_bpm: 59 is no ceiling for a heart "),
        ("[heart]\nstrap = 'ble://A'\nceiling_bpm = 231\n", "3: [heart] ceiling_bpm: 231 is no ceiling for a hear"),
        ("[heart]\nstrap = 'ble://A'\nceiling_bpm = '150'\n", "3: [heart] ceiling_bpm: is not a whole number; write"),
        ("[heart]\nstrap = 'ble://A'\nrequired = true\n", "3: [heart] required: a strap is required for its ceil"),
        ("cues = 5\n", " [cues]: is not a table; write it as a table, as in [cues]"),
        (b"[person]\nname = '\xff'\n", "2: is not UTF-8 text; save the file as UTF-8"),
        pytest.param(b"#" * (BYTES_MAX + 1), " is larger than 64 KiB, the limit; settings are a few lines", id="large"),
    ],
)
def test_a_broken_file_gives_nothing_and_says_where_what_and_the_mend(
    path: Path, text: str | bytes, sentence: str
) -> None:
    assert problem(path, text).startswith(sentence)


def test_the_first_problem_is_told_with_the_number_of_the_others(path: Path) -> None:
    assert problem(path, "[person]\nname = 7\nadult = 7\n[cues]\nvoice = 1\n").endswith(" (and 2 more)")


def test_a_strap_its_ceiling_and_whether_it_is_needed_are_read_and_kept(path: Path) -> None:
    heart = HeartTable(strap="ble://AA:BB:CC:DD:EE:FF", ceiling_bpm=150, required=True)
    write_settings(Settings(heart=heart), path)
    assert read_settings(path) == Settings(heart=heart)


def test_the_bounds_of_a_ceiling_are_those_of_the_guardian() -> None:
    for bpm in (BPM_MIN, BPM_MAX):
        assert HeartCeiling(bpm).bpm == bpm
    for bpm in (BPM_MIN - 1, BPM_MAX + 1):
        with pytest.raises(ValueError, match="heart-rate ceiling"):
            HeartCeiling(bpm)


def test_a_file_of_the_largest_size_is_still_read(path: Path) -> None:
    path.write_bytes(b"#" * BYTES_MAX)
    assert read_settings(path).problem is None


def test_a_link_a_folder_and_a_pipe_are_not_followed_and_hold_nobody_up(path: Path, tmp_path: Path) -> None:
    (tmp_path / "real.toml").write_text(ADA)
    path.symlink_to(tmp_path / "real.toml")
    sentence = f"{path}: is not a regular file; put the file itself there"
    assert read_settings(path) == Settings(problem=sentence)
    path.unlink()
    path.mkdir()
    assert read_settings(path).problem == sentence
    path.rmdir()
    os.mkfifo(path)
    assert read_settings(path).problem == sentence


def test_a_link_that_takes_the_place_of_the_file_at_the_last_moment_is_not_followed(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real.toml").write_text(ADA)
    path.symlink_to(tmp_path / "real.toml")
    monkeypatch.setattr(Path, "lstat", Path.stat)  # it was a file when it was looked at
    settings = read_settings(path)
    assert settings.person is None
    assert settings.problem is not None
    assert ": cannot be read (Too many levels of symbolic links); " in settings.problem


def test_what_a_person_wrote_is_not_repeated_in_the_sentence(path: Path) -> None:
    assert "secret" not in problem(path, "[person]\nname = 'A'\nadult = 'secret'\n")


# --- writing ------------------------------------------------------------------------------------------------------


def test_a_first_file_is_made_with_its_folder_and_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.toml"
    settings = Settings(
        PersonTable.model_validate({"name": "Ada", "adult": True, "backward_max": "6.5 km/h"}), RemoteTable(fine="b")
    )
    write_settings(settings, path)
    assert read_settings(path) == settings
    assert path.read_text() == (
        "# Settings of Retrotread; docs/settings.md explains every key.\n\n"
        '[person]\nname = "Ada"\nadult = true\nbackward_experience = "none"\nbackward_max = "6.5 km/h"\n\n'
        '[remote]\nnext = "pagedown"\nfine = "b"\n'
    )


def test_only_its_owner_may_read_what_was_written(path: Path) -> None:
    path.write_text(ADA)
    path.chmod(0o644)
    write_settings(Settings(PersonTable(name="Eve", adult=True)), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_comments_order_and_what_did_not_change_stay_as_they_were(path: Path) -> None:
    path.write_text(ADA)
    before = read_settings(path)
    assert before.person is not None
    write_settings(Settings(before.person.model_copy(update={"adult": False}), None, before.cues), path)
    assert path.read_text() == ADA.replace("adult = true", "adult = false")


def test_what_is_no_longer_said_is_taken_out(path: Path) -> None:
    path.write_text(ADA + '[remote]\nfine = "b"\n')
    write_settings(Settings(PersonTable(name="Ada", adult=True)), path)
    assert read_settings(path) == Settings(PersonTable(name="Ada", adult=True))
    assert "# who I am" in path.read_text()


@pytest.mark.parametrize("text", ["[person\n", "[person]\nname = 'Ada'\nadult = true\ncolour = 'red'\n"])
def test_a_broken_file_is_never_written_over(path: Path, text: str) -> None:
    path.write_text(text)
    with pytest.raises(SettingsError) as refused:
        write_settings(Settings(PersonTable(name="Eve", adult=True)), path)
    assert str(refused.value) == read_settings(path).problem
    assert path.read_text() == text


def test_a_write_that_fails_half_way_leaves_the_old_file_and_nothing_beside_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_text(ADA)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsError, match=r"cannot be written \(No space left on device\); make its folder writable"):
        write_settings(Settings(PersonTable(name="Eve", adult=True)), path)
    assert path.read_text() == ADA
    assert [one.name for one in path.parent.iterdir()] == ["settings.toml"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").symlink_to("nowhere")
    with pytest.raises(SettingsError, match=r"cannot be written \(File exists\); .* RETROTREAD_CONFIG=FOLDER"):
        write_settings(Settings(PersonTable(name="Eve", adult=True)), tmp_path / "folder" / "settings.toml")


def test_a_folder_that_is_a_file_is_told_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    problem = read_settings(tmp_path / "file" / "settings.toml").problem
    assert problem is not None
    assert problem.endswith("cannot be read (Not a directory); look at its folder and its permissions")


def test_the_new_file_is_on_the_disk_before_it_takes_the_place_of_the_old_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_text(ADA)
    seen: list[str] = []
    synced = os.fsync

    def note(descriptor: int) -> None:
        seen.append(path.read_text())
        synced(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    write_settings(Settings(PersonTable(name="Eve", adult=True)), path)
    assert seen[0] == ADA
    assert "Eve" in seen[1]


# --- the document -------------------------------------------------------------------------------------------------


def test_the_example_in_the_document_is_read_and_every_key_is_explained(path: Path) -> None:
    document = (Path(__file__).parent.parent / "docs" / "settings.md").read_text(encoding="utf-8")
    path.write_text(document.partition("```toml\n")[2].partition("```")[0])
    settings = read_settings(path)
    assert settings.problem is None
    tables = {"person": settings.person, "remote": settings.remote, "heart": settings.heart, "cues": settings.cues}
    for table, values in tables.items():
        assert values is not None
        keys = [field.alias or name for name, field in type(values).model_fields.items()]
        assert [key for key in keys if f"| `{table}.{key}` |" not in document] == []
