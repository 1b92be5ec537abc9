"""``retrotread history export``, from the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.records.conftest import Made, changed

from retrotread import config
from retrotread.__main__ import main
from retrotread.cli.history_export import ASK_PRIVACY, ASK_WHICH
from retrotread.records.exports.formats import TABLE_NAME
from retrotread.records.file import NAME
from retrotread.sessions.folder import VARIABLE

SETTINGS = '[person]\nname = "Ada Lovelace"\nadult = true\nbackward_experience = "walks"\n'
SEVERAL = ("--all", "--pseudonymous")


class Exporting:
    """The program with a data folder and settings of its own, and a folder to export to."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.out, self._capsys = folder / "out", capsys

    def __call__(self, form: str, *words: str, out: str | None = None) -> tuple[int, list[str], str]:
        """Exit code, names of the files that it tells, and what it says."""
        code = main(["history", "export", "--as", form, *words, "--out", out or str(self.out)])
        told, said = self._capsys.readouterr()
        return code, [Path(line).name for line in told.splitlines()], " ".join(said.split())


@pytest.fixture
def exporting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Exporting:
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "data").mkdir()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "data"))
    monkeypatch.setenv(config.VARIABLE, str(tmp_path / "settings"))
    return Exporting(tmp_path, capsys)


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "runs"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def three(run: Made) -> None:
    """Three sessions on three days."""
    for number, day in (("aa11", "2026-03-02"), ("bb22", "2026-03-04"), ("cc33", "2026-03-06")):
        run(number, f"{day}T09:00:00+00:00", None if number == "aa11" else 60.0)


@pytest.mark.parametrize("form", ["fit", "tcx", "csv", "json"])
def test_every_session_has_a_file_oldest_first(exporting: Exporting, three: None, form: str) -> None:
    code, names, said = exporting(form, *SEVERAL)
    assert (code, said) == (0, "")
    assert names == [
        f"retrotread-20260302T090000-aa11.{form}",
        f"retrotread-20260304T090000-bb22.{form}",
        f"retrotread-20260306T090000-cc33.{form}",
    ]
    assert sorted(one.name for one in exporting.out.iterdir()) == names


def test_a_table_has_a_row_for_each_in_one_file(exporting: Exporting, three: None) -> None:
    assert exporting("table", *SEVERAL, out=f"{exporting.out}.csv")[:2] == (0, ["out.csv"])
    with Path(f"{exporting.out}.csv").open(encoding="utf-8", newline="") as file:
        assert [row["run_id"] for row in csv.DictReader(file)] == ["aa11", "bb22", "cc33"]
    exporting.out.mkdir()
    assert exporting("table", *SEVERAL)[1] == [TABLE_NAME]


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        (("--from", "2026-03-04"), ["bb22", "cc33"]),
        (("--to", "2026-03-04"), ["aa11", "bb22"]),
        (("--from", "2026-03-03", "--to", "2026-03-05"), ["bb22"]),
        (("--from", "2026-03-04", "--to", "2026-03-04"), ["bb22"]),
    ],
)
def test_a_range_of_days_has_both_ends_in_it(
    exporting: Exporting, three: None, words: tuple[str, ...], chosen: list[str]
) -> None:
    _, names, _ = exporting("json", *words, "--pseudonymous")
    assert [name[-9:-5] for name in names] == chosen


@pytest.mark.parametrize("which", ["last", "2026-03-06", "cc33"])
def test_one_session_is_one_file_of_the_name_that_is_given(exporting: Exporting, three: None, which: str) -> None:
    code, names, _ = exporting("json", "--session", which, "--identified", out=f"{exporting.out}.json")
    assert (code, names) == (0, ["out.json"])
    found = json.loads(Path(f"{exporting.out}.json").read_text(encoding="utf-8"))
    assert (found["session"]["run_id"], found["person"]["name"]) == ("cc33", "Ada Lovelace")
    exporting.out.mkdir()
    assert exporting("json", "--session", which, "--identified")[1] == ["retrotread-20260306T090000-cc33.json"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--all",), ASK_PRIVACY),
        (("--all", "--identified", "--pseudonymous"), f"one of the two alone: {ASK_PRIVACY}"),
        (("--pseudonymous",), ASK_WHICH),
        (("--pseudonymous", "--all", "--session", "last"), ASK_WHICH),
        (("--pseudonymous", "--all", "--from", "2026-03-02"), ASK_WHICH),
        (("--pseudonymous", "--from", "yesterday"), "'yesterday' is no day; write it as 2026-03-02"),
        (("--pseudonymous", "--from", "2026-03-04", "--to", "2026-03-02"), "lies before --from 2026-03-04; swap them"),
        (("--pseudonymous", "--from", "2027-01-01"), "there is no session from 2027-01-01; see: retrotread history"),
        (("--pseudonymous", "--session", "dead"), "no session is meant by 'dead'"),
    ],
)
def test_what_is_open_is_asked_for_and_nothing_is_written(
    exporting: Exporting, three: None, words: tuple[str, ...], sentence: str
) -> None:
    code, names, said = exporting("fit", *words)
    assert (code, names) == (2, [])
    assert sentence in said
    assert not exporting.out.exists()


def test_a_format_that_there_is_not_is_named_with_those_that_there_are(exporting: Exporting, three: None) -> None:
    code, _, said = exporting("gpx", *SEVERAL)
    assert code == 2
    assert "'gpx' is no format; there are fit, tcx, csv (samples), json, or table" in said


