"""Erasing a person, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.records.conftest import Made
from tests.records.test_history_command import Asking
from tests.records.test_history_command import asking as asking  # noqa: PLC0414  (a fixture)

from retrotread.records.erasing import EVERYTHING, NotErased, Them, erase
from retrotread.records.file import NAME
from retrotread.sessions import diary
from retrotread.sessions.diary import Morning
from retrotread.sessions.folder import FolderLock

BESIDE = ("records-damaged-20260301T080000Z.sqlite", "history.json", "guardian.ring", "guardian.log")
MACHINES = ("treadmills.toml", "heard.json")


@pytest.fixture
def somebody(asking: Asking, run: Made) -> Asking:
    """Two runs, a diary, and everything that lies beside them."""
    run()
    run("cd34ef", "2026-03-05T09:00:00+00:00")
    diary.add(asking.folder, Morning("ab12", "2026-03-03", 2))
    for name in (*BESIDE, *MACHINES):
        (asking.folder / name).write_text("something of theirs", encoding="utf-8")
    asking("history")
    return asking


def pseudonym(asking: Asking) -> str:
    return asking("history", "erase")[1].split()[-1]


def personal(folder: Path) -> list[str]:
    """Every file that is left, but for those of the machines."""
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(str(path) for path in files if path.name not in (*MACHINES, "lock"))


def test_without_a_word_it_tells_what_would_go_and_what_cannot_and_erases_nothing(somebody: Asking) -> None:
    before = personal(somebody.folder)
    code, out, _ = somebody("history", "erase")
    assert code == 0
    assert personal(somebody.folder) == before
    lines = out.splitlines()
    listed = {line.removeprefix("- ") for line in lines if line.startswith("- ")}
    assert {name for name in before if not name.startswith("settings")} <= listed
    assert "- who trains here and their strap, in the settings" in lines
    assert (
        "- what lies elsewhere: exports, reports, backups, copies that your system or a disk makes by itself" in lines
    )
    assert any(line.startswith("- on a printed or exported page the head of a chain: a hash") for line in lines)
    assert lines[-1].startswith("To erase it for good: retrotread history erase P-")


def test_everything_of_the_person_goes_and_the_machines_stay(somebody: Asking) -> None:
    code, out, _ = somebody("history", "erase", pseudonym(somebody).lower())
    assert code == 0
    assert "What was not erased:" in out
    assert personal(somebody.folder) == ["settings/settings.toml"]
    assert "Lovelace" not in (somebody.folder / "settings" / "settings.toml").read_text(encoding="utf-8")
    assert all((somebody.folder / name).exists() for name in MACHINES)
    assert somebody("history") == (0, "nothing yet: the first run begins the history\n", "")


def test_another_word_erases_nothing(somebody: Asking) -> None:
    before = personal(somebody.folder)
    code, out, err = somebody("history", "erase", "P-000000")
    assert (code, out) == (2, "")
    assert "'P-000000' is not who is kept here; nothing was erased" in err
    assert personal(somebody.folder) == before


def test_what_was_in_a_file_is_overwritten_before_its_name_goes(somebody: Asking) -> None:
    path = somebody.folder / "guardian.ring"
    with path.open("rb") as still_open:
        somebody("history", "erase", pseudonym(somebody))
        assert still_open.read() == bytes(len("something of theirs"))


def test_a_link_goes_and_not_what_it_leads_to(somebody: Asking, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "mine.txt"
    elsewhere.write_text("mine", encoding="utf-8")
    (somebody.folder / "runs" / "link.sqlite").symlink_to(elsewhere)
    somebody("history", "erase", pseudonym(somebody))
    assert not (somebody.folder / "runs" / "link.sqlite").is_symlink()
    assert elsewhere.read_text(encoding="utf-8") == "mine"


def test_what_is_no_journal_stays_where_the_journals_were(somebody: Asking) -> None:
    thesis = somebody.folder / "runs" / "thesis.txt"
    thesis.write_text("mine", encoding="utf-8")
    somebody("history", "erase", pseudonym(somebody))
    assert list(thesis.parent.iterdir()) == [thesis]
    assert thesis.read_text(encoding="utf-8") == "mine"


def test_journals_in_a_folder_elsewhere_are_left_to_whoever_put_them_there(
    somebody: Asking, tmp_path_factory: pytest.TempPathFactory
) -> None:
    word, elsewhere = pseudonym(somebody), tmp_path_factory.mktemp("disk") / "runs"
    (somebody.folder / "runs").rename(elsewhere)
    (somebody.folder / "runs").symlink_to(elsewhere)
    code, out, err = somebody("history", "erase", word)
    assert (code, out) == (2, "")
    assert "is a link to a folder elsewhere, so nothing was erased" in err
    assert len(list(elsewhere.glob("*.sqlite"))) == 2
    assert (somebody.folder / NAME).exists()


def test_a_snapshot_of_hard_links_keeps_what_it_shows(
    somebody: Asking, tmp_path_factory: pytest.TempPathFactory
) -> None:
    snapshot = tmp_path_factory.mktemp("snapshot") / "guardian.log"
    snapshot.hardlink_to(somebody.folder / "guardian.log")
    somebody("history", "erase", pseudonym(somebody))
    assert not (somebody.folder / "guardian.log").exists()
    assert snapshot.read_text(encoding="utf-8") == "something of theirs"


def test_while_another_program_uses_the_folder_nothing_is_erased(somebody: Asking) -> None:
    word, before, lock = pseudonym(somebody), personal(somebody.folder), FolderLock(somebody.folder)
    try:
        code, _, err = somebody("history", "erase", word)
    finally:
        lock.release()
    assert code == 2
    assert "another Retrotread is using" in err
    assert personal(somebody.folder) == before


def test_settings_that_cannot_be_read_may_name_somebody(somebody: Asking) -> None:
    word = pseudonym(somebody)
    (somebody.folder / "settings" / "settings.toml").write_text("[person\nname = 'Ada", encoding="utf-8")
    code, _, err = somebody("history", "erase", word)
    assert code == 2
    assert "they may name somebody, so nothing was erased" in err
    assert (somebody.folder / NAME).exists()


def test_without_a_store_that_can_be_read_the_word_is_another_one(somebody: Asking) -> None:
    (somebody.folder / NAME).write_text("rubbish", encoding="utf-8")
    assert pseudonym(somebody) == EVERYTHING
    somebody("history", "erase", EVERYTHING)
    assert personal(somebody.folder) == ["settings/settings.toml"]


def test_a_program_that_is_killed_in_it_can_go_on_and_nothing_is_made_anew(
    somebody: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journals go first: a store that is left for a moment is not filled again from them."""
    word = pseudonym(somebody)

    def dies(path: Path) -> None:
        if path.name == NAME:
            raise KeyboardInterrupt
        path.write_bytes(b"")

    with monkeypatch.context() as patch:
        patch.setattr("retrotread.records.erasing._overwritten", dies)
        with pytest.raises(KeyboardInterrupt):
            erase(Them(somebody.folder), word)
    assert list((somebody.folder / "runs").iterdir()) == []
    with pytest.raises(NotErased):
        erase(Them(somebody.folder), EVERYTHING)
    erase(Them(somebody.folder), word)
    assert personal(somebody.folder) == ["settings/settings.toml"]
