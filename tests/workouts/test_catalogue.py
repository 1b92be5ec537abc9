"""The library as lists and pages: what a filter takes, and that nothing unpublished looks published."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrotread.workouts.catalogue import (
    GRADES,
    Entry,
    Wanted,
    catalogue,
    dose_texts,
    entry_at,
    entry_object,
    entry_rows,
    list_lines,
    selected,
    steps_line,
    tags_of,
)
from retrotread.workouts.library import find
from retrotread.workouts.plan import WorkoutPlan

ENTRIES = catalogue()


def names(wanted: Wanted) -> set[str]:
    return {entry.name for entry in selected(ENTRIES, wanted)}


def entry(name: str) -> Entry:
    return entry_at(find(name))


def row(of: Entry, key: str) -> list[str]:
    """The lines of one key."""
    rows, texts = entry_rows(of), list[str]()
    at = next(index for index, (name, _) in enumerate(rows) if name == key)
    for name, text in rows[at:]:
        if texts and name:
            break
        texts.append(text)
    return texts


def test_without_a_wish_it_is_what_may_be_started_at_home() -> None:
    home = names(Wanted())
    assert {"ladder-0", "ladder-10", "bw-slope-20", "daily-three-minutes"} <= home
    assert not home & {"bw-blt-30", "bw-10deg", "region-calf"}


def test_for_a_clinic_there_are_its_workouts_the_cards_and_the_templates() -> None:
    clinic = names(Wanted(clinic=True))
    assert {"bw-blt-30", "bw-10deg", "region-calf"} <= clinic
    assert clinic | names(Wanted()) == {one.name for one in ENTRIES}
    assert not clinic & names(Wanted())


def test_a_level_opens_what_begins_at_it_or_below() -> None:
    assert names(Wanted(level=0)) == {"ladder-0"}
    assert "ladder-3" in names(Wanted(level=3))
    assert "ladder-4" not in names(Wanted(level=3))
    assert names(Wanted(level=10)) == names(Wanted())
    assert "bw-blt-30" not in names(Wanted(level=10, clinic=True))


def test_tags_and_levels_go_together() -> None:
    small = names(Wanted(level=3, tag="small-dose"))
    assert {"daily-five-minutes", "sprinkle-walk"} <= small
    assert "daily-eight-minutes" not in small
    assert "ladder-3" not in small


def test_the_plans_for_sports_are_found_by_their_tags() -> None:
    assert names(Wanted(tag="defence")) == {"sport-defence", "sport-defence-runs"}
    assert {"sport-coordination", "sport-multi-direction"} <= names(Wanted(tag="coordination"))
    assert "sport-multi-direction" in names(Wanted(tag="multi-direction"))
    assert "defence" in tags_of(ENTRIES)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("bw-slope-20", "bw-slope-20  level 5   study     Backward walk: 20 min at 3 km/h and 10 %"),
        ("bw-blt-30", "bw-blt-30  clinic    trial     Backward walk: nine sessions of 30 min"),
        ("bw-10deg", "bw-10deg  card      study     Card: backward walking at 10 degrees"),
        ("region-calf", "region-calf  template  none      Template: calf"),
    ],
)
def test_a_line_has_name_level_or_kind_grade_and_title(name: str, line: str) -> None:
    assert list_lines([entry(name)]) == [line]


def test_what_was_not_published_is_said_in_its_place() -> None:
    assert row(entry("bw-level-10"), "published") == [
        "speed: not published",
        "incline: not published",
        "time: 10 min",
        "times a week: 3",
        "weeks: 6",
        "also: supervised, beside usual care",
    ]


def test_a_file_without_a_dose_says_so() -> None:
    assert dose_texts(None) == ["no dose"]
    assert row(entry("ladder-2"), "published") == ["no dose"]


def test_the_source_comes_with_its_addresses_and_what_its_grade_is_worth() -> None:
    assert row(entry("bw-blt-30"), "source") == [
        "Awosika and others, backward locomotor treadmill training: a first study of 39 and a randomised trial of 40 "
        "people",
        "https://doi.org/10.3389/fneur.2022.800757",
        "https://pubmed.ncbi.nlm.nih.gov/39314955/",
        f"trial: {GRADES['trial']}",
    ]


def test_the_steps_are_told_as_they_are_written() -> None:
    assert row(entry("br-vpeak"), "steps") == [
        "walk 5 min, 1.5 km/h -> 4.0 km/h",
        "5 times:",
        "  run 2 min, 75 % of the own maximum",
        "  walk 2 min, 3.5 km/h",
        "cool down 5 min, 3.5 km/h -> 1.0 km/h",
    ]
    sprinkle = row(entry("sprinkle-walk"), "steps")
    assert sprinkle[2] == "turn to the rear"
    about = entry("ladder-0").about
    assert isinstance(about, WorkoutPlan)
    assert "3 x (walk 30 s, 0.8 km/h; off belt 60 s); walk 30 s, 0.8 km/h" in steps_line(about.steps)


def test_a_card_says_why_it_is_not_run_and_has_no_steps() -> None:
    card = entry("bw-10deg")
    assert row(card, "kind")[0].startswith("card, shown and not run. 10 degrees are a slope of 17.6 %.")
    assert "steps" not in dict(entry_rows(card))
    told = entry_object(card)
    assert (told["kind"], told["steps"], told["dose"]["incline"]) == ("card", None, "10 degrees")


def test_an_object_has_every_key_of_the_head_with_null_for_what_is_not_there() -> None:
    told = entry_object(entry("ladder-2"))
    assert (told["dose"], told["population"], told["why"]) == (None, None, None)
    assert told["support"] == {
        "handrail": "one hand",
        "assistance": "nobody has to help",
        "body weight": "none is carried",
    }
    assert told["steps"][1] == "2 times:"


def test_a_file_of_ones_own_is_told_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "retrotread: 1\nname: x\nfacing: rear\nsteps: [{walk: 5 min, speed: 1 km/h, incline: 1 % -> 2 %}]\n"
    )
    mine = entry_at(path)
    assert entry_rows(mine) == [
        ("file", "mine"),
        ("kind", "workout"),
        ("published", "no dose"),
        ("steps", "walk 5 min, 1.0 km/h at 1 % -> 2 %"),
    ]
