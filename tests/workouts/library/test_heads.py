"""What every file of the library says about itself, and which words none of them may use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from retrotread.machine import Gait, gait
from retrotread.workouts.about import Card
from retrotread.workouts.catalogue import Entry, catalogue
from retrotread.workouts.library import everything
from retrotread.workouts.plan import WorkoutPlan
from retrotread.workouts.steps import StepKind

ENTRIES = catalogue()
WORKOUTS = [entry for entry in ENTRIES if isinstance(entry.about, WorkoutPlan)]
CARDS = [entry for entry in ENTRIES if isinstance(entry.about, Card)]

each = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
each_workout = pytest.mark.parametrize("entry", WORKOUTS, ids=lambda entry: entry.name)
each_card = pytest.mark.parametrize("entry", CARDS, ids=lambda entry: entry.name)
each_file = pytest.mark.parametrize("path", everything(), ids=lambda path: path.stem)


@each
def test_a_head_says_source_grade_what_was_filled_in_who_should_not_support_and_tags(entry: Entry) -> None:
    about = entry.about
    assert about.source is not None
    assert about.filled_in
    assert about.not_for
    assert about.tags
    assert about.support is not None
    assert about.support.assistance is not None


@each
def test_a_dose_has_a_population_and_a_proposal_has_none_to_show(entry: Entry) -> None:
    about = entry.about
    assert about.source is not None
    if about.source.grade == "proposal":
        assert (about.dose, about.population) == (None, None)
    else:
        assert about.population is not None
        assert (about.dose is None) == (about.source.grade == "none")


@each_workout
def test_at_home_a_level_and_the_hands_are_known_and_nothing_carries_the_person(entry: Entry) -> None:
    about = entry.about
    assert about.support is not None
    assert about.support.body_weight is not None
    if not entry.clinic:
        assert about.level is not None
        assert about.support.handrail is not None
        assert "none" in about.support.body_weight or "nothing" in about.support.body_weight


@each_card
def test_a_card_and_a_template_are_for_a_clinic_and_say_why_they_are_not_run(entry: Entry) -> None:
    assert isinstance(entry.about, Card)
    assert entry.clinic
    assert entry.about.why
    assert (entry.kind == "template") == entry.name.startswith("region-")


def test_the_regions_of_the_articles_have_a_template_each_that_says_that_no_whole_dose_was_found() -> None:
    regions = {entry.name.removeprefix("region-"): entry.about for entry in CARDS if entry.name.startswith("region-")}
    assert set(regions) == {
        *("kneecap", "patellar-tendon", "osgood-schlatter", "hip", "groin", "calf", "achilles", "shin", "spine"),
    }
    for name, about in regions.items():
        assert isinstance(about, Card)
        assert about.dose is None
        assert "published treadmill dose was found" in about.why, name
        assert about.why.startswith("No " if name != "kneecap" else "One ")


def test_what_is_in_the_folder_for_clinics_is_for_a_clinic_and_nothing_else_is() -> None:
    for entry in ENTRIES:
        assert entry.clinic == (entry.path.parent.name in ("clinic", "cards")), entry.name


def runs_backward(entry: Entry) -> bool:
    assert isinstance(entry.about, WorkoutPlan)
    steps = entry.about.planned_steps(8.0)
    return any(step.kind is StepKind.RUN and gait(step.facing, step.belt) is Gait.BACKWARD for step in steps)


@each_workout
def test_who_runs_backward_has_a_spotter_from_level_7_on_and_a_harness_from_level_9_on(entry: Entry) -> None:
    needs, level = entry.about.needs, entry.about.level
    if runs_backward(entry):
        assert level is not None
        assert level >= 7
        assert "spotter" in needs
    assert level is None or level < 9 or "harness" in needs


@each_workout
def test_every_step_is_told_and_the_last_one_is_a_cool_down_on_a_belt_that_runs_forward(entry: Entry) -> None:
    assert isinstance(entry.about, WorkoutPlan)
    steps = entry.about.planned_steps(8.0)
    assert steps[-1].kind is StepKind.COOL_DOWN
    assert all(step.say for step in steps)
    assert {step.belt.value for step in steps} == {"forward"}


TAGS = {
    *("ladder", "warm-up", "cool-down", "sprinkle", "small-dose", "variety", "protocol", "card", "region", "template"),
    *("clinic", "walking", "running", "uphill", "intervals", "steady", "drill", "test"),
    *("multi-direction", "defence", "coordination", "placement"),
}


@each
def test_a_tag_is_one_of_the_known_ones(entry: Entry) -> None:
    assert set(entry.about.tags) <= TAGS


def test_every_known_tag_leads_to_something() -> None:
    assert {tag for entry in ENTRIES for tag in entry.about.tags} == TAGS


CLAIMS = re.compile(
    r"\b(treat(s|ed|ment|ments|ing)?|prevent\w*|cur(e|es|ed|ing)|heal(s|ed|ing)?|therap\w*|rehab\w*|relie(f|ve|ves|ved)"
    r"|safe|safer|safely|safest|proven|proves|guarantee\w*|reduc(e|es|ed|ing)|lower(s|ed)? (the )?risk|improv\w*"
    r"|strengthen\w*|protect\w*|benefi\w*|effective\w*|recommend\w*|lose weight|burn(s|ed)? (fat|calories)|fixes"
    r"|diagnos\w*|recover\w*|better than)\b",
    re.IGNORECASE,
)
"""Words of a claim. What a source found is left to the source; here is what was done, with whom, and how often."""


JOURNALS = re.compile(r"Journal of (Physical Therapy Science|Orthopaedic and Sports Physical Therapy)")


@each_file
def test_no_file_makes_a_claim_in_its_text_or_its_remarks(path: Path) -> None:
    words = " ".join(path.read_text(encoding="utf-8").split())
    assert CLAIMS.search(JOURNALS.sub("", words)) is None


def test_the_page_makes_none_either() -> None:
    words = " ".join((Path(__file__).parents[3] / "docs" / "library.md").read_text(encoding="utf-8").split())
    assert CLAIMS.search(JOURNALS.sub("", words)) is None


@pytest.mark.parametrize("claim", ["It prevents injuries", "treats knee pain", "is a safe dose", "Improves balance"])
def test_the_scan_would_find_a_claim(claim: str) -> None:
    assert CLAIMS.search(claim) is not None


AMERICAN = re.compile(r"\b(defense|color|meters?|kilometers?|center|program (of|for)|practicing)\b", re.IGNORECASE)


@each_file
def test_the_words_are_plain_british_ones(path: Path) -> None:
    assert AMERICAN.search(path.read_text(encoding="utf-8")) is None
