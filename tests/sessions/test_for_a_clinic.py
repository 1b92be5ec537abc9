"""What is for a clinic is never started at home, whoever asks; every protocol for home passes its check."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrotread.devices.simulated.archetypes import WELL_BEHAVED
from retrotread.safety.tiers import TIERS
from retrotread.sessions.check import check_text
from retrotread.sessions.launcher import DEFAULT_TREADMILL, SessionLauncher, Wish
from retrotread.sessions.person import BackwardExperience, Person
from retrotread.sessions.prepare import ANYBODY, FOR_A_CLINIC, NOBODY_YET, Asked, prepare, written_in
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
    with pytest.raises(AssertionError, match="an offer with problems cannot be launched"):
        launcher.launch(first, DEFAULT_TREADMILL)


@each_for_a_clinic
def test_whoever_names_a_tier_can_look_at_it(path: Path) -> None:
    shown = check_text(written_in(path), DEFAULT_TREADMILL, Asked(TIERS["walker"]))
    assert not shown.found, shown.text


@pytest.mark.parametrize("path", PROTOCOLS, ids=lambda path: path.stem)
def test_every_protocol_for_home_passes_its_check(path: Path) -> None:
    level = written_in(path).plan.level or 0
    shown = check_text(written_in(path), DEFAULT_TREADMILL, Asked(TIERS["harness"] if level > 8 else None, ADA))
    assert not shown.found, shown.text


def test_levels_9_and_10_open_by_no_experience() -> None:
    for name in ("ladder-9", "br-harness-8", "br-vpeak-test"):
        problems = prepare(find(name), WELL_BEHAVED.profile, Asked(person=ADA)).offer.problems
        assert "it is for a harness and a supervisor: ask a clinic or a coach" in problems[0]
