"""What the explorer cannot see: for each detail that it leaves out, a defect that hides in it.

Each row plants a defect, shows by itself that the defect is there, and then that the exploration says nothing of it.
A row that fails is good news: the explorer sees more, and ``docs/safety/explorer.md`` is to say so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.proof.explore import explorer
from tests.proof.explore.explorations import EXPLORATIONS
from tests.proof.explore.explorer import Exploration, explore

from retrotread.machine import Facing
from retrotread.safety import belt, conditions, drive, policy, requests, stopping, supervisor
from retrotread.safety.belt import Belt
from retrotread.safety.drive import Ask, Drive
from retrotread.safety.hazards import Clears, Hazard
from retrotread.safety.inputs import Acknowledged, Beat, Seen, StopAsked, StopBy, Wanted
from retrotread.safety.modes import Mode
from retrotread.safety.stopping import Stop, StopClass
from retrotread.safety.supervisor import State
from retrotread.safety.tiers import TIERS
from retrotread.safety.work import Work, aged, facts

PAGE = Path(__file__).parents[3] / "docs" / "safety" / "explorer.md"
START, RUN, STOP = (replace(EXPLORATIONS[name], faults=0) for name in ("start", "run", "stop"))
CONFIG = START.config(0)
Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Blind:
    """``plant`` puts the defect in and answers whether it shows in the one place where it is."""

    detail: str
    exploration: Exploration
    plant: Callable[[Patch], bool]


def old_latch(patch: Patch) -> bool:
    """A latch that is nobody's any more after five minutes."""
    settle = supervisor._settle

    def forgets(work: Work) -> None:
        settle(work)
        if work.mode is Mode.LATCHED and work.mode_ms >= 300_000:
            work.mode = Mode.IDLE

    patch.setattr(supervisor, "_settle", forgets)
    latched = State(mode=Mode.LATCHED, mode_ms=300_000, link_up=True, hazards=(Hazard.OPERATOR_STOP,))
    return supervisor.step(CONFIG, latched, 100).state.mode is Mode.IDLE


def long_lease(patch: Patch) -> bool:
    """A lease of 0.8 s."""
    patch.setattr(conditions, "LEASE_MS", 800)
    work = aged(CONFIG, State(mode=Mode.RUN, beat_ms=750), 0)
    return conditions.lease_lapsed(CONFIG, facts(work)) is None


def wide_margin(patch: Patch) -> bool:
    """A runaway only from 0.9 km/h above the envelope on."""
    patch.setattr(belt, "RUNAWAY_MARGIN_CKPH", 90)
    return Belt().seen(Seen(180), 100, 1000).over == 0


def one_severe_cause(patch: Patch) -> bool:
    """Another controller's higher target, forgiven without a test of the key."""
    may_clear = requests._may_clear

    def forgives(hazards: tuple[Hazard, ...], key_tested: bool) -> bool:
        return may_clear(tuple([one for one in hazards if one is not Hazard.FOREIGN_HIGHER]), key_tested)

    patch.setattr(requests, "_may_clear", forgives)
    assert policy.RULES[Hazard.FOREIGN_HIGHER].clears is Clears.AFTER_KEY_TEST
    return forgives((Hazard.FOREIGN_HIGHER,), False)


def middle_of_a_stop(patch: Patch) -> bool:
    """A stop that nobody doubts between its 20th and its 40th second."""
    unconfirmed = stopping.unconfirmed

    def trusts(stop: Stop) -> bool:
        return not 20_000 <= stop.since_ms < 40_000 and unconfirmed(stop)

    patch.setattr(conditions, "stop_is_unconfirmed", trusts)
    return not trusts(Stop(StopClass.PROTECTIVE, 0, since_ms=30_000, frame_ms=5_000, no_fall_ms=5_000))


def quick_ramp(patch: Patch) -> bool:
    """Rises at twice the rate of the tier."""
    move = drive._move_speed_ramp

    def doubled(config: object, work: object, belt: object, goal: object, elapsed_ms: int) -> None:
        move(config, work, belt, goal, 2 * elapsed_ms)  # type: ignore[arg-type]

    walker = replace(CONFIG, tier=TIERS["walker"], facing=Facing.CONSOLE)
    asks = walker, Drive(100, 0, 100_000), Belt(100, age_ms=0), 100, Ask(Wanted(300, 0), False, False)
    before = drive.shape(*asks)[0].ramp_mckph
    patch.setattr(drive, "_move_speed_ramp", doubled)
    return drive.shape(*asks)[0].ramp_mckph > before


def crowded_step(patch: Patch) -> bool:
    """A stop that is lost where four inputs or more come in one step."""
    step = supervisor.step

    def loses(config: object, state: State, elapsed_ms: int, inputs: tuple[object, ...] = ()) -> supervisor.Step:
        kept = tuple([one for one in inputs if len(inputs) < 4 or not isinstance(one, StopAsked)])
        return step(config, state, elapsed_ms, kept)  # type: ignore[arg-type]

    patch.setattr(explorer, "step", loses)
    idle = State(mode=Mode.IDLE, link_up=True)
    crowd = (Beat(0, True), Seen(0), Acknowledged(), StopAsked(StopBy.OPERATOR))
    return loses(CONFIG, idle, 0, crowd).state.mode is Mode.IDLE


BLIND = (
    Blind("how long a latch has lasted", STOP, old_latch),
    Blind("times between two ticks", START, long_lease),
    Blind("speeds between two buckets", RUN, wide_margin),
    Blind("which of several causes that clear alike", STOP, one_severe_cause),
    Blind("the middle of a long wait", STOP, middle_of_a_stop),
    Blind("the rates of the real tiers", RUN, quick_ramp),
    Blind("many inputs in one step", STOP, crowded_step),
)


@pytest.mark.parametrize("blind", BLIND, ids=lambda blind: blind.detail)
def test_a_defect_that_hides_in_a_dropped_detail_is_not_seen(blind: Blind, monkeypatch: Patch) -> None:
    assert blind.plant(monkeypatch), "the defect is not there"
    assert explore([blind.exploration]) is None


@pytest.mark.parametrize("blind", BLIND, ids=lambda blind: blind.detail)
def test_every_blind_spot_is_told_in_the_page(blind: Blind) -> None:
    assert f"| {blind.detail} |" in PAGE.read_text(encoding="utf-8")
