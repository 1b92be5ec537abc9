"""A backup of one person in one file, and the way back."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.records.conftest import Made, changed
from tests.records.test_upgrades import schemas

from retrotread.records.backup import BESIDE, STAGED, Although, NotRestored, backup_of, restore
from retrotread.records.file import NAME, NoStore, StoreError, opened
from retrotread.records.opening import kept_in
from retrotread.records.store import KeptLimit, Store
from retrotread.sessions import diary
from retrotread.sessions.diary import Morning
from retrotread.sessions.folder import FolderLock

CEILING = KeptLimit("speed_max_ckph", 300, "A. Weber", "knee, second week")


@pytest.fixture
def folder(tmp_path: Path, run: Made) -> Path:
    """A data folder with two sessions, a limit and a diary; the runs are taken over."""
    run("ab12cd")
    run("cd34ef", "2026-03-05T09:00:00+00:00", stop_at_s=150.0)
    diary.add(tmp_path, Morning("ab12cd", "2026-03-03", 2))
    the_store(tmp_path).add_limit(1, CEILING)
    return tmp_path


@pytest.fixture
def backed_up(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup, elsewhere."""
    path = tmp_path_factory.mktemp("elsewhere") / "backup.sqlite"
    path.write_bytes(backup_of(folder))
    return path


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a new computer."""
    folder = tmp_path_factory.mktemp("new")
    (folder / "runs").mkdir()
    return folder


def the_store(folder: Path) -> Store:
    """What is kept in a data folder, without a problem."""
    kept = kept_in(folder, None)
    assert kept.problems == ()
    assert kept.store is not None
    return kept.store


def without_the_store(folder: Path) -> Path:
    """The computer after its disk was lost, but for the folder."""
    for path in [*folder.glob(f"{NAME}*"), *folder.glob("diary.sqlite*"), *folder.glob("runs/*")]:
        path.unlink()
    return folder


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(STAGED)]


# --- out --------------------------------------------------------------------------------------------------------


def test_a_backup_is_one_file_that_any_sqlite_program_reads_while_the_store_is_written_to(folder: Path) -> None:
    store = the_store(folder)
    with store.transaction() as connection:
        connection.exec_driver_sql("UPDATE treadmill SET name = 'not yet'")
        content = backup_of(folder)
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(content)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM session").fetchone() == (2,)
        assert database.execute("SELECT name FROM treadmill").fetchone() != ("not yet",)
    assert content[18:20] == b"\x01\x01"


def test_before_the_first_run_there_is_nothing_to_back_up(empty: Path) -> None:
    with pytest.raises(NoStore, match="is not there yet"):
        backup_of(empty)


def test_a_damaged_store_is_not_backed_up_as_if_it_were_whole(folder: Path) -> None:
    the_store(folder)
    path = folder / NAME
    content = bytearray(path.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(StoreError, match="is damaged"):
        backup_of(folder)


# --- back -------------------------------------------------------------------------------------------------------


def test_on_a_new_computer_everything_is_there_again_and_its_owner_s_alone(
    backed_up: Path, folder: Path, empty: Path
) -> None:
    before = the_store(folder)
    done = restore(empty, backed_up)
    assert (done.sessions, done.aside, done.diary, done.limits, done.damaged) == (2, None, True, 0, ())
    after = the_store(empty)
    assert after.sessions() == before.sessions()
    assert after.limits(1, date(2026, 3, 6)) == (CEILING,)
    assert after.pseudonym(1) == before.pseudonym(1)
    assert [one.said for one in diary.entries(empty)] == [one.said for one in diary.entries(folder)]
    assert {stat.S_IMODE((empty / name).stat().st_mode) for name in (NAME, diary.NAME)} == {0o600}
    assert leftovers(empty) == []


def test_the_store_before_it_is_kept_and_newer_runs_come_back_from_their_journals(
    backed_up: Path, folder: Path, run: Made
) -> None:
    run("newest", "2026-03-07T09:00:00+00:00")
    old = the_store(folder).sessions()
    done = restore(folder, backed_up)
    assert done.aside is not None
    aside = folder / done.aside
    assert Store(opened(aside), aside).sessions() == old
    assert [one.run_id for one in the_store(folder).sessions()] == ["newest", "cd34ef", "ab12cd"]


def test_a_backup_never_takes_a_limit_away(backed_up: Path, folder: Path) -> None:
    lower = KeptLimit("speed_max_ckph", 200, "A. Weber", "worse than last week")
    the_store(folder).add_limit(1, lower)
    assert restore(folder, backed_up).limits == 1
    assert the_store(folder).limits(1, date(2026, 3, 6)) == (lower,)


def test_the_diary_that_is_here_stays(backed_up: Path, folder: Path) -> None:
    diary.add(folder, Morning("cd34ef", "2026-03-06", 7))
    newest = [one.said for one in diary.entries(folder)]
    assert not restore(folder, backed_up).diary
    assert [one.said for one in diary.entries(folder)] == newest


# --- what is refused --------------------------------------------------------------------------------------------


def refused(folder: Path, file: Path) -> str:
    """Why a backup is not taken; nothing is changed by that."""
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != "lock"}
    with pytest.raises(NotRestored) as error:
        restore(folder, file)
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != "lock"}
    assert after == before
    return str(error.value)


def shortened(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


def with_a_lost_page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-8192:-4096] = b"\xff" * 4096
    path.write_bytes(content)


def as_text(path: Path) -> None:
    path.write_text("my diary", encoding="utf-8")


def statements(*words: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        changed(path, *words)

    return change


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (as_text, "is no backup (it is no database)"),
        (Path.unlink, "is no backup (it is not a file)"),
        (shortened, "is damaged ("),
        (with_a_lost_page, "is damaged ("),
        (statements("PRAGMA application_id = 1"), "another program made it"),
        (statements("PRAGMA user_version = 99"), "has schema version 99, and this program knows"),
        (
            statements("CREATE TRIGGER t AFTER INSERT ON sample BEGIN DELETE FROM person_limit; END"),
            "is damaged (it holds a trigger 't', and no store has anything that runs)",
        ),
        (statements("UPDATE person SET pseudonym = '../../x'"), "is no backup of one person under a pseudonym"),
        (
            statements("INSERT INTO person (pseudonym, made_utc, here, adult) VALUES ('P-AAAA', 'now', 1, 1)"),
            "is no backup of one person under a pseudonym",
        ),
        (statements("CREATE VIEW v AS SELECT 1"), "it holds a view 'v'"),
        (statements("DROP TABLE morning"), "its tables are not those of a store of schema version"),
        (statements("UPDATE session SET day = 'banana'"), "is damaged (Invalid isoformat string: 'banana')"),
        (
            statements("UPDATE sample SET speed_ckph = 900 WHERE at_ms > 60000"),
            "2 sessions of",
        ),
    ],
)
def test_what_is_no_whole_backup_of_ours_changes_nothing(
    backed_up: Path, folder: Path, spoil: Callable[[Path], None], why: str
) -> None:
    the_store(folder)
    spoil(backed_up)
    said = refused(folder, backed_up)
    assert why in said
    assert "othing was changed" in said


@pytest.mark.parametrize("spoilt", ["no database", "a word changed", "a trigger"])
def test_a_diary_that_no_start_could_read_is_not_put_in_place(
    spoilt: str, backed_up: Path, empty: Path, tmp_path: Path
) -> None:
    with contextlib.closing(sqlite3.connect(backed_up)) as database:
        (content,) = database.execute(f"SELECT content FROM {BESIDE}").fetchone()
        (inner := tmp_path / "inner.sqlite").write_bytes(content if spoilt != "no database" else b"none at all")
        if spoilt != "no database":
            with contextlib.closing(sqlite3.connect(inner)) as diary_of_it:
                change = "UPDATE entry SET said = replace(said, '2026-03-03', '2026-03-04')"
                trigger = "CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM entry WHERE n = new.n; END"
                diary_of_it.execute(change if spoilt == "a word changed" else trigger)
                diary_of_it.commit()
        database.execute(f"UPDATE {BESIDE} SET content = ?", (inner.read_bytes(),))
        database.commit()
    with pytest.raises(NotRestored, match=r"^the diary in .*backup\.sqlite cannot be used \(.*nothing was changed"):
        restore(empty, backed_up)
    assert sorted(one.name for one in empty.iterdir()) == ["lock", "runs"]


@pytest.fixture
def another(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Path:
    """The data folder of somebody else, with a run of their own."""
    path = tmp_path_factory.mktemp("another")
    shutil.copytree(folder / "runs", path / "runs")
    the_store(path)
    return path


def test_a_backup_of_somebody_else_is_taken_only_if_it_is_said_that_it_is_the_same_person(
    backed_up: Path, folder: Path, another: Path
) -> None:
    theirs, mine = the_store(another).pseudonym(1), the_store(folder).pseudonym(1)
    said = refused(another, backed_up)
    assert f"is of {mine}, and {theirs} is who is kept here" in said
    assert "--although-of-another" in said
    restore(another, backed_up, Although(of_another=True))
    assert the_store(another).pseudonym(1) == mine


def test_a_backup_of_one_participant_never_goes_into_another_s_folder(
    backed_up: Path, folder: Path, tmp_path: Path
) -> None:
    theirs = tmp_path / "participants" / "P-BBBB"
    theirs.mkdir(parents=True)
    with pytest.raises(NotRestored, match=r"is of P-\w+, and not of P-BBBB; nothing was changed"):
        restore(theirs, backed_up, Although(of_another=True))
    assert list(theirs.iterdir()) == []
    changed(backed_up, "UPDATE person SET pseudonym = 'P-BBBB'")
    assert restore(theirs, backed_up).sessions == 2


def test_damaged_sessions_are_taken_when_it_is_said_and_named(backed_up: Path, empty: Path) -> None:
    changed(backed_up, "UPDATE sample SET speed_ckph = 900 WHERE at_ms > 60000 AND session_id = 1")
    done = restore(empty, backed_up, Although(damaged=True))
    assert (done.sessions, len(done.damaged)) == (2, 1)
    assert "is not as it was kept" in done.damaged[0]


def test_while_another_program_uses_the_folder_nothing_is_restored(backed_up: Path, folder: Path) -> None:
    the_store(folder)
    lock = FolderLock(folder)
    try:
        assert "another Retrotread is using" in refused(folder, backed_up)
    finally:
        lock.release()


def test_a_damaged_store_gives_way_to_a_backup(backed_up: Path, folder: Path) -> None:
    (folder / NAME).write_text("rubbish", encoding="utf-8")
    done = restore(folder, backed_up)
    assert done.aside is not None
    assert (folder / done.aside).read_text(encoding="utf-8") == "rubbish"
    assert len(the_store(folder).sessions()) == 2


@schemas
def test_a_store_of_an_older_version_is_restored_and_brought_up(empty: Path, schema: Path) -> None:
    assert restore(empty, schema).sessions == 3
    assert the_store(empty).pseudonym(1) == "P-V00001"


def test_at_every_moment_there_is_a_store(backed_up: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a program that is killed right before the last move leaves behind."""
    before = the_store(folder).sessions()
    seen: list[bool] = []

    def killed(_staged: Path, to: Path) -> None:
        seen.append(to.exists())
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            restore(folder, backed_up)
    assert seen == [True]
    assert the_store(folder).sessions() == before
    assert list(folder.glob("records-before-restore-*")) == []


def test_a_disk_on_which_no_file_has_two_names_keeps_the_old_store_too(
    backed_up: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_names: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    old = the_store(folder).sessions()
    monkeypatch.setattr("retrotread.records.backup.os.link", refused)
    done = restore(folder, backed_up)
    assert done.aside is not None
    assert Store(opened(folder / done.aside), folder / done.aside).sessions() == old


def test_a_disk_that_fills_up_late_leaves_everything_as_it_was(
    backed_up: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = the_store(folder).sessions()

    def full(_staged: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("retrotread.records.backup._put_in_order", full)
        with pytest.raises(NotRestored, match=r"cannot be written \(No space left on device\); free space"):
            restore(folder, backed_up)
    assert the_store(folder).sessions() == before
    assert leftovers(folder) == []
