"""What is for a clinic is never started at home, whoever asks; every protocol for home passes its check."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from retrotread.devices.simulated.archetypes import WELL_BEHAVED
from retrotread.safety.tiers import TIERS
from retrotread.sessions.check import check_text
from retrotread.sessions.clinic.desk import NotPrescribed, held_against_itself
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.launcher import DEFAULT_TREADMILL, HeldBack, NotForHome, SessionLauncher, Wish, clinic_tier_for
from retrotread.sessions.person import BackwardExperience, Person
from retrotread.sessions.prepare import ANYBODY, FOR_A_CLINIC, NOBODY_YET, Asked, prepare, written_in
from retrotread.sessions.prescription import Ceilings, Prescription, Way, hash_of
from retrotread.sessions.simulate import Simulation, simulate
from retrotread.workouts.library import everything, find

ADA = Person("Ada", True, BackwardExperience.RUNS, backward_max_kph=8.0)
CLINIC = [path for path in everything() if path.parent.name == "clinic"]
PROTOCOLS = [path for path in everything() if path.parent.name == "protocols"]
ASKED = {
    "nobody": ANYBODY,
    "somebody new": Asked(person=NOBODY_YET),
    "a runner": Asked(person=ADA),
    "alone": Asked(person=ADA, alone=True),
    "by hand": Asked(person=ADA, by_hand=True),
}

each_for_a_clinic = pytest.mark.parametrize("path", CLINIC, ids=lambda path: path.stem)


@each_for_a_clinic
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_at_home_it_is_held_back_with_the_reason_first(path: Path, asked: Asked) -> None:
    assert prepare(path, WELL_BEHAVED.profile, asked).offer.problems[0] == FOR_A_CLINIC


def test_the_launcher_offers_it_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETROTREAD_DATA", str(tmp_path))
    launcher = SessionLauncher(Wish("bw-blt-30"), held=(tmp_path, None))  # type: ignore[arg-type]
    first = launcher.offers(DEFAULT_TREADMILL)[0]
    assert first.problems[0] == FOR_A_CLINIC
    with pytest.raises(HeldBack, match="this cannot be run: is for a clinic"):
        launcher.launch(first, DEFAULT_TREADMILL)


@each_for_a_clinic
def test_in_the_tier_of_a_clinic_it_runs_as_it_is_written(path: Path) -> None:
    shown = check_text(written_in(path), DEFAULT_TREADMILL, Asked(TIERS["clinic"]))
    assert not shown.found, shown.text
    assert "rises        at most 0.10 km/h per second" in shown.text


@each_for_a_clinic
def test_the_frail_tier_has_the_same_limits_but_for_the_minutes_of_a_day_and_the_level(path: Path) -> None:
    problems = prepare(path, WELL_BEHAVED.profile, Asked(TIERS["frail"])).offer.problems
    assert [one for one in problems if "are above 15 a day" not in one and "is above tier" not in one] == []
    assert problems


@each_for_a_clinic
@pytest.mark.parametrize("asked", [Asked(TIERS["walker"]), Asked(TIERS["clinic"], alone=True)], ids=["home", "alone"])
def test_a_tier_for_home_and_somebody_alone_are_no_clinic(path: Path, asked: Asked) -> None:
    assert prepare(path, WELL_BEHAVED.profile, asked).offer.problems[0] == FOR_A_CLINIC


@each_for_a_clinic
def test_what_a_clinic_prescribes_may_be_in_any_of_its_tiers(path: Path) -> None:
    asked = Asked(TIERS["walker"], prescribed=True)
    assert prepare(path, WELL_BEHAVED.profile, asked).offer.problems == ()
    alone = prepare(path, WELL_BEHAVED.profile, replace(asked, alone=True)).offer
    assert alone.problems[0] == FOR_A_CLINIC


def test_the_desk_of_a_clinic_prescribes_it() -> None:
    written = written_in(find("bw-blt-30"))
    days = ("2026-11-21", "2026-12-21")
    told = Prescription(
        1, "P-7QK2M9", "bw-blt-30", hash_of(written.text), "walker", Way.BACKWARD, Ceilings(), "A. B.", "seen", *days
    )
    held_against_itself(told, written, WELL_BEHAVED.profile)
    with pytest.raises(NotPrescribed, match="30 minutes backward are above 25 a day"):
        held_against_itself(replace(told, tier="novice"), written, WELL_BEHAVED.profile)


def test_a_session_of_a_clinic_is_walked_to_its_end() -> None:
    prepared = prepare(find("bw-20-40"), WELL_BEHAVED.profile, Asked(TIERS["clinic"]))
    timeline = prepared.offer.timeline
    assert timeline is not None
    plan = RunPlan.of("clinic", timeline, "clinic", prepared.session_max_s)
    assert simulate(Simulation(plan, WELL_BEHAVED)).ended_well


@pytest.mark.parametrize("tier", ["clinic", "frail"])
def test_a_clinic_starts_it_by_the_name_of_its_tier(tier: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETROTREAD_DATA", str(tmp_path))
    launcher = SessionLauncher(Wish("bw-blt-30", tier=clinic_tier_for(tier)), held=(tmp_path, None))  # type: ignore[arg-type]
    first = launcher.offers(DEFAULT_TREADMILL)[0]
    assert first.tier == TIERS[tier].title
    assert FOR_A_CLINIC not in first.problems
    assert (first.problems == ()) is (tier == "clinic")
    assert any("is above tier" in problem for one in launcher.offers(DEFAULT_TREADMILL)[5:] for problem in one.problems)


@pytest.mark.parametrize("tier", [key for key, one in TIERS.items() if not one.clinic])
def test_a_tier_for_home_is_never_named_at_a_start(tier: str) -> None:
    with pytest.raises(NotForHome, match=rf"not started in tier {tier} by name.*\(frail, clinic\)"):
        clinic_tier_for(tier)


@pytest.mark.parametrize("path", PROTOCOLS, ids=lambda path: path.stem)
def test_every_protocol_for_home_passes_its_check(path: Path) -> None:
    level = written_in(path).plan.level or 0
    shown = check_text(written_in(path), DEFAULT_TREADMILL, Asked(TIERS["harness"] if level > 8 else None, ADA))
    assert not shown.found, shown.text


def test_levels_9_and_10_open_by_no_experience() -> None:
    for name in ("ladder-9", "br-harness-8", "br-vpeak-test"):
        problems = prepare(find(name), WELL_BEHAVED.profile, Asked(person=ADA)).offer.problems
        assert "it is for a harness and a supervisor: ask a clinic or a coach" in problems[0]
