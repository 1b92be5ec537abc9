"""What is heard in a run of a workout that goes as planned, and what its belt does meanwhile.

The conductor, the narrator, the remarks and the floor are those of a live run; the person is that of a simulated one.
In place of the guardian stands the one of coach mode, with a belt that is where the plan wants it. Time is a number:
where a cue falls between two looks, the look is taken at the moment of the cue, to two milliseconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ...devices.coached import COACHED_TREADMILL
from ...guardian.messages import Connected, FromGuardian, Snapshot, ToGuardian
from ...machine import STANDSTILL, Facing, Setpoint
from ...safety.modes import Mode
from ...workouts import engine
from ...workouts.engine import EngineState, Phase
from ...workouts.phrases import Language
from ...workouts.remarks import Companion, speaks_s
from ...workouts.timeline import Timeline
from ..coach import CoachedBelt
from ..conductor import Conductor, RunPlan
from ..cue_tones import tone_beside
from ..floor import Floor
from ..follower import AS_ASKED, Follower
from ..voice.tone import Tone

LOOK_S = 1.0
"""The longest step of time while nothing happens: a snapshot that is older is no ground for counting metres."""

METRES_LOOK_S = 0.25
"""The same where a step is measured in metres: its end comes with a look, and a quarter of a second is a foot."""

CLOSE_LOOK_S = 0.05
"""While somebody acts or something waits to be said; as often as a live run looks."""

EXACT_S = 0.002
"""How well the moment of a cue is found: a tenth of what the ear tells apart."""

STARTS_IN_S = 1.0
"""From the start command to a belt that moves; the quick ones among real machines need about that."""

OVER_S = 10.0
"""After the end: the last words, about stretching, are spoken in it."""

OVERTIME_S = 900.0
"""Starts, turns and rests beside the plan's own time; whoever needs more does not follow."""


