"""What was run under the register is in the journals: an older copy of it, or another chain, is found by them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrotread.sessions.added_only import AddedOnlyDamaged
from retrotread.sessions.clinic.entries import Missed
from retrotread.sessions.clinic.passphrase import PassphraseError
from retrotread.sessions.clinic.register import NAME, Register
from retrotread.sessions.clinic.showing import log_text
from retrotread.sessions.clinic.standing import OutOfOrder
from retrotread.sessions.launcher import SessionLauncher
from retrotread.sessions.summary import Summary

from .test_visit import PASSPHRASE, SIMULATED
from .test_visit import register as register  # noqa: PLC0414  (a fixture)

DONE = Summary("Ladder 1", "done", True, 10.0, 10.0, 10.0, 5.0, 2.0, 0.0, ())
OLDER = "is an older copy, or was changed; put its newest copy back"


@pytest.fixture
def launcher(register: Register) -> Iterator[SessionLauncher]:
    launcher = SessionLauncher()
    yield launcher
    launcher.close()


def run_of(launcher: SessionLauncher, pseudonym: str) -> None:
    """The journal of a run of this participant, as it is when it has begun and ended."""
    launcher.receive(pseudonym)
    (offer,) = launcher.offers(SIMULATED)
    (prepared,) = launcher._prepared
    assert offer.timeline is not None
    launcher._journal(launcher._plan(prepared, offer.timeline, SIMULATED), prepared, SIMULATED).close(DONE)


@pytest.fixture
def withdrawn(launcher: SessionLauncher, register: Register) -> Path:
    """A copy of the register from before Anna's prescription was withdrawn; Bert has run since."""
    copy = register.folder / "copy"
    shutil.copy(register.folder / NAME, copy)
    register.withdraw(PASSPHRASE, 1, "A. Weber", "too early")
    run_of(launcher, "P-BERT")
    return copy


def test_with_the_register_under_which_they_were_begun_everything_goes_on(
    launcher: SessionLauncher,
    register: Register,
) -> None:
    run_of(launcher, "P-ANNA")
    register.withdraw(PASSPHRASE, 1, "A. Weber", "too early")
    assert len(launcher.participants() or ()) == 2


def test_an_older_copy_that_was_put_back_is_refused_and_the_newest_is_taken(
    launcher: SessionLauncher,
    register: Register,
    withdrawn: Path,
) -> None:
    newest = (register.folder / NAME).read_bytes()
    shutil.copy(withdrawn, register.folder / NAME)
    with pytest.raises(AddedOnlyDamaged, match=f"has 5 entries, and .* was begun under entry 6 .*{OLDER}"):
        launcher.receive("P-ANNA")
    with pytest.raises(AddedOnlyDamaged, match=OLDER):
        launcher.participants()
    with pytest.raises(AddedOnlyDamaged, match=OLDER):
        register.join(PASSPHRASE)
    (register.folder / NAME).write_bytes(newest)
    assert launcher.participants() is not None


def test_a_chain_that_was_worked_out_anew_is_refused(
    launcher: SessionLauncher,
    register: Register,
) -> None:
    """As many entries and more, each bound to all before it, and one of them was never written by the clinic."""
    run_of(launcher, "P-BERT")
    entries = [one.entry for one in register.written()]
    (register.folder / NAME).unlink()
    register._add(0, *entries)
    with pytest.raises(AddedOnlyDamaged, match=f"under entry 5 .*{OLDER}"):
        launcher.receive("P-BERT")


def test_a_register_that_was_removed_leaves_no_computer_of_somebody_at_home(
    launcher: SessionLauncher, withdrawn: Path
) -> None:
    (withdrawn.parent / NAME).unlink()
    with pytest.raises(AddedOnlyDamaged, match=f"has 0 entries.*{OLDER}"):
        launcher.participants()


def test_a_clinic_that_lost_its_newest_copy_goes_on_with_its_passphrase_and_the_log_says_so(
    launcher: SessionLauncher,
    register: Register,
    withdrawn: Path,
) -> None:
    lost = register.written()[-1].link
    shutil.copy(withdrawn, register.folder / NAME)
    with pytest.raises(PassphraseError):
        register.go_on_without("rear wheels turn fast", "A. Weber", "the disk failed")
    assert register.go_on_without(PASSPHRASE, "A. Weber", "the disk failed") == (lost,)
    assert register.written()[-1].entry == Missed((lost,), "A. Weber", "the disk failed")
    assert log_text(register.written()).endswith(f"the journals name as {lost[:12]}; A. Weber: the disk failed")
    assert launcher.participants() is not None
    run_of(launcher, "P-BERT")
    assert launcher.participants() is not None


def test_where_nothing_is_missing_there_is_nothing_to_go_on_without(register: Register) -> None:
    with pytest.raises(OutOfOrder, match="every journal agrees with the register; nothing is missing"):
        register.go_on_without(PASSPHRASE, "A. Weber", "to be sure")


def test_journals_of_an_earlier_version_and_damaged_ones_say_nothing(
    launcher: SessionLauncher,
    register: Register,
) -> None:
    run_of(launcher, "P-BERT")
    runs = register.folder / "participants" / "P-BERT" / "runs"
    (runs / "20991231T000000Z-ab.sqlite").write_bytes(b"a letter" * 30)
    (register.folder / NAME).unlink()
    with pytest.raises(AddedOnlyDamaged, match=OLDER):
        launcher.participants()
    for path in runs.iterdir():
        path.unlink()
    assert launcher.participants() is None
