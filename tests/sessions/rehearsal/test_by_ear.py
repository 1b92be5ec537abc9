"""Who faces the rear follows a session by ear alone: whatever the belt does was said before it does it.

The words are those of the transcript, the motion is what the engine asks of the belt; the test knows nothing else.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.machine import Facing
from retrotread.safety.tiers import TIERS
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.person import BackwardExperience, Person
from retrotread.sessions.preflight import ramp_rates
from retrotread.sessions.prepare import Asked, Prepared, laid_out, written_in
from retrotread.sessions.rehearsal.script import Moved, Script, Sounded, script_of
from retrotread.sessions.rehearsal.transcript import transcript_of
from retrotread.sessions.simulate import Simulation, simulate
from retrotread.sessions.voice.tone import Tone
from retrotread.workouts import library
from retrotread.workouts.catalogue import catalogue
from retrotread.workouts.engine import Phase
from retrotread.workouts.moments import ANNOUNCED_S
from retrotread.workouts.phrases import language
from retrotread.workouts.plan import WorkoutPlan
from retrotread.workouts.source import parse_workout
from retrotread.workouts.timeline import Timeline, unroll

WELL_BEHAVED = ARCHETYPES["well-behaved"].profile
HAIR = 1e-9
LOOK_S = 0.01
"""The moment of a cue and of the motion are found to two thousandths; a transcript shows tenths."""

STEEPER = 2.5
"""A rise that gets so much steeper is another one to whoever feels it: a little more than the engine's own figure."""

KNOWN_S = 20.0
"""A word so old is no warning of what comes now."""

FASTER = re.compile(r"faster|schneller")
STEEPER_SAID = re.compile(r"steeper|steiler")
SLOWER = re.compile(r"next|gleich|cool down|auslaufen|stops|hält")
FROM_TO = re.compile(r"\d (km/h|%) to \d")
"""A step that falls all along says so when it begins."""

STOPS = re.compile(r"the belt stops")


@dataclass(frozen=True)
class Rehearsed:
    timeline: Timeline
    script: Script


A_RUNNER = Person("A", adult=True, experience=BackwardExperience.RUNS, backward_max_kph=8.0)
"""For the plans that ask for a share of the own maximum."""


@cache
def prepared(path: Path) -> Prepared:
    clinic = path.parent.name == "clinic"
    return laid_out(written_in(path), WELL_BEHAVED, Asked(TIERS["clinic"] if clinic else None, A_RUNNER))


@cache
def rehearsed(path: Path, name: str = "en") -> Rehearsed:
    timeline = prepared(path).offer.timeline
    assert timeline is not None, prepared(path).offer.problems
    plan = RunPlan.of("by-ear", timeline, prepared(path).tier.key)
    return Rehearsed(timeline, script_of(plan, language(name)))


METRES = b"""retrotread: 1
name: by metres
level: 3
facing: rear
steps:
  - walk: 30 m
    speed: 1.0 km/h
  - walk: 50 m
    speed: 1.5 km/h
  - cool down: 30 s
    speed: 1.0 km/h
"""


SHORT = b"""retrotread: 1
name: short ones
level: 3
facing: rear
steps:
  - walk: 60 s
    speed: 1.0 km/h
  - repeat: 3
    steps:
      - walk: 15 s
        speed: 2.0 km/h
      - walk: 40 s
        speed: 1.0 km/h
  - cool down: 60 s
    speed: 0.8 km/h
"""


THERE_AND_BACK = b"""retrotread: 1
name: there and back
level: 3
facing: rear
steps:
  - walk: 30 s
    speed: 1.0 km/h
  - walk: 30 s
    speed: 1.5 km/h
  - turn: to the console
  - cool down: 30 s
    speed: 0.8 km/h
"""


def laid_out_of(text: bytes) -> Timeline:
    return unroll(parse_workout(text, "a test"), ramp_rates(TIERS["novice"]), 0.5)


def written(text: bytes) -> Script:
    return script_of(RunPlan.of("by-ear", laid_out_of(text), "novice"), language("en"))


SHIPPED = [pytest.param(entry.path, id=entry.name) for entry in catalogue() if isinstance(entry.about, WorkoutPlan)]
"""Every file with steps: the ladder, the protocols, what is for a clinic."""


def rates(before: Moved, after: Moved) -> tuple[float, float]:
    over_s = max(after.at_s - before.at_s, LOOK_S)
    speed = (after.belt.speed_kph - before.belt.speed_kph) / over_s
    return speed, (after.belt.incline_percent - before.belt.incline_percent) / over_s


