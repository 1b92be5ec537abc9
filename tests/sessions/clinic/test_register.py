"""The register of a clinic: nothing changes without the passphrase, and nothing that was written changes at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from retrotread.clock import wall_now
from retrotread.guardian import wire
from retrotread.sessions import added_only
from retrotread.sessions.added_only import AddedMeanwhile, AddedOnlyDamaged
from retrotread.sessions.clinic import register as register_module
from retrotread.sessions.clinic.entries import Joined, Left, Prescribed, Profile, SetUp, Tried, Withdrawn
from retrotread.sessions.clinic.others import Others
from retrotread.sessions.clinic.passphrase import PassphraseError
from retrotread.sessions.clinic.register import NoClinic, Register
from retrotread.sessions.clinic.showing import log_text
from retrotread.sessions.clinic.standing import OutOfOrder
from retrotread.sessions.prescription import Ceilings, Prescription, Way, hash_of

PASSPHRASE = "rear wheels turn slowly"
PLAN = "name: Ten minutes\n"


@pytest.fixture
def register(tmp_path: Path) -> Register:
    """A clinic with one participant, P-AAAA."""
    register = Register(tmp_path)
    register.set_up("Rehab at the river", PASSPHRASE)
    register.join(PASSPHRASE, "P-AAAA")
    return register


def a_prescription(participant: str = "P-AAAA", speed_kph: float = 1.5) -> Prescription:
    return Prescription(
        0, participant, "Ten minutes", hash_of(PLAN.encode()), "frail", Way.BACKWARD, Ceilings(speed_kph),
        "Dr. A. Weber", "knee, second week", "2026-11-01", "2026-11-30",
    )  # fmt: skip


def entries(register: Register) -> list[object]:
    return [one.entry for one in register.written()]


def test_without_a_clinic_there_is_nothing_and_nobody_is_taken_in(tmp_path: Path) -> None:
    register = Register(tmp_path)
    assert register.clinic() is None
    with pytest.raises(NoClinic, match="set one up with 'retrotread clinic set-up'"):
        register.join(PASSPHRASE)


def test_the_passphrase_is_kept_as_a_hash_alone(register: Register, tmp_path: Path) -> None:
    first = register.written()[0].entry
    assert isinstance(first, SetUp)
    assert first.passphrase.startswith("$argon2id$")
    kept = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert PASSPHRASE.encode() not in kept


def test_a_clinic_is_set_up_once(register: Register) -> None:
    with pytest.raises(OutOfOrder, match="is set up already"):
        register.set_up("Another", PASSPHRASE)


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PassphraseError, match="the passphrase has 5 characters; take 10 or more"):
        Register(tmp_path).set_up("Rehab", "short")
    assert Register(tmp_path).clinic() is None


@pytest.mark.parametrize("words", ["aaaaaaaaaa", " " * 10, "abab abab abab"])
def test_a_passphrase_of_a_few_letters_is_refused(tmp_path: Path, words: str) -> None:
    with pytest.raises(PassphraseError, match="different characters; take 5 or more"):
        Register(tmp_path).set_up("Rehab", words)


def test_a_prescription_holds_on_its_days_for_its_participant_with_the_plan_whole(register: Register) -> None:
    register.join(PASSPHRASE, "P-BBBB")
    written = register.prescribe(PASSPHRASE, a_prescription(), PLAN)
    clinic = register.clinic()
    assert clinic is not None
    assert written == Prescribed(replace(a_prescription(), number=1), PLAN)
    assert clinic.for_participant("P-AAAA", date(2026, 11, 30)) == (written,)
    assert clinic.for_participant("P-AAAA", date(2026, 12, 1)) == ()
    assert clinic.for_participant("P-AAAA") == (written,)
    assert clinic.for_participant("P-BBBB") == ()


@pytest.mark.parametrize("typed", ["20261130", "2026-W49-1"])
def test_a_last_day_that_was_kept_as_somebody_typed_it_is_the_last_one_all_the_same(
    register: Register, typed: str
) -> None:
    """Such entries are in registers of an earlier version, which compared the letters of two days."""
    entry = Prescribed(replace(a_prescription(), number=1), PLAN)
    said = json.dumps(wire.plain(entry))
    register._file.add(2, said.replace('"2026-11-30"', f'"{typed}"'))
    clinic = register.clinic()
    assert clinic is not None
    assert clinic.for_participant("P-AAAA", date(2026, 11, 30)) == (entry,)
    assert clinic.for_participant("P-AAAA", date(2026, 12, 1)) == ()


def test_prescriptions_are_counted_and_a_number_never_comes_again(register: Register) -> None:
    register.prescribe(PASSPHRASE, a_prescription(), PLAN)
    register.withdraw(PASSPHRASE, 1, "Dr. A. Weber", "too fast")
    assert register.prescribe(PASSPHRASE, a_prescription(speed_kph=1.0), PLAN).prescription.number == 2
    clinic = register.clinic()
    assert clinic is not None
    assert [one.prescription.number for one in clinic.for_participant("P-AAAA")] == [2]
    assert entries(register)[-2] == Withdrawn(1, "Dr. A. Weber", "too fast")


def numbers_of(register: Register) -> list[int]:
    clinic = register.clinic()
    assert clinic is not None
    return [one.prescription.number for one in clinic.for_participant("P-AAAA")]


def test_a_tighter_prescription_does_not_stand_beside_the_looser_one_unsaid(register: Register) -> None:
    """Whoever trains would choose; the one who tightens forgets the withdrawal once."""
    register.prescribe(PASSPHRASE, a_prescription(speed_kph=2.0), PLAN)
    sentence = "prescription 1 of P-AAAA holds until 2026-11-30, .*: --instead 1 ends it, --beside leaves both"
    with pytest.raises(OutOfOrder, match=sentence):
        register.prescribe(PASSPHRASE, a_prescription(speed_kph=1.6), PLAN)
    assert numbers_of(register) == [1]


def test_the_looser_one_ends_with_the_tighter_one_signed_by_its_author(register: Register) -> None:
    register.prescribe(PASSPHRASE, a_prescription(speed_kph=2.0), PLAN)
    register.prescribe(PASSPHRASE, a_prescription(speed_kph=1.6), PLAN, Others(instead=(1,)))
    assert numbers_of(register) == [2]
    assert entries(register)[-2] == Withdrawn(1, "Dr. A. Weber", "knee, second week")


def test_two_stand_beside_each_other_where_that_is_said_or_where_they_share_no_day(register: Register) -> None:
    register.prescribe(PASSPHRASE, a_prescription(), PLAN)
    register.prescribe(PASSPHRASE, a_prescription(), PLAN, Others(beside=True))
    later = replace(a_prescription(), first_day="2026-12-01", last_day="2026-12-31")
    register.prescribe(PASSPHRASE, later, PLAN)
    assert numbers_of(register) == [1, 2, 3]


def test_nobody_else_s_prescription_ends_with_it(register: Register) -> None:
    register.join(PASSPHRASE, "P-BBBB")
    register.prescribe(PASSPHRASE, a_prescription("P-BBBB"), PLAN)
    with pytest.raises(OutOfOrder, match="prescription 1 is none of P-AAAA that still holds"):
        register.prescribe(PASSPHRASE, a_prescription(), PLAN, Others(instead=(1,)))


def test_who_signed_nothing_in_an_earlier_version_is_told_so_and_nothing_of_it_reaches_the_terminal(
    register: Register,
) -> None:
    register._add(2, Left("P-AAAA", "", "\x1b[2J gone"))
    assert log_text(register.written()).endswith("P-AAAA takes part no longer; nobody named: [2J gone")


def test_who_has_left_has_no_prescription_any_more(register: Register) -> None:
    register.prescribe(PASSPHRASE, a_prescription(), PLAN)
    register.leave(PASSPHRASE, "P-AAAA", "Dr. A. Weber", "moved away")
    clinic = register.clinic()
    assert clinic is not None
    assert (clinic.participants, clinic.prescribed) == ((), ())
    assert entries(register)[-1] == Left("P-AAAA", "Dr. A. Weber", "moved away")


def test_a_new_participant_has_a_pseudonym_that_nobody_else_has(register: Register) -> None:
    found = {register.join(PASSPHRASE).participant for _ in range(3)}
    clinic = register.clinic()
    assert clinic is not None
    assert len(found | {"P-AAAA"}) == 4
    assert clinic.participants[-1] == Joined(clinic.participants[-1].participant, True)


CHANGES = {
    "somebody new": lambda register, words: register.join(words),
    "somebody leaves": lambda register, words: register.leave(words, "P-AAAA", "me", "why not"),
    "a prescription": lambda register, words: register.prescribe(words, a_prescription(speed_kph=9.0), PLAN),
    "a withdrawal": lambda register, words: register.withdraw(words, 1, "me", "why not"),
    "another profile": lambda register, words: register.make(words, Profile(participants_only=False)),
    "another passphrase": lambda register, words: register.change_passphrase(words, "mine from now on"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_with_another_passphrase_nothing_changes(register: Register, change: object) -> None:
    register.prescribe(PASSPHRASE, a_prescription(), PLAN)
    before, clinic = entries(register), register.clinic()
    with pytest.raises(PassphraseError, match="is not that of this clinic; nothing was changed"):
        change(register, "rear wheels turn fast")  # type: ignore[operator]
    assert register.clinic() == clinic
    assert entries(register) == [*before, Tried()]


def test_who_tries_many_words_is_told_in_the_log_once_a_minute(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(entries(register))
    now = wall_now()
    for at_s in (0, 1, 59, 61, 62):
        for module in (added_only, register_module):
            monkeypatch.setattr(module, "wall_now", lambda at_s=at_s: now + timedelta(seconds=at_s))
        with pytest.raises(PassphraseError):
            register.join("rear wheels turn fast")
    assert entries(register)[before:] == [Tried(), Tried()]
    assert log_text(register.written()).endswith("a wrong passphrase; nothing was changed")


def test_after_a_change_only_the_new_passphrase_opens(register: Register) -> None:
    register.change_passphrase(PASSPHRASE, "slower than slowly")
    with pytest.raises(PassphraseError):
        register.join(PASSPHRASE)
    register.join("slower than slowly", "P-CCCC")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda register: register.join(PASSPHRASE, "P-AAAA"), "P-AAAA takes part already"),
        (lambda register: register.join(PASSPHRASE, "../runs"), "'../runs' is no pseudonym"),
        (
            lambda register: register.prescribe(PASSPHRASE, a_prescription("P-ZZZZ"), PLAN),
            "P-ZZZZ does not take part here; those who do: P-AAAA",
        ),
        (lambda register: register.prescribe(PASSPHRASE, a_prescription(), "another"), "is not the one that its hash"),
        (lambda register: register.withdraw(PASSPHRASE, 7, "me", "x"), "there is no prescription 7 that still holds"),
        (lambda register: register.leave(PASSPHRASE, "P-ZZZZ", "me", "x"), "P-ZZZZ does not take part here"),
        (lambda register: register.leave(PASSPHRASE, "P-AAAA", "me", " "), "it needs a reason, as plain text on one"),
        (lambda register: register.withdraw(PASSPHRASE, 1, "", "x"), "it needs an author, as plain text on one line"),
        (lambda register: register.withdraw(PASSPHRASE, 1, "\x1b[2J", "x"), "it needs an author, as plain text on one"),
    ],
)
def test_what_cannot_be_is_refused_and_not_written(register: Register, change: object, sentence: str) -> None:
    before = register.written()
    with pytest.raises(ValueError, match=sentence):
        change(register)  # type: ignore[operator]
    assert register.written() == before


def test_two_who_write_at_once_do_not_spoil_the_register(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Register(register.folder)
    standing = register._standing()
    other.prescribe(PASSPHRASE, a_prescription(), PLAN)
    monkeypatch.setattr(register, "_standing", lambda: standing)
    with pytest.raises(AddedMeanwhile):
        register.prescribe(PASSPHRASE, a_prescription(speed_kph=2.0), PLAN)
    clinic = other.clinic()
    assert clinic is not None
    assert clinic.numbers == 1


def test_the_runs_of_each_participant_have_a_folder_of_their_own(register: Register, tmp_path: Path) -> None:
    assert register.folder_of("P-AAAA") == tmp_path / "participants" / "P-AAAA"
    with pytest.raises(OutOfOrder):
        register.folder_of("P-ZZZZ")


def test_an_entry_that_is_none_of_ours_is_named(register: Register) -> None:
    register._file.add(2, '{"_": "Present", "to": "whom"}')
    with pytest.raises(AddedOnlyDamaged, match="entry 3 cannot be read"):
        register.clinic()
