"""A participant at the treadmill: only what is prescribed is offered, and nothing of one stays for the next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from retrotread.clock import wall_now
from retrotread.sessions.clinic.entries import Prescribed, Profile
from retrotread.sessions.clinic.others import Others
from retrotread.sessions.clinic.register import NAME, NoClinic, Register
from retrotread.sessions.clinic.standing import NoParticipant, OutOfOrder
from retrotread.sessions.launcher import ONLY_PRESCRIBED, HeldBack, SessionLauncher, Wish
from retrotread.sessions.prescription import Ceilings, Prescription, Way, hash_of
from retrotread.workouts import library

PASSPHRASE = "rear wheels turn slowly"
SIMULATED = "sim://well-behaved"
PLAN = library.find("ladder-1").read_text()


def a_prescription(participant: str, kph: float) -> Prescription:
    today = wall_now().astimezone().date()
    return Prescription(
        0, participant, "Ladder 1", hash_of(PLAN.encode()), "novice", Way.BOTH, Ceilings(speed_kph=kph),
        "A. Weber", "knee, second week", today.isoformat(), (today + timedelta(days=7)).isoformat(),
    )  # fmt: skip


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    """A clinic with two participants, each with a prescription of their own."""
    monkeypatch.setenv("RETROTREAD_DATA", str(tmp_path))
    monkeypatch.setenv("RETROTREAD_CONFIG", str(tmp_path))
    register = Register(tmp_path)
    register.set_up("Rehab at the river", PASSPHRASE)
    for name, kph in (("P-ANNA", 2.0), ("P-BERT", 1.6)):
        register.join(PASSPHRASE, name)
        register.prescribe(PASSPHRASE, a_prescription(name, kph), PLAN)
    return register


@pytest.fixture
def launcher(register: Register) -> Iterator[SessionLauncher]:
    launcher = SessionLauncher()
    yield launcher
    launcher.close()


def test_each_is_offered_their_own_prescription_and_nothing_else(launcher: SessionLauncher) -> None:
    told = launcher.participants()
    assert told is not None
    assert [one.pseudonym for one in told] == ["P-ANNA", "P-BERT"]
    for name, kph in (("P-ANNA", "2.0"), ("P-BERT", "1.6")):
        launcher.receive(name)
        (offer,) = launcher.offers(SIMULATED)
        assert offer.problems == ()
        assert offer.read_back[0] == f"Participant {name}"
        assert f"At most: {kph} km/h" in offer.read_back[2]
        person = launcher.person()
        assert person is not None
        assert person.name == name


def test_the_runs_of_each_lie_in_a_folder_of_their_own(launcher: SessionLauncher, tmp_path: Path) -> None:
    launcher.receive("P-ANNA")
    assert launcher.home == tmp_path / "participants" / "P-ANNA"
    launcher.receive("P-BERT")
    assert launcher.home == tmp_path / "participants" / "P-BERT"


def test_when_nobody_of_the_clinic_is_here_any_more_nothing_of_them_is(
    launcher: SessionLauncher, tmp_path: Path
) -> None:
    launcher.receive("P-ANNA")
    launcher.receive(None)
    assert launcher.home == tmp_path
    assert launcher.person() is None
    assert not any(one.read_back for one in launcher.offers(SIMULATED))


def test_who_cannot_be_received_leaves_nobody_of_the_clinic_here(launcher: SessionLauncher, tmp_path: Path) -> None:
    launcher.receive("P-ANNA")
    with pytest.raises(NoParticipant):
        launcher.receive("P-ZZZZ")
    assert launcher.home == tmp_path


def test_what_is_learned_of_a_participant_goes_into_nobody_s_settings(
    launcher: SessionLauncher, tmp_path: Path
) -> None:
    launcher.receive("P-ANNA")
    person = launcher.person()
    assert person is not None
    launcher.introduce(replace(person, call=("notify-send", "help")))
    assert not (tmp_path / "settings.toml").exists()
    launcher.receive("P-BERT")
    other = launcher.person()
    assert other is not None
    assert other.call == ()


def test_somebody_under_18_runs_in_a_tier_of_a_clinic_or_not_at_all(
    launcher: SessionLauncher, register: Register
) -> None:
    """An earlier version prescribed for them as for adults: such a one is still there, and does not begin."""
    register.join(PASSPHRASE, "P-CARL", adult=False)
    for_adults = a_prescription("P-CARL", 2.0)
    sentence = r"P-CARL is younger than 18, and tier .* is for adults: .* \(frail, clinic\)"
    with pytest.raises(OutOfOrder, match=sentence):
        register.prescribe(PASSPHRASE, for_adults, PLAN)
    register._add(len(register.written()), Prescribed(replace(for_adults, number=3), PLAN))
    register.prescribe(PASSPHRASE, replace(for_adults, tier="clinic"), PLAN, Others(beside=True))
    launcher.receive("P-CARL")
    old, new = launcher.offers(SIMULATED)
    assert re.match(sentence, old.problems[0])
    assert new.problems == ()


def test_what_was_withdrawn_meanwhile_is_not_launched(launcher: SessionLauncher, register: Register) -> None:
    launcher.receive("P-ANNA")
    (offer,) = launcher.offers(SIMULATED)
    register.withdraw(PASSPHRASE, 1, "A. Weber", "too early")
    with pytest.raises(HeldBack, match="this prescription holds no longer"):
        launcher.launch(offer, SIMULATED)
    assert launcher.offers(SIMULATED) == ()


@pytest.mark.parametrize("settings", ["[clinic]\nparticipants_only = true\n", "this is no TOML"])
def test_a_computer_of_a_clinic_runs_nothing_without_a_participant(
    register: Register, tmp_path: Path, settings: str
) -> None:
    """Also where its settings cannot be read: a broken file opens nothing."""
    (tmp_path / "settings.toml").write_text(settings)
    launcher = SessionLauncher()
    try:
        assert {one.problems[0] for one in launcher.offers(SIMULATED)} == {ONLY_PRESCRIBED}
        launcher.receive("P-ANNA")
        (offer,) = launcher.offers(SIMULATED)
        assert offer.problems == ()
    finally:
        launcher.close()


@pytest.mark.parametrize("settings", [None, "[clinic]\nparticipants_only = false\n"])
def test_the_profile_of_the_clinic_does_not_come_off_with_a_settings_file(
    register: Register, launcher: SessionLauncher, tmp_path: Path, settings: str | None
) -> None:
    assert launcher.only_prescribed() is None
    register.make(PASSPHRASE, Profile(participants_only=True))
    if settings is not None:
        (tmp_path / "settings.toml").write_text(settings)
    assert launcher.only_prescribed() == ONLY_PRESCRIBED
    assert {one.problems[0] for one in launcher.offers(SIMULATED)} == {ONLY_PRESCRIBED}
    launcher.receive("P-ANNA")
    assert launcher.only_prescribed() is None
    launcher.receive(None)
    register.make(PASSPHRASE, Profile(participants_only=False))
    assert launcher.only_prescribed() is None


def test_with_a_register_that_cannot_be_read_nobody_runs_anything(launcher: SessionLauncher, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"a letter" * 30)
    why = launcher.only_prescribed()
    assert why is not None
    assert why.startswith("whether anybody but a participant may train here is not known: ")


def test_a_participant_named_beforehand_is_the_one_that_it_is_for(register: Register) -> None:
    launcher = SessionLauncher(Wish(participant="P-BERT"))
    try:
        assert launcher.participants() is None
        assert len(launcher.offers(SIMULATED)) == 1
    finally:
        launcher.close()


def test_without_a_clinic_nobody_is_received(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETROTREAD_DATA", str(tmp_path))
    launcher = SessionLauncher()
    try:
        assert launcher.participants() is None
        with pytest.raises(NoClinic):
            launcher.receive("P-ANNA")
    finally:
        launcher.close()