def test_before_the_first_run_there_is_nothing_to_export(exporting: Exporting) -> None:
    assert exporting("fit", *SEVERAL)[2] == "retrotread: there is no session yet; the first run begins the history"


def test_a_second_export_writes_over_nothing_unless_it_is_forced(exporting: Exporting, three: None) -> None:
    exporting("fit", *SEVERAL)
    before = {one.name: one.read_bytes() for one in exporting.out.iterdir()}
    code, names, said = exporting("fit", *SEVERAL)
    assert (code, names) == (2, [])
    assert "is there already; nothing was written" in said
    assert exporting("fit", *SEVERAL, "--force")[0] == 0
    assert {one.name: one.read_bytes() for one in exporting.out.iterdir()} == before


def test_the_data_folder_is_no_place_for_exports(exporting: Exporting, three: None, runs: Path) -> None:
    code, _, said = exporting("fit", *SEVERAL, "--force", out=str(runs))
    assert code == 2
    assert "is where Retrotread keeps its own data; choose another folder" in said


def test_a_session_that_was_changed_by_hand_is_exported_and_named(
    exporting: Exporting, three: None, tmp_path: Path
) -> None:
    exporting("fit", *SEVERAL, out=str(tmp_path / "before"))
    changed(tmp_path / "data" / NAME, "UPDATE session SET distance_mm = 42195000 WHERE run_id = 'bb22'")
    code, names, said = exporting("json", *SEVERAL)
    assert (code, len(names)) == (1, 3)
    assert said == (
        "retrotread: the session 'Two bouts' of 2026-03-04 09:00 UTC is exported as it is, which is not as it was "
        "kept: hold it against its journal"
    )
    files = [json.loads((exporting.out / name).read_text(encoding="utf-8")) for name in names]
    assert [one["unchanged"] for one in files] == [True, False, True]
    assert exporting("table", *SEVERAL)[0] == 1
    with (exporting.out / TABLE_NAME).open(encoding="utf-8", newline="") as file:
        assert [row["unchanged"] for row in csv.DictReader(file)] == ["yes", "no", "yes"]


def test_an_interrupted_run_is_exported_with_what_its_samples_tell(exporting: Exporting, crashed: Made) -> None:
    crashed()
    code, names, _ = exporting("json", *SEVERAL)
    assert code == 0
    found = json.loads((exporting.out / names[0]).read_text(encoding="utf-8"))
    assert found["session"]["partial"] is True
    assert sum(lap["distance_mm"] for lap in found["laps"]) == found["session"]["distance_mm"] > 0


# --- which names a pseudonymous file has to hide ------------------------------------------------------------------

NAMED = "UPDATE run SET workout = 'Plan of Ada Lovelace and Zoe Lang'"


@pytest.fixture
def one_with_names(run: Made) -> None:
    """A session whose workout names two people."""
    changed(run("aa11"), NAMED)


def written(exporting: Exporting) -> str:
    (file,) = exporting.out.iterdir()
    return file.read_text(encoding="utf-8")


def test_a_name_from_before_is_hidden_too(exporting: Exporting, one_with_names: None) -> None:
    assert main(["person", "--name", "Zoe Lang"]) == 0
    assert exporting("json", *SEVERAL)[0] == 0
    assert "Plan of P-" in written(exporting)
    assert not [name for name in ("Ada Lovelace", "Zoe Lang") if name in written(exporting)]


def test_with_a_diary_that_cannot_be_read_no_pseudonymous_file_is_written(
    exporting: Exporting, one_with_names: None, tmp_path: Path
) -> None:
    (tmp_path / "data" / "diary.sqlite").write_text("rubbish", encoding="utf-8")
    code, names, said = exporting("json", *SEVERAL)
    assert (code, names, exporting.out.exists()) == (2, [], False)
    assert "so it is not known which names to take out; nothing was written" in said
    assert exporting("json", *SEVERAL, "--hide", "Ada Lovelace", "--hide", "Zoe Lang")[0] == 0
    assert "Lovelace" not in written(exporting)


def test_where_nobody_has_said_who_trains_a_name_may_be_in_it(
    exporting: Exporting, one_with_names: None, tmp_path: Path
) -> None:
    """As after a start with another data folder, which takes who it is out of the settings."""
    (tmp_path / "settings" / "settings.toml").write_text("", encoding="utf-8")
    code, names, said = exporting("json", *SEVERAL)
    assert (code, names, exporting.out.exists()) == (2, [], False)
    assert "nobody has said here who trains, so it is not known" in said
    assert exporting("json", "--all", "--identified")[0] == 0


def test_settings_that_cannot_be_read_may_name_somebody(
    exporting: Exporting, one_with_names: None, tmp_path: Path
) -> None:
    (tmp_path / "settings" / "settings.toml").write_text("[person\nname = 'Ada", encoding="utf-8")
    assert exporting("json", *SEVERAL)[:2] == (2, [])


def test_a_report_hides_the_same_names(
    exporting: Exporting, one_with_names: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["history", "report", "last", "--pseudonymous", "--out", str(tmp_path / "page.html")]
    main(["person", "--name", "Zoe Lang"])
    assert main(asked) == 0
    assert "Lovelace" not in (tmp_path / "page.html").read_text(encoding="utf-8")
    (tmp_path / "data" / "diary.sqlite").write_text("rubbish", encoding="utf-8")
    assert main([*asked, "--force"]) == 2
    assert "nothing was written" in capsys.readouterr().err
