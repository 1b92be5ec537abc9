"""``retrotread history --participant``: what a participant of the clinic did, apart from everybody else."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from tests.records.conftest import Made, changed
from tests.records.test_history_command import Asking
from tests.records.test_history_command import asking as asking  # noqa: PLC0414  (a fixture)

from retrotread.cli import _history
from retrotread.records.file import NAME
from retrotread.records.opening import kept_in
from retrotread.sessions.clinic.register import Register
from retrotread.sessions.folder import FolderLock
from retrotread.sessions.person import Person

PSEUDONYM = "P-7QK2M9"


@pytest.fixture
def clinic(asking: Asking, run: Made) -> Asking:
    """A clinic with one participant, who did one run; somebody else did another one at home."""
    pytest.importorskip("argon2")
    register = Register(asking.folder)
    register.set_up("Rehab at the river", "a long passphrase of ours")
    register.join("a long passphrase of ours", PSEUDONYM)
    theirs = asking.folder / "participants" / PSEUDONYM / "runs"
    theirs.mkdir(parents=True)
    shutil.move(run("cd34ef", "2026-03-05T09:00:00+00:00"), theirs)
    run()
    return asking


def test_their_history_is_theirs_alone(clinic: Asking) -> None:
    code, out, _ = clinic("history", "--participant", PSEUDONYM)
    assert (code, out.split()[0]) == (0, "2026-03-05")
    assert clinic("history")[1].split()[0] == "2026-03-02"
    (mine,) = clinic.object("history", "--participant", PSEUDONYM, "list")["sessions"]
    assert mine["run_id"] == "cd34ef"


def test_their_store_and_their_report_have_the_pseudonym_that_the_clinic_gave(clinic: Asking, tmp_path: Path) -> None:
    out = tmp_path.parent / f"{tmp_path.name}.html"
    asked = ("history", "--participant", PSEUDONYM, "report", "last", "--out", str(out), "--pseudonymous")
    assert clinic(*asked)[0] == 0
    written = out.read_text(encoding="utf-8")
    assert PSEUDONYM in written
    assert "Lovelace" not in written


def test_an_export_of_theirs_has_the_pseudonym_and_no_name_even_if_it_is_identified(
    clinic: Asking, tmp_path: Path
) -> None:
    out = tmp_path.parent / f"{tmp_path.name}-json"
    asked = ("history", "--participant", PSEUDONYM, "export", "--as", "json", "--all", "--identified", "--out")
    assert clinic(*asked, str(out))[0] == 0
    (file,) = out.iterdir()
    found = json.loads(file.read_text(encoding="utf-8"))
    assert (found["session"]["run_id"], found["person"]) == ("cd34ef", {"pseudonym": PSEUDONYM, "name": PSEUDONYM})
    assert clinic(*asked, str(clinic.folder / "participants" / "out"))[0] == 2  # where the program keeps its own


def test_nobody_of_that_pseudonym_is_told(clinic: Asking) -> None:
    code, out, err = clinic("history", "--participant", "P-000000", "list")
    assert (code, out) == (2, "")
    assert "P-000000" in err


def test_erasing_a_participant_leaves_who_is_at_home(clinic: Asking) -> None:
    clinic("history")
    told = clinic("history", "--participant", PSEUDONYM, "erase")[1]
    assert told.split()[-1] == PSEUDONYM or "everything" in told
    clinic("history", "--participant", PSEUDONYM)
    (clinic.folder / "guardian.ring").write_text("their last run", encoding="utf-8")
    assert clinic("history", "--participant", PSEUDONYM, "erase", PSEUDONYM)[0] == 0
    assert not (clinic.folder / "guardian.ring").exists()
    assert not (clinic.folder / "participants" / PSEUDONYM).exists()
    assert clinic("history", "--participant", PSEUDONYM)[1].startswith("nothing yet")
    assert clinic("history")[1].startswith("2026-03-02")
    assert (clinic.folder / NAME).exists()
    assert "Lovelace" in (clinic.folder / "settings" / "settings.toml").read_text(encoding="utf-8")
    assert Register(clinic.folder).standing(PSEUDONYM) is not None


def test_while_they_are_at_the_treadmill_their_run_is_left_alone_and_nothing_of_theirs_is_erased(
    clinic: Asking,
) -> None:
    """The program has its lock in the data folder, whoever trains."""
    theirs = clinic.folder / "participants" / PSEUDONYM
    (journal,) = (theirs / "runs").iterdir()
    changed(journal, "UPDATE run SET state = 'open', summary = NULL, ended = NULL, ended_utc = NULL")
    lock = FolderLock(clinic.folder)
    try:
        assert clinic("history", "--participant", PSEUDONYM)[1].startswith("nothing yet")
        erased = clinic("history", "--participant", PSEUDONYM, "erase", PSEUDONYM)
        restored = clinic("history", "--participant", PSEUDONYM, "restore", str(journal))
    finally:
        lock.release()
    assert [code for code, _, _ in (erased, restored)] == [2, 2]
    assert all("another Retrotread is using" in err for _, _, err in (erased, restored))
    with contextlib.closing(sqlite3.connect(journal)) as database:
        assert database.execute("SELECT state FROM run").fetchone() == ("open",)


class Received:
    """What the screens know of who trains now."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def person(self) -> Person:
        return Person(PSEUDONYM, adult=True)


def test_the_screens_show_the_history_of_who_trains_now(clinic: Asking) -> None:
    theirs = _history(Received(clinic.folder / "participants" / PSEUDONYM))  # type: ignore[arg-type]
    assert theirs.store is not None
    assert [one.run_id for one in theirs.store.sessions()] == ["cd34ef"]
    clinic("history")
    assert [one.run_id for one in kept_in(clinic.folder, None).store.sessions()] == ["ab12"]  # type: ignore[union-attr]