def begun(moved: Sequence[Moved], axis: int, sign: int) -> Iterator[tuple[float, Moved]]:
    """The moments at which speed (axis 0) or incline (1) begins to go up (sign 1) or down (-1) with somebody on it."""
    was = 0.0
    for before, after, later in zip(moved, moved[1:], moved[2:], strict=False):
        if any(one.phase is not Phase.RUNNING for one in (before, after)):
            was = 0.0
            continue
        now = sign * rates(before, after)[axis]
        new = now > HAIR and (was <= HAIR or (now > STEEPER * was and before.step != after.step))
        goes_on = sign * rates(after, later)[axis]
        if new and goes_on > now:  # it began between two looks
            yield after.at_s - (after.at_s - before.at_s) * now / goes_on, after
        elif new:
            yield before.at_s, after
        was = max(0.0, goes_on if new and goes_on > now else now)


def said_before(sounded: Sequence[Sounded], pattern: re.Pattern[str], at_s: float, from_s: float) -> list[Sounded]:
    return [one for one in sounded if from_s <= one.at_s <= at_s and pattern.search(one.aloud)]


def test_whatever_came_with_the_program_and_runs_is_followed() -> None:
    files = {path.stem for path in library.everything() if path.parent.name != "cards"}
    assert {entry.id for entry in SHIPPED} == files
    assert {"ladder-0", "br-vpeak", "bw-blt-30"} <= files


@pytest.mark.parametrize("path", SHIPPED)
def test_every_rise_is_said_five_seconds_before_it_begins(path: Path) -> None:
    script = rehearsed(path).script
    found = 0
    for axis, words in ((0, FASTER), (1, STEEPER_SAID)):
        for at_s, moved in begun(script.moved, axis, 1):
            found += 1
            warned = said_before(script.sounded, words, at_s - 5.0 + LOOK_S, at_s - KNOWN_S)
            assert [one for one in warned if one.tone is not None], f"{at_s:.2f} s: {moved} was not announced"
    assert found > 0


@pytest.mark.parametrize("path", SHIPPED)
def test_every_rise_has_its_tone_as_it_begins_and_its_warning_no_earlier_than_it_must(path: Path) -> None:
    script = rehearsed(path).script
    tones_s = [one.at_s for one in script.sounded if one.tone is Tone.RISE and not one.text]
    warned_s = [one.at_s for one in script.sounded if one.tone is Tone.WARN]
    rises_s = sorted(at_s for axis in (0, 1) for at_s, _ in begun(script.moved, axis, 1))
    assert [at_s for at_s in rises_s if all(abs(at_s - one) > 2 * LOOK_S for one in tones_s)] == []
    unwarned_s = [one for one in tones_s if not any(in_time(one - warned) for warned in warned_s)]
    assert unwarned_s == []


def in_time(early_s: float) -> bool:
    return 5.0 - LOOK_S <= early_s <= ANNOUNCED_S + LOOK_S


@pytest.mark.parametrize("path", SHIPPED)
def test_every_fall_is_said_before_it_begins(path: Path) -> None:
    script = rehearsed(path).script
    for axis in (0, 1):
        for at_s, moved in begun(script.moved, axis, -1):
            step = rehearsed(path).timeline.steps[moved.step]
            known = said_before(script.sounded, SLOWER, at_s + LOOK_S, at_s - KNOWN_S)
            if step.target.speed_kph < step.entry.speed_kph or step.target.incline_percent < step.entry.incline_percent:
                known += said_before(script.sounded, FROM_TO, at_s + LOOK_S, at_s - step.length_s)
            assert known, f"{at_s:.2f} s: {moved} was not said"


@pytest.mark.parametrize("path", SHIPPED)
def test_every_standstill_is_said_seconds_before_and_every_turn_says_which_way(path: Path) -> None:
    script = rehearsed(path).script
    turned: Facing | None = None
    for before, after in pairwise(script.moved):
        if before.phase is Phase.RUNNING and after.phase is not Phase.RUNNING:
            known = said_before(script.sounded, STOPS, after.at_s - 2.0, after.at_s - KNOWN_S)
            assert known, f"{after.at_s:.2f} s: the standstill before {after} was not said"
        if after.phase is Phase.WAITING_FOR_TURN and after.facing is not turned:
            turned = after.facing
            where = f"turn to (face )?the {after.facing.value}"
            assert said_before(script.sounded, re.compile(where), after.at_s + LOOK_S, after.at_s - KNOWN_S)


