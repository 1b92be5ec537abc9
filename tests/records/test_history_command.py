"""``retrotread history`` and what ``retrotread next`` makes of it, from the command line."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.records.conftest import Made, changed

from retrotread import config
from retrotread.__main__ import main
from retrotread.cli.history import recorded_for
from retrotread.records.file import NAME
from retrotread.records.opening import CHECKED
from retrotread.sessions.folder import VARIABLE, FolderLock
from retrotread.sessions.next_command import HISTORY_NAME
from retrotread.training.history import Break, Pain, Session
from retrotread.training.history_file import history_as_json

SETTINGS = '[person]\nname = "Ada Lovelace"\nadult = true\nbackward_experience = "walks"\nbackward_max = "6.5 km/h"\n'


class Asking:
    """The program with a data folder and settings of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        code = main(list(words))
        return code, *self._capsys.readouterr()

    def object(self, *words: str) -> dict[str, Any]:
        found = json.loads(self(*words, "--json")[1])
        assert isinstance(found, dict)
        return found


@pytest.fixture
def asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Asking:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    monkeypatch.setenv(config.VARIABLE, str(tmp_path / "settings"))
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    return Asking(tmp_path, capsys)


# --- the list ---------------------------------------------------------------------------------------------------


def test_before_the_first_run_there_is_nothing_and_no_store_is_made(asking: Asking) -> None:
    assert asking("history") == (0, "nothing yet: the first run begins the history\n", "")
    assert not (asking.folder / NAME).exists()
    assert asking.object("history")["sessions"] == []


def test_the_list_is_newest_first_and_says_what_was_done_and_felt(asking: Asking, run: Made, crashed: Made) -> None:
    run()
    crashed(began="2026-03-04T09:00:00+00:00")
    changed(run("sim0", "2026-03-05T09:00:00+00:00", stop_at_s=150.0), "UPDATE run SET address = 'sim://spiky'")
    code, out, err = asking("history")
    assert (code, err) == (0, "")
    newest, middle, oldest = out.splitlines()
    assert oldest == (
        "2026-03-02 09:00  Two bouts; 5.5 min backward; 0.10 km up to 1.5 km/h; "
        "pain 0 before, 1 in it, 0 after; effort 3"
    )
    assert middle.endswith("; interrupted: totals from what was recorded")
    assert newest.startswith("2026-03-05 09:00")
    assert "; not to its end: " in newest
    assert newest.endswith("; simulated, so no training")


def test_the_list_as_an_object_holds_numbers_with_their_units_and_no_name(asking: Asking, run: Made) -> None:
    run()
    found = asking.object("history", "list")
    assert found["retrotread_sessions"] == 1
    (one,) = found["sessions"]
    assert (one["day"], one["workout"], one["backward_ms"], one["effort"]) == ("2026-03-02", "Two bouts", 330_000, 3)
    assert "Ada" not in json.dumps(found)


def test_the_store_holds_no_name_of_the_settings(asking: Asking, run: Made) -> None:
    run()
    asking("history")
    kept = b"".join(path.read_bytes() for path in asking.folder.glob(f"{NAME}*"))
    assert b"Two bouts" in kept
    assert b"Lovelace" not in kept


def test_a_name_with_control_characters_does_not_steer_the_terminal(asking: Asking, run: Made) -> None:
    changed(run(), "UPDATE run SET workout = 'a' || char(27) || '[2Jb' || char(10) || 'c'")
    out = asking("history")[1]
    assert "a [2Jb c; " in out
    assert len(out.splitlines()) == 1


def test_a_run_that_crashed_is_closed_and_listed_at_once(asking: Asking, run: Made) -> None:
    changed(run(), "UPDATE run SET state = 'open', summary = NULL, ended = NULL, ended_utc = NULL")
    assert "; interrupted: totals from what was recorded" in asking("history")[1]


def test_a_run_that_is_under_way_is_left_alone(asking: Asking, run: Made) -> None:
    path = changed(run(), "UPDATE run SET state = 'open', summary = NULL, ended = NULL, ended_utc = NULL")
    lock = FolderLock(asking.folder)
    assert asking("history")[:2] == (0, "nothing yet: the first run begins the history\n")
    lock.release()
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT state FROM run").fetchone() == ("open",)


