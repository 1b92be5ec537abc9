"""Each condition at its limit: one step inside says nothing, one step outside says a sentence with both numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from retrotread.safety import conditions
from retrotread.safety.belt import Belt
from retrotread.safety.facts import Facts
from retrotread.safety.health import Health
from retrotread.safety.modes import Mode
from retrotread.safety.policy import Trip
from retrotread.safety.run import Run
from retrotread.safety.stopping import Stop, StopClass

if TYPE_CHECKING:
    from tests.safety.conftest import BenchMaker

STOP = Stop(StopClass.CONTROLLED, 72)
RUNNING = Facts(
    mode=Mode.RUN,
    mode_ms=0,
    belt=Belt(speed_ckph=300, age_ms=0),
    ceiling_ckph=300,
    standstill=False,
    beat_ms=0,
    ui_ms=0,
    input_alive=True,
    revoked=False,
    late_ticks=0,
    refused=False,
    health=Health(),
    behind_ms=0,
    run=Run(max_ms=600_000),
    sent_ckph=320,
    stop=STOP,
)


def health(**changes: object) -> Facts:
    return replace(RUNNING, health=Health(**changes))  # type: ignore[arg-type]


def moved(ms: int) -> Facts:
    return replace(RUNNING, run=Run(motion_ms=ms, max_ms=600_000))


def belt(**changes: object) -> Facts:
    return replace(RUNNING, belt=replace(RUNNING.belt, **changes))  # type: ignore[arg-type]


def stop(**changes: object) -> Facts:
    return replace(RUNNING, stop=replace(STOP, **changes))  # type: ignore[arg-type]


def facts(**changes: object) -> Facts:
    return replace(RUNNING, **changes)  # type: ignore[arg-type]


ROWS = [
    (
        conditions.focus_away,
        RUNNING,
        health(focus_ms=0),
        "another window has the keyboard: nothing rises, and the belt stops after 15.0 s",
    ),
    (
        conditions.focus_gone,
        health(focus_ms=14_999),
        health(focus_ms=15_000),
        "another window has the keyboard for 15.0 s (limit 15.0 s)",
    ),
    (
        conditions.screen_locked,
        RUNNING,
        health(locked_ms=0),
        "the screen of the computer is locked: nothing rises, and the belt stops after 15.0 s",
    ),
    (
        conditions.screen_stays_locked,
        health(locked_ms=14_999),
        health(locked_ms=15_000),
        "the screen of the computer is locked for 15.0 s (limit 15.0 s)",
    ),
    (
        conditions.remote_away,
        RUNNING,
        health(remote_ms=0),
        "the remote is gone: nothing rises, and the belt stops after 15.0 s",
    ),
    (
        conditions.remote_gone,
        health(remote_ms=14_999),
        health(remote_ms=15_000),
        "the remote is gone for 15.0 s (limit 15.0 s)",
    ),
    (
        conditions.recorder_behind,
        health(recorder_ms=2000),
        health(recorder_ms=2001),
        "the record is 2.0 s behind (rises freeze after 2.0 s)",
    ),
    (
        conditions.recorder_behind,
        RUNNING,
        health(recorder_failed=True),
        "the run is not recorded any more; nothing rises",
    ),
    (conditions.cues_failed, RUNNING, health(cues_ok=False), "nobody hears the cues or an alarm, so nothing rises"),
    (
        conditions.not_following,
        facts(behind_ms=2999),
        facts(behind_ms=3000),
        "the belt does not follow: 3.0 km/h instead of 3.2 km/h for 3.0 s (limit 3.0 s)",
    ),
    (
        conditions.never_followed,
        facts(behind_ms=9999),
        facts(behind_ms=10_000),
        "the belt does not follow: 3.0 km/h instead of 3.2 km/h for 10.0 s (limit 10.0 s)",
    ),
    (
        conditions.session_long,
        moved(599_999),
        moved(600_000),
        "the belt has moved for 10.0 min in this session (limit 10.0 min)",
    ),
    (
        conditions.session_over,
        moved(659_999),
        moved(660_000),
        "the belt has moved for 11.0 min in this session (limit 10.0 min)",
    ),
    (
        conditions.turn_too_long,
        facts(mode=Mode.TURN, mode_ms=299_999),
        facts(mode=Mode.TURN, mode_ms=300_000),
        "the turn has lasted 300.0 s (limit 300.0 s)",
    ),
    (
        conditions.telemetry_late,
        belt(age_ms=1000),
        belt(age_ms=1001),
        "no telemetry for 1.0 s (rises freeze after 1.0 s)",
    ),
    (conditions.telemetry_silent, belt(age_ms=1999), belt(age_ms=2000), "no telemetry for 2.0 s (limit 2.0 s)"),
    (
        conditions.counters_stuck,
        belt(stuck_ms=4999),
        belt(stuck_ms=5000),
        "the treadmill's counters stand still for 5.0 s while it reports motion (limit 5.0 s)",
    ),
    (
        conditions.suspect_speed,
        belt(over=0, speed_ckph=360),
        belt(over=1, speed_ckph=360),
        "a report of 3.6 km/h is above what was asked for (3.0 km/h)",
    ),
    (
        conditions.runaway,
        belt(over=1, speed_ckph=360),
        belt(over=2, speed_ckph=360),
        "the belt runs at 3.6 km/h, over 0.5 km/h above the 3.0 km/h asked for",
    ),
    (
        conditions.runaway,
        belt(over=1, spike_ms=999, speed_ckph=900),
        belt(over=1, spike_ms=1000, speed_ckph=900),
        "the belt runs at 9.0 km/h, over 0.5 km/h above the 3.0 km/h asked for",
    ),
    (
        conditions.unexpected_motion,
        belt(moving=1, speed_ckph=80),
        belt(moving=2, speed_ckph=80),
        "the belt moves at 0.8 km/h although nothing was started",
    ),
    (
        conditions.set_refused,
        facts(refused=False),
        facts(refused=True),
        "the treadmill did not take the last set-point; nothing rises until it takes one",
    ),
    (
        conditions.lease_lapsed,
        facts(beat_ms=600),
        facts(beat_ms=700),
        "the program has not been heard for 0.7 s (limit 0.6 s)",
    ),
    (
        conditions.lease_revoked,
        facts(revoked=False),
        facts(revoked=True),
        "the program has ended while it held the belt",
    ),
    (
        conditions.ui_slow,
        facts(ui_ms=2000),
        facts(ui_ms=2100),
        "the screen has not moved for 2.1 s (rises freeze after 2.0 s)",
    ),
    (conditions.ui_dead, facts(ui_ms=5000), facts(ui_ms=5100), "the screen has not moved for 5.1 s (limit 5.0 s)"),
    (
        conditions.input_dead,
        facts(input_alive=True),
        facts(input_alive=False),
        "the program no longer reads the keyboard",
    ),
    (
        conditions.no_motion,
        facts(mode_ms=14_999),
        facts(mode_ms=15_000),
        "the belt was told to start 15.0 s ago and was not seen moving (limit 15.0 s)",
    ),
    (
        conditions.stopped_by_itself,
        facts(standstill=False),
        facts(standstill=True),
        "the belt stands still although it was not told to stop: its stop or its safety key was used",
    ),
    (
        conditions.pause_too_long,
        facts(mode_ms=59_999),
        facts(mode_ms=60_000),
        "the pause has lasted 60.0 s (limit 60.0 s)",
    ),
    (
        conditions.ticks_late,
        facts(late_ticks=1),
        facts(late_ticks=2),
        "the guardian was late twice within 10 s (limit 250 ms a time)",
    ),
    (
        conditions.ramp_lags,
        stop(behind_ms=1499),
        stop(behind_ms=1500),
        "the belt does not follow the ramp down (more than 1.5 s behind)",
    ),
    (
        conditions.stop_unconfirmed,
        stop(frame_ms=3999, no_fall_ms=5799),
        stop(frame_ms=4000, no_fall_ms=4000),
        "the belt was not seen slowing down for 4.0 s after the stop (limit 4.0 s)",
    ),
    (
        conditions.stop_unconfirmed,
        stop(frame_ms=100, no_fall_ms=5799),
        stop(frame_ms=100, no_fall_ms=5800),
        "the belt was not seen slowing down for 5.8 s after the stop (limit 5.8 s)",
    ),
    (
        conditions.stop_unconfirmed,
        stop(frame_ms=9000, no_fall_ms=3999, since_ms=59_999),
        stop(frame_ms=9000, no_fall_ms=0, since_ms=60_000),
        "the belt does not stand still 60.0 s after the stop (limit 60.0 s)",
    ),
    (
        conditions.stop_unconfirmed,
        stop(overdue=False),
        stop(overdue=True),
        "the stop command has not left in time",
    ),
]


@pytest.mark.parametrize(("trips", "inside", "outside", "sentence"), ROWS)
def test_a_condition_trips_at_its_limit_with_the_measured_value_in_the_sentence(
    bench_for: BenchMaker, trips: Trip, inside: Facts, outside: Facts, sentence: str
) -> None:
    config = bench_for().config
    assert trips(config, inside) is None
    assert trips(config, outside) == sentence


def test_a_stop_that_is_not_under_way_is_neither_behind_nor_unconfirmed(bench_for: BenchMaker) -> None:
    config, resting = bench_for().config, facts(stop=None)
    assert conditions.ramp_lags(config, resting) is None
    assert conditions.stop_unconfirmed(config, resting) is None