@pytest.mark.parametrize("path", SHIPPED)
def test_the_start_and_the_end_are_said(path: Path) -> None:
    script = rehearsed(path).script
    starts = [one.at_s for one in script.sounded if one.text == "Starting"]
    moving = [after.at_s for before, after in pairwise(script.moved) if _starts(before, after)]
    assert starts
    for at_s in moving:
        assert [one for one in script.sounded if "Any key cancels" in one.aloud and at_s - 12 <= one.at_s <= at_s - 4.5]
    assert script.moved[-1].phase is Phase.FINISHED
    last = [one.text for one in script.sounded][-3:]
    assert last[0] == "done. The belt stops"
    assert last[-1].startswith("Now stretch")


def _starts(before: Moved, after: Moved) -> bool:
    return before.belt.speed_kph == 0.0 < after.belt.speed_kph


@pytest.mark.parametrize("path", SHIPPED)
def test_no_word_is_cut_off_by_a_remark_and_no_minute_is_a_chatter(path: Path) -> None:
    script = rehearsed(path).script
    at_s = [one.at_s for one in script.sounded if one.aloud and not one.aloud.isdecimal()]
    busiest = max(bisect_left(at_s, one + 60.0) - index for index, one in enumerate(at_s))
    assert busiest <= MINUTE_MAX


MINUTE_MAX = 14
"""Sentences in a minute; the busiest one has a turn in it, with its four questions and a new start."""


def test_the_transcript_has_a_line_for_each_thing_that_is_heard_with_minutes_and_seconds() -> None:
    script = rehearsed(library.find("ladder-8")).script
    lines = transcript_of(script).splitlines()
    assert len(lines) == 1 + len(script.sounded)
    assert lines[0].startswith("# Ladder 8: 60 s backward runs, in English, ")
    assert all(re.match(r"\d\d:[0-5]\d\.\d  ", line) for line in lines[1:])
    assert [line for line in lines if line.endswith("         next, slower: walk 75 s (1 of 6), 3.0 km/h")]
    assert [line for line in lines if line.endswith("  warn   faster in 5 seconds, 6.5")]


def test_a_transcript_may_begin_later() -> None:
    script = rehearsed(library.find("ladder-8")).script
    later = transcript_of(script, from_s=600.0).splitlines()
    assert later[1] == next(line for line in transcript_of(script).splitlines()[1:] if line >= "10:00")


def test_the_same_session_in_german_has_the_same_moments_and_no_english_word_of_ours() -> None:
    english, german = (rehearsed(library.find("ladder-8"), name).script for name in ("en", "de"))
    moments = [(one.tone, one.text, one.urgent) for one in english.sounded if one.urgent and one.tone is not None]
    others = [(one.tone, one.text, one.urgent) for one in german.sounded if one.urgent and one.tone is not None]
    assert set(moments) == set(others)
    ours = re.compile(r"\b(the|faster|slower|next|walk|belt|stops|second|seconds|and|stretch)\b")
    assert [one.aloud for one in german.sounded if ours.search(one.aloud)] == []


def test_a_rehearsal_says_what_a_simulated_run_with_its_guardian_says() -> None:
    timeline = laid_out_of(THERE_AND_BACK)
    run = simulate(Simulation(RunPlan.of("by-ear", timeline, "novice"), ARCHETYPES["well-behaved"]))
    script = script_of(RunPlan.of("by-ear", timeline, "novice"), language("en"))
    assert run.ended_well
    simulated, rehearsed_too = [text for _, text in run.spoken], [one.text for one in script.sounded if one.text]
    assert [text for text in rehearsed_too if text not in simulated] == []
    left_out = {text for text in simulated if text not in rehearsed_too}
    assert left_out <= {"The belt slows down to a stand", "All well? Press y, or the remote."}
    warned = [text for text in simulated if text.startswith("faster in")]
    assert [text for text in rehearsed_too if text.startswith("faster in")] == warned


def test_what_is_slower_after_a_short_step_is_said_before_it_comes() -> None:
    script = written(SHORT)
    falls = [at_s for at_s, _ in begun(script.moved, 0, -1)]
    assert len(falls) >= 3
    for at_s in falls:
        assert said_before(script.sounded, SLOWER, at_s - 2.0, at_s - KNOWN_S), at_s


def test_a_plan_in_metres_is_followed_by_ear_too() -> None:
    script = written(METRES)
    said = [one.text for one in script.sounded]
    assert "next: walk 50 m, 1.5 km/h" in said
    assert "faster in 5 seconds, 1.5 km/h" in said
    assert script.moved[-1].phase is Phase.FINISHED
