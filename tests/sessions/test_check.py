"""``retrotread check``: what it shows, what it says about a step, and whether there is something to say no to."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from retrotread.devices.errors import AddressError
from retrotread.devices.simulated.archetypes import WELL_BEHAVED
from retrotread.machine import SpeedUnit
from retrotread.safety.tiers import TIERS
from retrotread.sessions import check as checks
from retrotread.sessions.check import Printed, check_text
from retrotread.sessions.folder import VARIABLE
from retrotread.sessions.person import BackwardExperience, Person
from retrotread.sessions.preflight import Today
from retrotread.sessions.prepare import ANYBODY, Asked, written_as, written_in
from retrotread.workouts.library import find, shipped

ADDRESS = "sim://well-behaved"
PLAN = """\
retrotread: 1
name: Ramps
level: 8
facing: rear
needs: [spotter, rails]
steps:
  - walk: 5 min
    speed: 1.0 km/h -> 3.0 km/h
  - run: 60 s
    speed: 6.0 km/h
    incline: 1 %
  - cool down: 90 s
    speed: 2.0 km/h
"""
TURNS = """\
retrotread: 1
name: There and back
level: 3
facing: console
steps:
  - walk: 3 min
    speed: 5.0 km/h
  - turn: to the rear
  - walk: 2 min
    speed: 2.0 km/h
  - off belt: 1 min
    say: shake out
  - cool down: 2 min
    speed: 1.0 km/h
