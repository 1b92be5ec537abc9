"""What a machine allows: the figures are those that the guardian goes by, and each has its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrotread.machine import BeltDirection as Belt
from retrotread.machine import Capabilities, DeviceProfile, Facing, PhysicalStop, Qualification
from retrotread.safety.limits import PlanCeiling, limits_for
from retrotread.safety.real_machines import not_armed
from retrotread.safety.tiers import TIERS
from retrotread.sessions.machines.allowance import allowance, allowed_after_qualification, allowed_if_quick, tenths
from retrotread.sessions.machines.card import allowance_lines, card_of
from retrotread.sessions.machines.families import families
from retrotread.sessions.machines.family import Family
from retrotread.sessions.machines.lookup import LookedUp

QUICK_REPORTER = DeviceProfile(
    "Home machine",
    Capabilities(50, 1600, 10),
    report_period_ms=250,
    physical_stop=PhysicalStop.KEY,
    rails=True,
    qualification=Qualification.FULL,
)
SIMULATED = replace(QUICK_REPORTER, simulated=True)


def family(key: str) -> Family:
    return next(one for one in families() if one.key == key)


def test_a_machine_that_was_qualified_in_full_walks_and_runs() -> None:
    found = allowance(QUICK_REPORTER)
    assert (found.backward_walking_max_kph, found.backward_running_max_kph, found.running) == (5.6, 8.0, True)
    assert found.sentence == "backward walking to 5.6 km/h; running to 8.0 km/h"
    assert found.reasons == ("backward walking to 5.6 km/h: tier experienced walker, backward",)
    assert found.next_step == "choose a workout (retrotread)"


def test_a_slow_reporter_is_capped_at_walking_and_says_why() -> None:
    found = allowance(replace(QUICK_REPORTER, report_period_ms=1000))
    assert (found.backward_walking_max_kph, found.running) == (4.0, False)
    assert found.reasons == (
        "backward walking to 4.0 km/h: Home machine reports only 1.0 times a second",
        "no running: Home machine reports only 1.0 times a second, and a runaway shows in two reports: about 2.0 s, "
        "longer than a person has; the ceiling is 4.0 km/h backward",
    )


def test_a_quick_qualification_is_for_the_tiers_that_walk_slowly() -> None:
    found = allowance(replace(QUICK_REPORTER, qualification=Qualification.QUICK))
    assert (found.backward_walking_max_kph, found.running) == (3.0, False)
    assert "no running: Home machine has passed the quick qualification only" in found.reasons[1]
    assert "--full" in found.next_step


def test_a_belt_that_is_too_slow_to_run_on_says_so() -> None:
    found = allowance(replace(QUICK_REPORTER, capabilities=Capabilities(50, 500, 10)))
    assert (found.backward_walking_max_kph, found.running) == (5.0, False)
    assert found.reasons[1] == "no running: the highest speed of Home machine is 5.0 km/h, which is walked"


@pytest.mark.parametrize(
    ("profile", "why"),
    [
        (replace(QUICK_REPORTER, qualification=Qualification.NONE), "has not been qualified on this computer"),
        (replace(QUICK_REPORTER, physical_stop=PhysicalStop.NONE), "a safety key or stop button in reach"),
        (replace(QUICK_REPORTER, rails=False), "rails to hold and to stand on"),
    ],
)
def test_what_may_not_be_driven_is_watched_and_says_why_and_what_to_do(profile: DeviceProfile, why: str) -> None:
    found = allowance(profile)
    assert (found.watch, found.backward_walking_max_kph, found.running) == (True, None, False)
    assert why in found.reasons[0]
    assert "coach://" in found.next_step


def test_a_family_that_is_never_driven_allows_watching_however_it_was_qualified() -> None:
    found = allowance(QUICK_REPORTER, "it does not obey")
    assert (found.watch, found.backward_walking_max_kph, found.reasons) == (True, None, ("it does not obey",))
    assert "qualif" not in found.next_step


def test_an_experiment_is_driven_with_nobody_on_it_and_no_other_machine_is_concerned() -> None:
    experiment = replace(QUICK_REPORTER, experimental=True)
    assert "with nobody on the belt" in (allowance(experiment).empty_belt_only or "")
    assert allowance(QUICK_REPORTER).empty_belt_only is None
    assert allowance(SIMULATED).empty_belt_only is None


@pytest.mark.parametrize("qualification", Qualification)
@pytest.mark.parametrize("stop", PhysicalStop)
@pytest.mark.parametrize("rails", [True, False])
@pytest.mark.parametrize("period_ms", [250, 999, 1000, 2000])
@pytest.mark.parametrize("speed_max_ckph", [250, 600, 1600])
def test_the_card_promises_what_the_guardian_arms_and_no_more(
    qualification: Qualification, stop: PhysicalStop, rails: bool, period_ms: int, speed_max_ckph: int
) -> None:
    profile = replace(
        SIMULATED,
        qualification=qualification,
        physical_stop=stop,
        rails=rails,
        report_period_ms=period_ms,
        capabilities=Capabilities(50, speed_max_ckph, 10),
    )
    plan = PlanCeiling(1200, 0, "any")

    def armed_to_kph(tier: str) -> float | None:
        if not_armed(profile, tier, Facing.REAR, Belt.FORWARD, belt_empty=False) is not None:
            return None
        return limits_for(profile, TIERS[tier], plan, Facing.REAR).speed_ckph.value / 100

    found = allowance(profile)
    walking = next((kph for tier in ("walker", "novice") if (kph := armed_to_kph(tier)) is not None), None)
    running = armed_to_kph("runner")
    assert found.backward_walking_max_kph == walking
    assert found.backward_running_max_kph == (running if running is not None and running > 5.6 else None)


# --- after a qualification --------------------------------------------------------------------------------------


def test_a_machine_of_no_family_could_walk_if_it_has_key_and_rails_and_more_if_it_reports_often() -> None:
    found = allowed_after_qualification(None)
    assert (found.backward_walking_max_kph, found.running) == (4.0, False)
    assert found.reasons == (
        "only if it has a safety key or a stop button in reach of the person on the belt",
        "only if it has rails to hold and to stand on",
        "backward walking to 5.6 km/h; running to 6.0 km/h, if it is measured to report more often than once a second; "
        "until then it counts as slow",
    )


def test_what_a_quick_qualification_measured_is_not_guessed_any_more() -> None:
    quick = replace(QUICK_REPORTER, qualification=Qualification.QUICK)
    later = card_of("ble://Tread", LookedUp(), quick).later
    assert later is not None
    assert later.sentence == "backward walking to 5.6 km/h; running to 8.0 km/h"
    assert not any("if it is measured" in reason for reason in later.reasons)


@pytest.mark.parametrize(
    ("qualification", "command"),
    [
        (Qualification.NONE, "retrotread treadmills qualify 'ble://My%20Tread?via=usb:0')"),
        (Qualification.QUICK, "retrotread treadmills qualify 'ble://My%20Tread?via=usb:0' --full)"),
    ],
)
def test_the_command_to_go_on_with_names_the_machine(qualification: Qualification, command: str) -> None:
    one = card_of("ble://My%20Tread?via=usb:0", LookedUp(), replace(QUICK_REPORTER, qualification=qualification))
    assert command in allowance_lines(one)[-1]


def test_a_family_that_reports_once_a_second_is_promised_no_more() -> None:
    found = allowed_after_qualification(family("kingsmith-z1"))
    assert (found.backward_walking_max_kph, found.running) == (4.0, False)
    assert allowed_if_quick(family("kingsmith-z1")) is None
    assert any(reason.startswith("no running: KingSmith WalkingPad Z1 reports only 1.0") for reason in found.reasons)


def test_what_one_source_tells_is_no_promise() -> None:
    urevo = family("urevo-urtm")
    assert urevo.fact("report_period_ms") in urevo.withheld
    assert allowed_after_qualification(urevo).backward_walking_max_kph == 4.0
    quick = allowed_if_quick(urevo)
    assert quick is not None
    assert quick.backward_running_max_kph == 6.43
    assert quick.sentence.endswith("running to 6.4 km/h")


def test_a_ceiling_is_never_told_higher_than_it_is() -> None:
    assert [tenths(kph) for kph in (4.0, 6.43, 6.48, 5.6, 2.3)] == ["4.0", "6.4", "6.4", "5.6", "2.3"]


def test_a_family_that_is_never_driven_is_promised_nothing() -> None:
    found = allowed_after_qualification(family("domyos"))
    assert (found.backward_walking_max_kph, found.running) == (None, False)
    assert allowed_if_quick(family("domyos")) is None


@pytest.mark.parametrize("one", families(), ids=lambda one: one.key)
def test_no_promise_is_bolder_than_a_machine_with_everything(one: Family) -> None:
    found, best = allowed_after_qualification(one), allowance(QUICK_REPORTER)
    assert (found.backward_walking_max_kph or 0) <= (best.backward_walking_max_kph or 0)
    assert (found.backward_running_max_kph or 0) <= (best.backward_running_max_kph or 0)