# --- damage -----------------------------------------------------------------------------------------------------


def test_a_journal_that_cannot_be_read_is_told_beside_the_others(asking: Asking, run: Made) -> None:
    run()
    (asking.folder / "runs" / "x.sqlite").write_text("no journal", encoding="utf-8")
    code, out, err = asking("history")
    assert (code, len(out.splitlines())) == (1, 1)
    assert err == "retrotread: x.sqlite cannot be taken over (it is no database); it was left as it is\n"


def test_a_newest_session_that_was_changed_by_hand_is_told(asking: Asking, run: Made) -> None:
    run()
    run("old", "2026-03-01T09:00:00+00:00")
    asking("history")
    changed(asking.folder / NAME, "UPDATE session SET distance_mm = 42195000 WHERE run_id = 'ab12'")
    code, _, err = asking("history")
    assert code == 1
    assert "the session 'Two bouts' of 2026-03-02 09:00 UTC is not as it was kept" in err


@pytest.mark.parametrize(
    "words",
    [
        ("show", "2026-03-01"),
        ("compare", "last", "2026-03-01"),
        ("report", "2026-03-01", "--pseudonymous", "--out"),
        ("check",),
        ("list",),
    ],
    ids=lambda words: words[0],
)
def test_an_older_session_that_was_changed_by_hand_is_told_where_it_is_looked_at_and_once_a_week(
    asking: Asking, run: Made, tmp_path_factory: pytest.TempPathFactory, words: tuple[str, ...]
) -> None:
    run()
    run("old", "2026-03-01T09:00:00+00:00")
    assert asking("history")[0] == 0
    assert asking("history", "check") == (0, "2 sessions looked through; not as they were kept: 0\n", "")
    changed(asking.folder / NAME, "UPDATE sample SET speed_ckph = 7 WHERE session_id = 1 AND at_ms > 60000")
    assert asking("history", "show", "last")[0] == 0
    if words == ("list",):
        assert asking("history", *words)[0] == 0, "once a week"
        (asking.folder / CHECKED).write_text("2026-03-02", encoding="utf-8")
        assert asking("history", *words)[0] == 1, "and then at every look"
    asked_for = (*words, str(tmp_path_factory.mktemp("out"))) if words[-1] == "--out" else words
    code, _, err = asking("history", *asked_for)
    assert code == 1
    assert err.count("the session 'Two bouts' of 2026-03-01 09:00 UTC is not as it was kept") == 1


@pytest.mark.parametrize("command", ["history", "next"])
def test_a_store_that_is_none_is_named_with_the_mend_and_left(asking: Asking, run: Made, command: str) -> None:
    run()
    (asking.folder / NAME).write_text("my diary", encoding="utf-8")
    code, out, err = asking(command)
    assert (code, out) == (3, "")
    assert f"{asking.folder / NAME} is not the store: it is no database; it was left as it is: move it away" in err
    assert (asking.folder / NAME).read_text(encoding="utf-8") == "my diary"


@pytest.mark.parametrize(
    ("statement", "although", "told"),
    [
        ("UPDATE sample SET speed_ckph = 900", (), (2, "", "1 sessions of")),
        (
            "UPDATE sample SET speed_ckph = 900",
            ("--although-damaged",),
            (1, "restored: 1 sessions", "is not as it was"),
        ),
        ("UPDATE session SET day = 'banana'", ("--although-damaged",), (2, "", "is damaged (Invalid isoformat string")),
        ("UPDATE session SET notes = 'nojson'", ("--although-damaged",), (2, "", "is damaged (Expecting value")),
    ],
)
def test_a_damaged_backup_is_restored_where_it_is_said_and_where_it_can_be_read(
    asking: Asking,
    run: Made,
    tmp_path_factory: pytest.TempPathFactory,
    statement: str,
    although: tuple[str, ...],
    told: tuple[int, str, str],
) -> None:
    run()
    backup = tmp_path_factory.mktemp("elsewhere") / "backup.sqlite"
    assert asking("history", "backup", str(backup))[0] == 0
    before = (asking.folder / NAME).read_bytes()
    changed(backup, statement)
    code, out, err = asking("history", "restore", str(backup), *although)
    assert (code, out[: len(told[1])]) == told[:2]
    assert told[2] in err
    assert code != 2 or ("nothing was changed" in err.lower() and (asking.folder / NAME).read_bytes() == before)