"""


def page(path: Path, address: str = ADDRESS, asked: Asked = ANYBODY) -> Printed:
    return check_text(written_in(path), address, asked)


def told(path: Path, address: str = ADDRESS, asked: Asked = ANYBODY) -> dict[str, object]:
    """The page as JSON."""
    plain = json.loads(check_text(written_in(path), address, asked, as_json=True).text)
    assert isinstance(plain, dict)
    return plain


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "ramps.yaml"
    path.write_text(PLAN)
    return path


@pytest.fixture
def turns(tmp_path: Path) -> Path:
    path = tmp_path / "turns.yaml"
    path.write_text(TURNS)
    return path


def test_the_page_has_the_unrolled_steps_the_totals_the_worst_case_the_limits_and_the_verdict(plan: Path) -> None:
    shown = page(plan)
    assert not shown.found
    assert shown.text == (
        "Ramps\n"
        "on Simulated treadmill (well-behaved), tier trained, no harness\n"
        "\n"
        "step       at      length  at target  speed                    incline        what\n"
        "   1     0:00       5 min  4 min 59 s  1.0 km/h -> 3.0 km/h     0 %            walk 5 min\n"
        "   2     5:00        60 s       50 s  6.0 km/h                 1 %            run 60 s\n"
        "   3     6:00        90 s       84 s  2.0 km/h                 0 %            cool down 90 s\n"
        "\n"
        "total        7:30 min:s, about 316 m, backward all the way\n"
        "facing       the rear\n"
        "running      1:00 min:s\n"
        "rises        at most 0.54 km/h per second\n"
        "today        7.5 of 45 minutes backward a day\n"
        "fastest      6.0 km/h in step 2, run 60 s\n"
        "steepest     1 % in step 2, run 60 s\n"
        "longest      5 min backward in one block, step 1\n"
        "hardest rise 3.0 km/h -> 6.0 km/h within 10 s, into step 2\n"
        "link         if it is lost at the worst moment, this machine runs on at 6.0 km/h until its key is pulled\n"
        "speed limit  8.0 km/h (tier trained, no harness, backward)\n"
        "incline      5 % (tier trained, no harness)\n"
        "needs        spotter, rails\n"
        "\n"
        "no limit is hit: it can be run as written"
    )


def test_each_limit_that_is_hit_is_a_line_with_its_reason(plan: Path) -> None:
    shown = page(plan, asked=Asked(tier=TIERS["novice"]))
    assert shown.found
    assert shown.text.splitlines()[-4:] == [
        "limit: level 8 is above tier novice at home, which ends at level 3",
        "limit: step 2, run 60 s: 6.0 km/h is above 3.0 km/h (tier novice at home, backward)",
        "limit: step 2, run 60 s: 1.0 % is above 0.0 % (tier novice at home)",
        "limit: running backward is not part of tier novice at home",
    ]


def test_a_plan_that_cannot_be_laid_out_names_file_line_column_and_mend(plan: Path) -> None:
    shown = page(plan, "sim://well-behaved?min_kph=1.5")
    assert shown.found
    (line,) = [one for one in shown.text.splitlines() if one.startswith("limit: ")]
    assert line.startswith(
        f"limit: {plan}:7:5: steps[0]: walk 5 min: asks for 1.0 km/h, and the lowest speed of this belt"
    )
    assert "; ask for at least that" in line


def test_what_was_added_to_the_plan_is_a_note(plan: Path) -> None:
    plan.write_text("\n".join(plan.read_text().splitlines()[:-2]) + "\n")
    shown = page(plan)
    assert not shown.found
    assert "note: the plan does not end in a cool down, so 2 min were added: 3.0 km/h -> 0.5 km/h" in shown.text


@pytest.mark.parametrize(
    ("needs", "step", "asked", "told_of"),
    [
        ("rails", "run: 60 s\n    speed: 6.0", ANYBODY, "run 60 s: 6.0 km/h"),
        ("rails", "walk: 60 s\n    speed: 7.9", ANYBODY, "walk 60 s: 7.9 km/h"),
        ("rails", "walk: 60 s\n    speed: 5.8", ANYBODY, None),
        ("harness", "run: 60 s\n    speed: 6.0", ANYBODY, None),
        ("spotter", "run: 60 s\n    speed: 6.0", ANYBODY, None),
        ("rails", "run: 60 s\n    speed: 6.0", Asked(prescribed=True), None),
    ],
)
def test_where_a_backward_run_names_nobody_a_spotter_is_asked_for_and_it_is_told(
    plan: Path, needs: str, step: str, asked: Asked, told_of: str | None
) -> None:
    plan.write_text(PLAN.replace("[spotter, rails]", f"[{needs}]").replace("run: 60 s\n    speed: 6.0", step))
    said = told(plan, asked=asked)
    notes = [
        f"step 2, {told_of} is a backward run, and the workout names neither a spotter nor a harness; "
        "a spotter is added to what it needs"
    ]
    assert said["notes"] == (notes if told_of else [])
    assert said["needs"] == ([needs, "spotter"] if told_of else [needs])
    assert said["problems"] == []
    assert ("running      1:00 min:s" in page(plan, asked=asked).text) is ("5.8" not in step)


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_every_shipped_workout_passes_its_own_check(path: Path) -> None:
    level = written_in(path).plan.level or 0
    tier = TIERS["harness"] if level > 8 else None  # nobody's experience opens these levels: somebody in charge does
    shown = page(path, asked=Asked(tier, Person("Ada", True, BackwardExperience.RUNS, backward_max_kph=7.0)))
    assert not shown.found, shown.text
    assert "is a backward run" not in shown.text


@pytest.mark.parametrize("address", ["smoke://gym", "serial+trackmaster:///dev/ttyUSB0", "sim://gym", "gym", ""])
def test_an_address_that_nothing_here_speaks_is_no_page(plan: Path, address: str) -> None:
    with pytest.raises(AddressError, match="address"):
        page(plan, address)


def test_a_real_treadmill_that_was_never_tried_out_is_a_limit(
    plan: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    shown = page(plan, "ble://gym")
    assert shown.found
    assert "limit: A treadmill that nobody has measured is only read" in shown.text
    assert "\non a treadmill that nobody has measured, tier " in shown.text
    assert "retrotread treadmills qualify" in shown.text


# --- turns, other units, other links ------------------------------------------------------------------------------


def test_a_turn_is_listed_with_what_it_takes_and_each_way_has_its_limit(turns: Path) -> None:
    lines = page(turns).text.splitlines()
    assert (
        "turn         step 2, to the rear: belt reported still for 5 s, two confirmations, a whole new start" in lines
    )
    assert "facing       the console, then the rear" in lines
    assert "speed limit  6.0 km/h (tier novice at home, forward)" in lines
    assert "speed limit  3.0 km/h (tier novice at home, backward)" in lines
    (total,) = [line for line in lines if line.startswith("total")]
    assert total.endswith(" m, backward 4:00, forward 3:00")
    assert "today        4 of 25 minutes backward a day" in lines


def test_what_is_no_time_on_the_belt_has_no_speed_and_no_time_at_target(turns: Path) -> None:
    turn, off_belt = (
        line for line in page(turns).text.splitlines() if line.endswith(("turn to the rear", "off belt 60 s"))
    )
    assert turn.split()[:4] == ["2", "3:00", "0", "s"]
    assert off_belt.split() == ["4", "5:00", "60", "s", "-", "-", "off", "belt", "60", "s"]


def test_a_reversed_belt_on_a_machine_that_does_not_reverse_is_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "reversed.yaml"
    path.write_text(
        "retrotread: 1\nname: Reversed\nfacing: console\nbelt: reversed\nsteps:\n  - walk: 2 min\n    speed: 1.0 km/h\n"
    )
    assert "needs a reversed belt, and Simulated treadmill (well-behaved) is not known to reverse" in page(path).text


def test_a_console_in_miles_has_its_own_number_and_km_h_beside_it(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profile = replace(WELL_BEHAVED.profile, speed_unit=SpeedUnit.MPH)
    monkeypatch.setattr(checks, "profile_at", lambda address: profile)
    text = page(plan, asked=Asked(tier=TIERS["novice"])).text
    assert "3.7 mph (6.0 km/h)" in text
    assert "speed limit  1.9 mph (3.0 km/h) (tier novice at home, backward)" in text
    assert "limit: step 2, run 60 s: 3.7 mph (6.0 km/h) is above 1.9 mph (3.0 km/h)" in text
    assert "this machine runs on at 3.7 mph (6.0 km/h) until" in text


@pytest.mark.parametrize(
    ("runs_on", "sentence"),
    [
        (True, "if it is lost at the worst moment, this machine runs on at 6.0 km/h until its key is pulled"),
        (False, "if it is lost, this machine stops its belt by itself"),
        (None, "if it is lost, nobody knows what this machine does: count on a belt that runs on at 6.0 km/h"),
    ],
)
def test_what_a_lost_link_means_at_the_worst_moment(
    plan: Path, monkeypatch: pytest.MonkeyPatch, runs_on: bool | None, sentence: str
) -> None:
    profile = replace(WELL_BEHAVED.profile, runs_on_when_link_lost=runs_on)
    monkeypatch.setattr(checks, "profile_at", lambda address: profile)
    assert f"link         {sentence}" in page(plan).text.splitlines()
    assert told(plan)["worst"] == {
        "speed_kph": 6.0,
        "incline_percent": 1.0,
        "block_s": 300.0,
        "rise_kph": [3.0, 6.0],
        "link_lost_runs_on_at_kph": 6.0 if runs_on else None,
        "link_lost_is_known": runs_on is not None,
    }


def test_on_a_treadmill_set_by_hand_nobody_but_a_hand_stops_the_belt(plan: Path) -> None:
    line = "link         none: nothing but a hand changes the belt, and the program cannot stop it"
    assert line in page(plan, "coach://").text.splitlines()


def test_a_target_between_two_steps_of_the_machine_is_told_with_what_it_will_run(turns: Path) -> None:
    text = page(turns, "sim://coarse-steps").text
    assert "between two steps" not in text
    turns.write_text(TURNS.replace("2.0 km/h", "2.3 km/h"))
    assert (
        "note: 2.3 km/h is between two steps of this machine (0.5 km/h): it runs 2.0 km/h"
        in page(turns, "sim://coarse-steps").text.splitlines()
    )


# --- the person, the day, the lowest speed ------------------------------------------------------------------------


def test_a_workout_is_held_against_the_person_of_the_settings(plan: Path) -> None:
    shown = page(plan, asked=Asked(person=Person("Ada", True, BackwardExperience.WALKS)))
    assert shown.text.splitlines()[1].endswith(", tier trained, no harness, for Ada")
    assert "limit: level 8 is for tier trained, no harness, and somebody who walks backward trains up to" in shown.text
    assert not page(plan, asked=Asked(person=Person("Ada", True, BackwardExperience.RUNS))).found


def test_a_tier_that_is_asked_for_by_name_is_not_held_against_the_person(plan: Path) -> None:
    assert not page(plan, asked=Asked(tier=TIERS["runner"], person=Person("Ada", True))).found


def test_a_share_of_the_persons_maximum_needs_that_maximum(plan: Path) -> None:
    plan.write_text(PLAN.replace("speed: 6.0 km/h", "speed: 80 %"))
    assert "your own backward maximum" in page(plan).text
    ada = Person("Ada", True, BackwardExperience.RUNS, backward_max_kph=7.5)
    shown = page(plan, asked=Asked(person=ada))
    assert "fastest      6.0 km/h in step 2" in shown.text
    assert not shown.found


def test_what_was_done_today_is_shown_and_counted(plan: Path) -> None:
    shown = page(plan, asked=Asked(today=Today(backward_s=41 * 60)))
    assert "today        41 done, 7.5 of 45 minutes backward a day" in shown.text.splitlines()
    assert "limit: 7.5 minutes backward after 41 done today are above 45 a day" in shown.text


def test_what_the_person_may_accept_is_said_where_every_limit_allows_it(plan: Path) -> None:
    address = "sim://well-behaved?min_kph=1.5"
    shown = page(plan, address)
    assert shown.text.splitlines()[-1] == (
        "you may accept (--accept-lowest): walk 5 min: asks for 1.0 km/h, and the lowest speed of this belt is "
        "1.5 km/h, which it will run"
    )
    accepted = page(plan, address, Asked(accept_lowest=True))
    assert not accepted.found
    assert "note: walk 5 min: asks for 1.0 km/h, and the lowest speed of this belt is 1.5 km/h, which it will run" in (
        accepted.text.splitlines()
    )


def test_a_lowest_speed_above_a_limit_cannot_be_accepted() -> None:
    slow = written_as("5 min at 1 km/h backward")
    shown = check_text(slow, "sim://well-behaved?min_kph=2", Asked(alone=True))
    assert shown.found
    assert "you may accept" not in shown.text


# --- JSON ---------------------------------------------------------------------------------------------------------


def test_as_json_it_is_one_object_with_the_published_keys(turns: Path) -> None:
    plain = told(turns)
    assert list(plain) == [
        "title",
        "level",
        "treadmill",
        "tier",
        "steps",
        "total_s",
        "distance_m",
        "backward_s",
        "backward_done_today_s",
        "worst",
        "turns",
        "needs",
        "not_for",
        "source",
        "grade",
        "notes",
        "problems",
        "may_accept",
    ]
    steps = plain["steps"]
    assert isinstance(steps, list)
    assert [one["gait"] for one in steps] == ["forward", None, "backward", None, "backward"]
    assert steps[2] == {
        "step": 3,
        "kind": "walk",
        "label": "walk 2 min",
        "facing": "rear",
        "belt": "forward",
        "gait": "backward",
        "at_s": 180.0,
        "length_s": 120.0,
        "length_m": None,
        "heart_ceiling_bpm": None,
        "speed_kph": [2.0, 2.0],
        "incline_percent": [0.0, 0.0],
        "at_target_s": 112.0,
    }
    assert (plain["turns"], plain["tier"], plain["backward_s"]) == ([2], "novice", 240.0)


def test_the_page_says_for_whom_the_workout_is_not_and_what_its_source_is_worth() -> None:
    shown = page(find("ladder-7")).text.splitlines()
    assert "not for: a sore calf, Achilles tendon or forefoot, or a backward run the day before; walk instead" in shown
    assert sum(line.startswith("not for: ") for line in shown) == 3
    assert "grade        proposal: reasoned, not tried in a study" in shown
    assert any(line.startswith("source       Retrotread ladder, level 7") for line in shown)
    plain = told(find("ladder-7"))
    assert plain["not_for"] == [line.removeprefix("not for: ") for line in shown if line.startswith("not for: ")]
    assert plain["grade"] == "proposal: reasoned, not tried in a study"


def test_a_file_that_says_nothing_of_itself_has_no_such_lines(plan: Path) -> None:
    assert not any(line.startswith(("not for", "source", "grade")) for line in page(plan).text.splitlines())
    assert (told(plan)["not_for"], told(plan)["source"], told(plan)["grade"]) == ([], None, None)


def test_a_workout_that_cannot_be_laid_out_is_json_too(plan: Path) -> None:
    plain = told(plan, "sim://well-behaved?min_kph=1.5")
    assert (plain["steps"], plain["worst"], plain["total_s"]) == ([], None, None)
    assert plain["problems"] != []
    assert plain["may_accept"] != []


# --- the documents ------------------------------------------------------------------------------------------------

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_in_the_document_is_the_one_that_is_printed() -> None:
    document = (DOCS / "check.md").read_text(encoding="utf-8")
    shown = document.partition("<!-- page: begin -->\n```\n")[2].partition("\n```\n<!-- page: end -->")[0]
    assert shown == page(find("ladder-3")).text


def test_the_keys_in_the_document_are_those_of_the_object(turns: Path) -> None:
    document = (DOCS / "check.md").read_text(encoding="utf-8").partition("## JSON")[2]
    assert [key for key in told(turns) if f"`{key}`" not in document] == []


def test_a_belt_that_answers_later_than_any_lead_is_still_laid_out(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "profile_at", lambda address: replace(WELL_BEHAVED.profile, lag_ms=12_000))
    steps = told(plan)["steps"]
    assert isinstance(steps, list)
    assert steps[1]["at_target_s"] == pytest.approx(60 - 3.0 / 0.54 - 2.0 - 2.0 - 2.0 - 0.5, abs=0.1)