@dataclass(frozen=True, slots=True)
class Sounded:
    """One thing that is heard at ``at_s``: a tone, words or both. ``text`` is English, ``aloud`` the voice's words.

    ``urgent``: it breaks off what is spoken. ``planned_s``: its own moment, before it had to wait for another word.
    """

    at_s: float
    tone: Tone | None
    text: str = ""
    aloud: str = ""
    urgent: bool = False
    planned_s: float | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What the belt is asked for at ``at_s``, one look. ``facing``: of the person, as the plan has it."""

    at_s: float
    belt: Setpoint
    phase: Phase
    step: int
    facing: Facing


@dataclass(frozen=True, slots=True)
class Script:
    """A whole run, from the start sequence to the last word. Moments in seconds from its beginning."""

    name: str
    language: str
    sounded: tuple[Sounded, ...]
    moved: tuple[Moved, ...]
    lasts_s: float


def script_of(plan: RunPlan, language: Language) -> Script:
    """Rehearse a plan. Raises ValueError where its run does not come to an end."""
    return _Rehearsal(plan, language).run()


class _Rehearsal:
    """One run on virtual time."""

    def __init__(self, plan: RunPlan, language: Language) -> None:
        self.plan, self.language = plan, language
        self.now_s = 0.0
        self.conductor = Conductor(plan, 0.0)
        self.conductor.connected(Connected(1, COACHED_TREADMILL))
        self.belt = CoachedBelt(COACHED_TREADMILL, False, 0.0)
        self.person = Follower(0, AS_ASKED)
        self.floor, self.companion = Floor(), Companion()
        self.metres = any(step.length_m is not None for step in plan.timeline.steps)
        self.mode = Mode.IDLE
        self.at, self.slowing_s, self.started_s = STANDSTILL, 0.0, 0.0
        self.rose_s = -math.inf
        self.sounded: list[Sounded] = []
        self.moved: list[Moved] = []

    def run(self) -> Script:
        timeline, conductor = self.plan.timeline, self.conductor
        limit_s = timeline.total_s * 1.5 + OVERTIME_S
        self._look()
        while conductor.ended_s is None or self.now_s < conductor.ended_s + OVER_S:
            if self.now_s > limit_s:
                raise ValueError(f"{timeline.name}: the rehearsal has not ended after {limit_s:.0f} s of it")
            self.now_s = self._next_s()
            self._look()
        return Script(timeline.name, self.language.title, tuple(self.sounded), tuple(self.moved), self._lasts_s())

    def _lasts_s(self) -> float:
        last = self.sounded[-1]
        return max(self.now_s, last.at_s + speaks_s(last.aloud) + 1.0)

    def _look(self) -> None:
        """Everybody has a turn at this moment."""
        self._tell(self.conductor.tick(self.now_s))
        self._follow()
        self._hear(self.belt.tick(self.now_s))
        act = self.person.act(self.conductor, self.now_s)
        if act is not None:
            self._tell(act.said)
        self._sound()

    def _next_s(self) -> float:
        """The next moment to look: soon while a person acts, at the next cue of the plan, or after a while."""
        state, timeline = self.conductor.state, self.plan.timeline
        off_belt = state.phase is Phase.OFF_BELT and state.plan_time_s < timeline.steps[state.step_index].ends_s
        if not (state.phase is Phase.RUNNING or off_belt) or self.floor.waits:
            return self.now_s + CLOSE_LOOK_S
        low_s, high_s = self.now_s, self.now_s + (METRES_LOOK_S if self.metres else LOOK_S)
        if not self._happens(state, timeline, high_s):
            return high_s
        while high_s - low_s > EXACT_S:
            middle_s = (low_s + high_s) / 2
            low_s, high_s = (low_s, middle_s) if self._happens(state, timeline, middle_s) else (middle_s, high_s)
        return high_s

    def _happens(self, state: EngineState, timeline: Timeline, by_s: float) -> bool:
        """Whether there is something to hear by then; the engine is asked, and what it says is thrown away."""
        made = engine.step(timeline, state, engine.Tick(), by_s)
        rises = state.raise_at_s is not None and state.raise_at_s <= by_s
        changes = made.state.phase is not state.phase or made.state.step_index != state.step_index
        return bool(made.cues) or rises or changes or bool(self.companion.between(timeline, state, made.state))

    def _tell(self, said: tuple[ToGuardian, ...]) -> None:
        for message in said:
            self._hear(self.belt.message(message, self.now_s))

    def _hear(self, messages: tuple[FromGuardian, ...]) -> None:
        for message in messages:
            if isinstance(message, Snapshot):
                self._see(message)

    def _see(self, snapshot: Snapshot) -> None:
        """A look at the guardian, with a belt that is measured; between countdown and motion it is being started."""
        if self.mode is Mode.COUNTDOWN and snapshot.mode is Mode.RUN:
            self.started_s = self.now_s + STARTS_IN_S
        if snapshot.mode is Mode.RUN and self.now_s < self.started_s:
            snapshot = replace(snapshot, mode=Mode.STARTING)
        if snapshot.mode is not self.mode and snapshot.mode in _SLOWING:
            self.slowing_s = self.now_s + self.at.speed_kph / self.plan.timeline.rates.fall_kph_per_s
        self.mode = snapshot.mode
        at = self.at
        seen = replace(
            snapshot,
            speed_kph=at.speed_kph,
            incline_percent=at.incline_percent,
            age_s=0.0,
            sent_speed_kph=at.speed_kph,
            sent_incline_percent=at.incline_percent,
        )
        self._tell(self.conductor.seen(seen, self.now_s))

    def _follow(self) -> None:
        """The belt does at once what it is asked, and has come to rest when its rate allows it."""
        if self.mode is Mode.RUN:
            self.at = self.conductor.wanted
        elif self.mode in _SLOWING and self.now_s >= self.slowing_s:
            self.at = STANDSTILL
            self._hear(self.belt.confirmed(self.now_s))
        state = self.conductor.state
        facing = self.plan.timeline.steps[state.step_index].facing
        self.moved.append(Moved(self.now_s, self.at, state.phase, state.step_index, facing))

    def _sound(self) -> None:
        rises_s = self.conductor.take_rises()
        self.sounded += [Sounded(at_s, Tone.RISE, planned_s=at_s) for at_s in rises_s]
        self.rose_s = max((self.rose_s, *rises_s))
        for planned_s, one in self.conductor.take_utterances():
            self.floor.offer(planned_s, one, one.aloud(self.language))
        for word in self.floor.take(self.now_s, self.conductor.rise_pending):
            one = word.one
            aloud = one.aloud(self.language)
            tone = tone_beside(one, self.now_s - self.rose_s)
            sounded = Sounded(self.now_s, tone, one.text, aloud, one.urgent, word.planned_s)
            self.sounded.append(sounded)


_SLOWING = frozenset({Mode.PAUSING, Mode.STOPPING})