def damaged(asking: Asking) -> bytes:
    """The store after its disk lost two pages of it."""
    path = asking.folder / NAME
    content = bytearray(path.read_bytes())
    content[100:200], content[4096:12288] = b"\xff" * 100, b"\xff" * 8192
    path.write_bytes(content)
    return bytes(content)


def test_a_damaged_store_is_kept_under_another_name_and_made_anew_from_the_journals(asking: Asking, run: Made) -> None:
    run()
    told = asking("history")[1]
    content = damaged(asking)
    code, out, err = asking("history")
    assert (code, out) == (1, told)
    (aside,) = asking.folder.glob("records-damaged-*.sqlite")
    assert aside.read_bytes() == content
    assert f"made anew from the journals; the damaged one is kept as {aside.name}. Limits" in err
    assert asking("history") == (0, told, "")


NO_VALUE = {
    "a treadmill's name that is no UTF-8": "UPDATE treadmill SET name = CAST(x'ff41' AS TEXT)",
    "a day that is none": "UPDATE session SET day = 'banana'",
    "a beginning that is none": "UPDATE session SET began_utc = 'x'",
    "a beginning before there were years": "UPDATE session SET began_utc = '0001-01-01T00:00:00+00:00'",
    "an event that nobody knows": "UPDATE session SET happened = '[\"nope\"]'",
    "notes that are no list": "UPDATE session SET notes = 'nojson'",
}
LOOKS = {
    "list": ("history", "list"),
    "trends": ("history", "trends", "--to", "2026-03-08"),
    "show": ("history", "show", "last"),
    "next": ("next", "--today", "2026-03-05"),
    "export": ("history", "export", "--as", "json", "--all", "--pseudonymous", "--force", "--out"),
    "report": ("history", "report", "last", "--pseudonymous", "--force", "--out"),
}


@pytest.mark.parametrize(
    ("what", "then"),
    [
        ("trigger", "AFTER INSERT ON session BEGIN DELETE FROM session WHERE id < new.id; END"),
        ("trigger", "AFTER INSERT ON session BEGIN UPDATE person SET level = 10; END"),
        ("view", "AS SELECT 1"),
    ],
)
def test_what_would_run_in_a_store_is_damage_and_every_session_is_there_again(
    asking: Asking, run: Made, what: str, then: str
) -> None:
    run()
    asking("history")
    changed(asking.folder / NAME, f"CREATE {what} evil {then}")
    run("cd34", "2026-03-05T09:00:00+00:00")
    code, out, err = asking("history")
    assert (code, len(out.splitlines())) == (1, 2)
    assert "the store was damaged and is made anew from the journals" in err
    assert asking("history") == (0, out, "")


def asked(look: str, out: Path) -> tuple[str, ...]:
    """The words of a look; one that writes files does so in a folder."""
    return (*LOOKS[look], str(out)) if LOOKS[look][-1] == "--out" else LOOKS[look]


@pytest.mark.parametrize(
    ("look", "what"),
    [*((look, "an event that nobody knows") for look in LOOKS), *(("list", what) for what in NO_VALUE)],
)
def test_a_value_that_no_program_of_ours_has_kept_is_damage_told_and_mended_wherever_one_looks(
    asking: Asking, run: Made, tmp_path_factory: pytest.TempPathFactory, look: str, what: str
) -> None:
    run()
    words = asked(look, tmp_path_factory.mktemp("out"))
    before = asking(*words)
    changed(asking.folder / NAME, NO_VALUE[what])
    _, out, err = asking(*words)
    assert "made anew from the journals; the damaged one is kept as records-damaged-" in err
    assert out == before[1]
    assert asking("history")[0] == 0


