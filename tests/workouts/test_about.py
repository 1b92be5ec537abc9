"""What a file says about itself: as strict as the rest of it, and a card never becomes a plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.workouts.about import Card
from retrotread.workouts.plan import WorkoutPlan
from retrotread.workouts.problems import WorkoutFileError
from retrotread.workouts.source import parse_either, parse_workout, read_either

PLAIN = "retrotread: 1\nname: x\nfacing: rear\nsteps: [{walk: 5 min, speed: 1 km/h}]\n"
CARD = "retrotread: 1\nname: x\nkind: card\nwhy: too steep\n"


def problems(text: str) -> list[str]:
    with pytest.raises(WorkoutFileError) as caught:
        parse_workout(text.encode(), "w.yaml")
    return [str(one) for one in caught.value.problems]


def test_a_file_that_says_nothing_of_itself_is_as_good_as_it_was() -> None:
    plan = parse_workout(PLAIN.encode(), "w.yaml")
    assert (plan.where, plan.source, plan.dose, plan.population, plan.support) == ("home", None, None, None, None)
    assert (plan.filled_in, plan.not_for, plan.tags, plan.needs) == ((), (), (), ())


def test_a_dose_stays_in_the_numbers_and_units_of_its_source() -> None:
    text = PLAIN + "dose: {speed: 0.89 m/s, incline: 10 degrees, times a week: 3, also: barefoot}\n"
    dose = parse_workout(text.encode(), "w.yaml").dose
    assert dose is not None
    assert (dose.speed, dose.incline, dose.times_a_week, dose.also) == ("0.89 m/s", "10 degrees", 3, "barefoot")
    assert (dose.time, dose.weeks, dose.sessions) == (None, None, None)


def test_support_may_be_said_in_part() -> None:
    text = PLAIN + "support: {body weight: 'a third, by a harness'}\n"
    support = parse_workout(text.encode(), "w.yaml").support
    assert support is not None
    assert (support.handrail, support.assistance, support.body_weight) == (None, None, "a third, by a harness")


SENTENCES = {
    "times a day": (
        "dose: {times a week: 22}\n",
        "5:22: dose.times a week: 22 is above 21, the highest; give a lower number",
    ),
    "no weeks": ("dose: {weeks: 0}\n", "5:15: dose.weeks: 0 is below 1, the lowest; give a higher number"),
    "a slip in a dose": (
        "dose: {week: 6}\n",
        "5:8: dose.week: there is no key 'week' here; write weeks if that was meant, or remove it",
    ),
    "a doi with its address": (
        "source: {text: y, grade: trial, doi: 'https://doi.org/10.1055/a'}\n",
        "5:38: source.doi: 'https://doi.org/10.1055/a' is not written so; write it as 10.NUMBER/NAME, without https",
    ),
    "half an address": (
        "source: {text: y, grade: trial, url: example.org}\n",
        "5:38: source.url: 'example.org' is not written so; write the whole address, from https:// on",
    ),
    "a tag of two words": (
        "tags: [small dose]\n",
        "5:8: tags[0]: 'small dose' is not written so; write small letters and hyphens",
    ),
    "a tag twice": ("tags: [uphill, uphill]\n", "5:7: tags: uphill is there more than once; name it once"),
    "somewhere else": (
        "where: garden\n",
        "5:8: where: garden is none of 'home' or 'clinic'; write one of these",
    ),
    "no such hand": (
        "support: {handrail: a stick}\n",
        "5:21: support.handrail: a stick is none of 'both hands', 'one hand', 'fingertips', 'within reach' or 'none'; "
        "write one of these",
    ),
}


@pytest.mark.parametrize(("added", "sentence"), SENTENCES.values(), ids=SENTENCES)
def test_a_slip_in_the_head_is_named_with_its_place_and_the_mend(added: str, sentence: str) -> None:
    assert problems(PLAIN + added) == [f"w.yaml:{sentence}"]


def test_a_card_is_read_with_why_it_is_not_run() -> None:
    card = parse_either(CARD.encode(), "c.yaml")
    assert isinstance(card, Card)
    assert (card.kind, card.why, card.where) == ("card", "too steep", "home")


def test_a_workout_is_read_as_one_by_either() -> None:
    assert isinstance(parse_either(PLAIN.encode(), "w.yaml"), WorkoutPlan)


NOT_RUN = {
    "card": "3:7: kind: this is a card: a published dose that is shown and not run; "
    "read it with retrotread library show",
    "template": "3:7: kind: this is a template without a dose: there is nothing to run; "
    "read it with retrotread library show; a clinician copies it, adds steps and takes out kind and why",
    "''": "3:7: kind: nothing is not known; only a card or a template has a kind; leave kind out for a workout",
    "drill": "3:7: kind: drill is not known; only a card or a template has a kind; leave kind out for a workout",
}


@pytest.mark.parametrize(("kind", "sentence"), NOT_RUN.items(), ids=NOT_RUN)
def test_what_has_a_kind_never_becomes_a_plan(kind: str, sentence: str) -> None:
    assert problems(CARD.replace("card", kind)) == [f"w.yaml:{sentence}"]


GOOD = (
    {"name": "x", "kind": "card", "why": "y"},
    {"name": "x", "facing": "rear", "steps": "[{walk: 5 min, speed: 1 km/h}]"},
)
KEYS = st.sampled_from(["name", "kind", "why", "facing", "steps", "level", "source", "dose", "x"])
VALUES = st.sampled_from(["card", "template", "1", "''", "", "[]", "[card]", "{}", "{a: b}", "rear", "&a card", "!x y"])


def read_or_problems(text: str) -> Card | WorkoutPlan | tuple[object, ...]:
    try:
        return parse_either(text.encode(), "w.yaml")
    except WorkoutFileError as error:
        return error.problems


@given(st.sampled_from(GOOD), st.sets(KEYS, max_size=1), st.dictionaries(KEYS, VALUES, max_size=2))
def test_whatever_stands_in_a_file_is_a_plan_without_a_kind_or_a_card_with_why_or_told_what_is_wrong(
    good: dict[str, str], left_out: set[str], changed: dict[str, str]
) -> None:
    entries = {key: value for key, value in good.items() if key not in left_out} | changed
    text = "retrotread: 1\n" + "".join(f"{key}: {value}\n" for key, value in entries.items())
    read = read_or_problems(text)
    if isinstance(read, WorkoutPlan):
        assert "kind" not in entries
    elif isinstance(read, Card):
        assert entries["why"]
        assert "steps" not in entries
    else:
        assert read
    if "kind" in entries:
        assert problems(text)


def test_steps_do_not_make_a_plan_of_a_card() -> None:
    assert problems(CARD + "facing: rear\nsteps: [{walk: 5 min, speed: 1 km/h}]\n") == [f"w.yaml:{NOT_RUN['card']}"]


def test_a_card_has_no_steps_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("retrotread: 1\nname: x\nkind: card\nsteps: []\n")
    with pytest.raises(WorkoutFileError) as caught:
        read_either(path)
    assert [str(one).removeprefix(str(path)) for one in caught.value.problems] == [
        ":1:1: why: is missing; say why it is not run, such as: why: no treadmill dose was found",
        ":4:1: steps: there is no key 'steps' here; write steps if that was meant, or remove it",
    ]


def test_a_filled_in_template_is_a_workout() -> None:
    filled = CARD.replace("kind: card\nwhy: too steep\n", PLAIN.partition("name: x\n")[2])
    assert parse_workout(filled.encode(), "w.yaml").name == "x"
