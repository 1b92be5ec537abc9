"""What is asked before a belt moves, and what is not done when the answer is not the right one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.guardian import trials
from retrotread.guardian.trials import TrialPhase
from retrotread.machine import Qualification
from retrotread.sessions.qualify.virtual import Hands

Qualify = Callable[..., Any]

WELL = ARCHETYPES["well-behaved"]


def quick(qualify: Qualify, hands: Hands | None = None, **says: str) -> Any:
    return qualify(WELL, Qualification.QUICK, hands=hands or Hands(), says=says)


@pytest.mark.parametrize("answer", ["yes", "y", "", "perhaps"])
def test_nothing_moves_unless_somebody_says_that_nobody_is_on_the_belt(answer: str, qualify: Qualify) -> None:
    found = quick(qualify, person=answer)
    assert found.verdict.refusals == (
        "there may be a person on the belt: nothing is tried out; begin again when nobody is",
    )
    assert found.bench.treadmill.belt_travel_m == 0.0


def test_it_is_asked_again_before_each_motion(qualify: Qualify) -> None:
    found = quick(qualify)
    assert found.person.asked.count("empty") == found.person.asked.count("digit") == 2
    refused = quick(qualify, empty="no")
    assert refused.bench.treadmill.belt_travel_m == 0.0
    assert refused.verdict.sheet is None


@pytest.mark.parametrize("typed", ["", "0", "33", "yes", " "])
def test_only_the_digit_that_is_shown_starts_a_motion(typed: str, qualify: Qualify) -> None:
    found = quick(qualify, digit=typed)
    assert found.bench.treadmill.belt_travel_m == 0.0
    assert found.verdict.sheet is None


def test_the_card_and_what_will_be_asked_of_the_belt_come_first(qualify: Qualify) -> None:
    first = quick(qualify).person.told[0]
    assert first.startswith("the card\n")
    assert "no more than 1.5 km/h" in first
    assert "any key stops it" in first


def test_a_key_while_the_console_is_read_ends_the_trial_and_loses_nothing(qualify: Qualify) -> None:
    found = quick(qualify, Hands(TrialPhase.READ_NOW, 4.0))
    assert found.profile.qualification is Qualification.QUICK


def test_a_key_before_that_ends_the_trial_and_asks_whether_to_try_again(qualify: Qualify) -> None:
    found = quick(qualify, Hands(TrialPhase.MOVING, 1.0))
    assert "again" in found.person.asked
    assert found.verdict.sheet is None
    again = quick(qualify, Hands(TrialPhase.MOVING, 1.0), again="yes")
    assert again.person.asked.count("digit") == 3
    assert again.verdict.sheet is None


def test_a_console_that_was_not_read_gives_no_sheet(qualify: Qualify) -> None:
    found = quick(qualify, console="")
    assert found.verdict.refusals == (
        "nobody has compared the console with what was set and reported at the lowest speed",
    )


def test_a_unit_that_the_console_does_not_say_gives_no_sheet(qualify: Qualify) -> None:
    assert quick(qualify, unit="unsaid").verdict.sheet is None


def test_a_console_that_nothing_agrees_with_gives_no_sheet(qualify: Qualify) -> None:
    found = quick(qualify, console="2.5")
    assert found.verdict.sheet is None
    assert "neither kilometres nor miles make these agree" in found.verdict.refusals[0]


def test_a_reading_that_would_make_miles_of_kilometres_is_asked_for_twice(qualify: Qualify) -> None:
    """A belt at 0.5 km/h and a slip to 0.8, which happens to be a mile's worth: nothing is sealed on it."""
    slipped = quick(qualify, console="0.8", sure="no")
    assert slipped.person.asked.count("sure") == 3
    assert slipped.verdict.sheet is None
    assert quick(qualify).person.asked.count("sure") == 0


@pytest.mark.parametrize("typed", ["nan", "-1", "1e2", "0", "26", "٣", "1.2.3"])
def test_what_is_no_speed_is_asked_for_again(typed: str, qualify: Qualify) -> None:
    found = quick(qualify, console=typed)
    assert found.person.asked.count("console") == 3
    assert found.verdict.sheet is None


def test_a_trial_that_shows_a_danger_is_the_last_one(qualify: Qualify) -> None:
    found = qualify(ARCHETYPES["restarts-after-stop"])
    assert found.person.asked.count("digit") == 1
    assert any(text.startswith("This machine is not tried out any further") for text in found.person.told)


def test_a_danger_on_a_machine_that_rests_all_the_same_is_the_last_one_too(qualify: Qualify) -> None:
    """It keeps its speed: the fourth trial, the first start behind a faster stop, shows it."""
    found = qualify(ARCHETYPES["jumps-back"])
    assert found.person.asked.count("digit") == 4


def test_a_trial_that_cannot_begin_ends_it_with_the_guardians_reason(
    qualify: Qualify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "begin", lambda *_: "the moon is full")
    found = quick(qualify)
    assert found.person.asked.count("digit") == 1
    assert "the trial lowest speed could not begin: the moon is full" in found.verdict.missing


def test_an_alarm_tells_to_pull_the_key(qualify: Qualify) -> None:
    told = qualify(ARCHETYPES["ignores-stop"]).person.told
    assert any(text.startswith("PULL THE SAFETY KEY") for text in told)


def test_a_belt_that_the_reports_saw_run_on_runs_on_whatever_the_eye_has_seen(qualify: Qualify) -> None:
    found = qualify(WELL, says={"away": "stopped"})
    assert found.profile.runs_on_when_link_lost is True
    assert any("eye and reports differ" in remark for remark in found.verdict.remarks)


def test_a_full_one_that_is_left_half_way_is_a_quick_one(qualify: Qualify) -> None:
    found = qualify(WELL, says={"away": "unseen"})
    assert found.profile.qualification is Qualification.FULL
    left = qualify(WELL, hands=Hands(TrialPhase.LINK_LET_GO, 1.0))
    assert left.verdict.sheet is None or left.profile.qualification is Qualification.QUICK


@pytest.mark.parametrize(
    ("answer", "told", "void"),
    [
        ("no", "the belt itself was seen to run on behind a stop", True),
        ("unseen", "nobody has seen the belt itself come to rest", False),
    ],
)
def test_a_belt_that_no_eye_has_seen_at_rest_behind_a_stop_is_not_qualified(
    answer: str, told: str, void: bool, qualify: Qualify
) -> None:
    """Reports that only say what was asked for look the same in the quick one."""
    verdict = quick(qualify, rested=answer).verdict
    assert verdict.sheet is None
    assert any(told in refusal for refusal in verdict.refusals)
    assert verdict.void is void


def test_the_quick_one_says_that_it_cannot_tell_a_report_from_an_echo(qualify: Qualify) -> None:
    assert any("was not found out: look at the belt" in one for one in quick(qualify).verdict.remarks)
    assert not any("was not found out: look at the belt" in one for one in qualify(WELL).verdict.remarks)
