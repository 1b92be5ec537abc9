"""What an address changes about a simulated treadmill."""

from __future__ import annotations

import pytest

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.faults import TimedFault
from retrotread.devices.simulated.options import simulated_setup


def test_without_options_it_is_the_archetype_with_seed_zero_and_no_fault() -> None:
    setup = simulated_setup("slow-reporter", ())
    assert (setup.archetype, setup.faults, setup.seed) == (ARCHETYPES["slow-reporter"], (), 0)


def test_every_option_finds_its_figure() -> None:
    options = (("report_hz", "2"), ("min_kph", "1.2"), ("max_kph", "9"), ("lag_s", "0.8"), ("start_s", "4.5"))
    kind = simulated_setup("well-behaved", options).archetype
    assert kind.report_period_s == 0.5
    assert (kind.speed_min_ckph, kind.speed_max_ckph) == (120, 900)
    assert kind.profile.lag_ms == 800
    assert kind.start_countdown_s == 4.5


def test_a_lag_keeps_the_shares_of_command_and_report() -> None:
    kind = simulated_setup("slow-reporter", (("lag_s", "3"),)).archetype
    assert kind.command_lag_s == pytest.approx(2.0)
    assert kind.report_lag_s == pytest.approx(1.0)


def test_faults_keep_their_order_and_the_seed_is_a_whole_number() -> None:
    setup = simulated_setup("well-behaved", (("fault", "silent@3"), ("seed", "42"), ("fault", "self-start@1")))
    assert setup.faults == (TimedFault("silent", 3), TimedFault("self-start", 1))
    assert setup.seed == 42


def test_the_treadmill_begins_at_the_moment_that_it_is_given() -> None:
    machine = simulated_setup("well-behaved", (("fault", "self-start@5"),)).treadmill(starts_at_s=1000.0)
    machine.advance(1004.9)
    assert machine.belt_speed_kph == 0
    machine.advance(1010.0)
    assert machine.belt_speed_kph == 3.0


def test_the_seed_reaches_the_jitter_of_the_reports() -> None:
    first, second = (
        simulated_setup("slow-reporter", (("seed", seed),)).treadmill(0.0).advance(9.0) for seed in ("1", "2")
    )
    assert first != second