@pytest.mark.parametrize("statement", NO_VALUE.values(), ids=NO_VALUE.keys())
def test_at_the_screens_too_such_a_store_is_made_anew_and_holds_nobody_up(
    asking: Asking, run: Made, statement: str
) -> None:
    run()
    before = recorded_for(asking.folder, None)
    changed(asking.folder / NAME, statement)
    assert recorded_for(asking.folder, None) == before
    assert len(list(asking.folder.glob("records-damaged-*.sqlite"))) == 1


@pytest.mark.parametrize("look", ["show", "export", "report"])
@pytest.mark.parametrize(
    "statement", ["UPDATE event SET text = CAST(x'ff41' AS TEXT)", "UPDATE event SET at_utc = 'soon'"]
)
def test_damage_deeper_in_one_session_is_a_sentence_where_it_is_shown(
    asking: Asking, run: Made, tmp_path_factory: pytest.TempPathFactory, look: str, statement: str
) -> None:
    run("ab12")
    run("cd34", "2026-03-05T09:00:00+00:00")
    asking("history")
    changed(asking.folder / NAME, f"{statement} WHERE session_id = 1")
    words = asked(look, tmp_path_factory.mktemp("out"))
    code, out, err = asking(*("2026-03-02" if word == "last" else word for word in words))
    assert (code, out) == (3, "")
    assert f"{asking.folder / NAME} is damaged (" in err
    assert asking("history")[0] == 0, "the others are told"


def test_a_damaged_store_is_left_in_its_place_while_another_program_uses_the_folder(asking: Asking, run: Made) -> None:
    run()
    asking("history")
    content = damaged(asking)
    lock = FolderLock(asking.folder)
    code, _, err = asking("history")
    lock.release()
    assert (code, "another Retrotread is using it; end that one first" in err) == (3, True)
    assert (asking.folder / NAME).read_bytes() == content


def test_where_nothing_can_be_written_what_was_kept_before_is_listed(
    asking: Asking, run: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    asking("history")
    from retrotread.records import opening
    from retrotread.records.file import NoStore

    def refused(path: Path) -> None:
        raise NoStore(f"{path} cannot be written")

    monkeypatch.setattr(opening, "opened", refused)
    code, out, err = asking("history")
    assert (code, len(out.splitlines())) == (1, 1)
    assert "cannot be written; runs since the last time are missing here" in err


# --- what comes next --------------------------------------------------------------------------------------------


def good_ones(run: Made) -> None:
    """Two sessions of level 1 as its first step has them."""
    for day in ("02", "04"):
        began = f"2026-03-{day}T09:00:00+00:00"
        run(f"r{day}", began)


def test_the_next_step_comes_from_what_was_recorded(asking: Asking, run: Made) -> None:
    assert asking.object("next", "--today", "2026-03-06")["week"]["backward_min"] == 0
    good_ones(run)
    week = asking.object("next", "--today", "2026-03-06")["week"]
    assert week["backward_min"] == pytest.approx(11.0)


def test_a_history_that_is_named_is_read_alone(asking: Asking, run: Made) -> None:
    good_ones(run)
    other = asking.folder / "other.json"
    other.write_text(history_as_json(()), encoding="utf-8")
    assert asking.object("next", "--today", "2026-03-06", "--history", str(other))["week"]["backward_min"] == 0


def test_what_was_written_down_and_what_was_recorded_count_together_and_no_session_twice(
    asking: Asking, run: Made
) -> None:
    good_ones(run)
    written = (
        Session(date(2026, 3, 4), 1, 20.0, pain=Pain(0, 0, 0, 0), effort=2),
        Break(date(2026, 3, 5), date(2026, 3, 5)),
    )
    (asking.folder / HISTORY_NAME).write_text(history_as_json(written), encoding="utf-8")
    assert asking.object("next", "--today", "2026-03-06")["week"]["backward_min"] == pytest.approx(25.5)
