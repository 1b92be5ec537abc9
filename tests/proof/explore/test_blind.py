"""What the explorer cannot see: for each detail that it leaves out, a defect that hides in it.

Each row plants a defect and shows by itself that the defect is there; then an exploration with all of its rows planted
at once says nothing. One that does is good news: the explorer sees more, and ``docs/safety/explorer.md`` is to say so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.proof.explore import explorer
from tests.proof.explore.explorations import EXPLORATIONS
from tests.proof.explore.explorer import Exploration, explore

from retrotread.machine import BeltDirection, Facing
from retrotread.safety import belt, conditions, drive, policy, reports, requests, stopping, supervisor
from retrotread.safety.belt import Belt
from retrotread.safety.config import Config
from retrotread.safety.drive import Ask, Drive
from retrotread.safety.feeling import Feeling, Symptom
from retrotread.safety.following import Following, Tilts
from retrotread.safety.hazards import Action, Clears, Hazard
from retrotread.safety.heart import Heart
from retrotread.safety.inputs import Acknowledged, Beat, PainSaid, Seen, StopAsked, StopBy, Wanted
from retrotread.safety.modes import Mode
from retrotread.safety.stopping import Stop, StopClass
from retrotread.safety.supervisor import State
from retrotread.safety.tiers import TIERS
from retrotread.safety.work import Work, aged, facts

PAGE = Path(__file__).parents[3] / "docs" / "safety" / "explorer.md"
START, RUN, STOP, WORDS, HEART = (
    replace(EXPLORATIONS[name], faults=0, most=3_000) for name in ("start", "run", "stop", "words", "heart")
)
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


def one_cause_of_a_fault(patch: Patch) -> bool:
    """An assertion that failed, acknowledged like a stop of the operator."""
    may_clear = requests._may_clear

    def forgives(hazards: tuple[Hazard, ...], key_tested: bool) -> bool:
        return may_clear(tuple([one for one in hazards if one is not Hazard.SELF_FAULT]), key_tested)

    patch.setattr(requests, "_may_clear", forgives)
    assert policy.RULES[Hazard.SELF_FAULT].clears is Clears.BY_RESTART
    return forgives((Hazard.SELF_FAULT,), False)


def middle_of_a_stop(patch: Patch) -> bool:
    """A stop that nobody doubts between its 20th and its 40th second."""
    unconfirmed = stopping.unconfirmed

    def trusts(stop: Stop, belt: Belt) -> bool:
        return not 20_000 <= stop.since_ms < 40_000 and unconfirmed(stop, belt)

    patch.setattr(conditions, "stop_is_unconfirmed", trusts)
    return not trusts(Stop(StopClass.PROTECTIVE, 0, since_ms=30_000, frame_ms=5_000, no_fall_ms=5_000), Belt())


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


def news_of_before(patch: Patch) -> bool:
    """A report that came in the step before counts as one of this step, too."""
    aged = Belt.aged

    def remembers(belt: Belt, elapsed_ms: int, late_ms: int) -> Belt:
        return replace(aged(belt, elapsed_ms, late_ms), news=belt.news)

    patch.setattr(Belt, "aged", remembers)
    return Belt(0, news=True).aged(100, 1000).news


def wrong_way_behind_the_right_one(patch: Patch) -> bool:
    """A report of the wrong way that follows one of the right way is taken for a slip."""
    look = reports._look_at_the_way
    seen = reports.seen

    def forgives(work: Work, item: Seen) -> None:
        before = work.belt.direction
        patch.setattr(reports, "_look_at_the_way", look if before is not work.config.belt else lambda *_: None)
        seen(work, item)

    patch.setitem(supervisor._HANDLERS, Seen, forgives)
    running = State(mode=Mode.RUN, link_up=True, belt=Belt(100, age_ms=0, direction=BeltDirection.FORWARD))
    causes = supervisor.step(CONFIG, running, 0, (Seen(100, belt=BeltDirection.REVERSED),)).causes
    return Hazard.WRONG_WAY not in [one.hazard for one in causes]


def start_at_the_old_speed(patch: Patch) -> bool:
    """The belt begins with the set-point that the last run ended with."""
    started = drive.started

    def goes_on(config: Config, before: Drive, belt: Belt) -> Drive:
        now = started(config, before, belt)
        return replace(now, sent_ckph=max(now.sent_ckph, before.sent_ckph))

    patch.setattr(drive, "started", goes_on)
    return goes_on(CONFIG, Drive(300), Belt(0, age_ms=0)).sent_ckph == 300


def old_wish(patch: Patch) -> bool:
    """What was wished before the start is wished behind it."""
    command_run = supervisor._command_run

    def keeps(work: Work, elapsed_ms: int) -> None:
        before, wish = work.mode, work.wanted
        command_run(work, elapsed_ms)
        if (before, work.mode) == (Mode.COUNTDOWN, Mode.STARTING) and wish.speed_ckph:
            work.wanted = wish

    patch.setattr(supervisor, "_command_run", keeps)
    still = Belt(0, age_ms=0, zeros=3, zeros_age_ms=2_000, zeros_span_ms=2_000)
    ready = State(
        mode=Mode.COUNTDOWN, mode_ms=10_000, link_up=True, belt=still, beat_ms=0, ui_ms=0, input_alive=True,
        wanted=Wanted(300, 0),
    )  # fmt: skip
    return supervisor.step(CONFIG, ready, 0).state.wanted == Wanted(300, 0)


def old_refusal(patch: Patch) -> bool:
    """Where the stop before was refused, a belt that moves off at rest is not told to stop."""
    stop_for = supervisor._stop_for

    def trusts(work: Work, was: Mode, action: Action) -> Stop:
        refused = work.stop is not None and work.stop.refused and was is Mode.PAUSED
        stop = stop_for(work, was, action)
        return replace(stop, frame_ms=0, repeat_ms=0) if refused else stop

    patch.setattr(supervisor, "_stop_for", trusts)
    rest = State(
        mode=Mode.PAUSED, link_up=True, belt=Belt(100, age_ms=0), stop=Stop(StopClass.PROTECTIVE, 0, refused=True)
    )
    return supervisor.step(CONFIG, rest, 0, (StopAsked(StopBy.OPERATOR),)).commands == ()


def three_frames(patch: Patch) -> bool:
    """A stop that nobody obeys is sent three times, and then no more."""
    repeat = stopping._repeat

    def gives_up(config: Config, stop: Stop, belt: Belt) -> tuple[Stop, object]:
        return (stop, None) if stop.frames >= 3 else repeat(config, stop, belt)

    patch.setattr(stopping, "_repeat", gives_up)
    moves = Belt(100, age_ms=0)
    ignored = Stop(StopClass.PROTECTIVE, 0, frame_ms=9_000, repeat_ms=1_000, no_fall_ms=9_000, frames=3)
    return gives_up(CONFIG, ignored, moves)[1] is None is not repeat(CONFIG, replace(ignored, frames=2), moves)[1]


def slow_belt(patch: Patch) -> bool:
    """A belt that does not follow is stopped by nobody."""
    patch.setattr(conditions, "STOP_MS", 1_000_000)
    work = aged(CONFIG, State(mode=Mode.RUN, following=Following(behind_ms=20_000)), 0)
    return conditions.never_followed(CONFIG, facts(work)) is None


def standing_window(patch: Patch) -> bool:
    """What the deck was told long ago counts for ever."""
    patch.setattr(Tilts, "watched", lambda self, *_of: self)
    return Tilts(high_dpct=50).watched(CONFIG, 0, 60_000).high_dpct == 50


def weak_legs(patch: Patch) -> bool:
    """Whose legs gave way is started again."""
    no_start = Feeling.no_start
    patch.setattr(Feeling, "no_start", lambda self: None if self.symptom is Symptom.WEAK else no_start(self))
    return Feeling(symptom=Symptom.WEAK).no_start() is None


def fast_runaway(patch: Patch) -> bool:
    """What runs at more than 2.5 km/h is never too fast."""
    seen = Belt.seen

    def admires(belt: Belt, report: Seen, ceiling_ckph: int, late_ms: int) -> Belt:
        after = seen(belt, report, ceiling_ckph, late_ms)
        return replace(after, over=0) if report.speed_ckph > 250 else after

    patch.setattr(Belt, "seen", admires)
    return Belt().seen(Seen(300), 100, 1000).over == 0


def two_troubles(patch: Patch) -> bool:
    """Pain is not heard while the battery is low: what one exploration has free happens in another one never."""
    pain = requests.pain_said

    def deaf(work: Work, item: PainSaid) -> None:
        if work.health.battery_percent != 20:
            pain(work, item)

    patch.setitem(supervisor._HANDLERS, PainSaid, deaf)
    running = State(mode=Mode.RUN, link_up=True)
    made = supervisor.step(CONFIG, running, 0, (Beat(0, True, battery_percent=20), PainSaid(6)))
    return made.state.feeling.pain is None


def last_reading(patch: Patch) -> bool:
    """One reading counts, and not the one in the middle of five."""
    last = property(lambda heart: heart.recent[-1] if len(heart.recent) == 5 else None)
    patch.setattr(Heart, "median_bpm", last)
    return Heart(recent=(100, 100, 100, 100, 170)).median_bpm == 170


BLIND = (
    Blind("how long a latch has lasted", STOP, old_latch),
    Blind("times between two ticks", START, long_lease),
    Blind("speeds between two buckets", RUN, wide_margin),
    Blind("which of several causes that clear alike", STOP, one_cause_of_a_fault),
    Blind("the middle of a long wait", STOP, middle_of_a_stop),
    Blind("the rates of the real tiers", RUN, quick_ramp),
    Blind("many inputs in one step", STOP, crowded_step),
    Blind("whether the last report came in the step before", STOP, news_of_before),
    Blind("which way the last report said that the belt runs", RUN, wrong_way_behind_the_right_one),
    Blind("the set-point of the last run", START, start_at_the_old_speed),
    Blind("wishes from before the start", START, old_wish),
    Blind("what is left of a stop at rest", STOP, old_refusal),
    Blind("how many stop frames have left", STOP, three_frames),
    Blind("how well a belt follows", RUN, slow_belt),
    Blind("what the deck was told a moment ago", RUN, standing_window),
    Blind("which symptom was said", STOP, weak_legs),
    Blind("speeds above two set-points", RUN, fast_runaway),
    Blind("two troubles of two explorations at once", WORDS, two_troubles),
    Blind("readings that differ within five", HEART, last_reading),
)


@pytest.mark.parametrize("blind", BLIND, ids=lambda blind: blind.detail)
def test_a_planted_defect_is_there(blind: Blind, monkeypatch: Patch) -> None:
    assert blind.plant(monkeypatch), "the defect is not there"


@pytest.mark.parametrize("exploration", [START, RUN, STOP, WORDS, HEART], ids=lambda one: one.name)
def test_defects_that_hide_in_dropped_details_are_not_seen(exploration: Exploration, monkeypatch: Patch) -> None:
    """All of this exploration at once: where none of them shows, each by itself does not."""
    for blind in BLIND:
        if blind.exploration is exploration:
            blind.plant(monkeypatch)
    assert explore([exploration]) is None


@pytest.mark.parametrize("blind", BLIND, ids=lambda blind: blind.detail)
def test_every_blind_spot_is_told_in_the_page(blind: Blind) -> None:
    assert f"| {blind.detail} |" in PAGE.read_text(encoding="utf-8")
