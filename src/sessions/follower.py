"""The person of a simulated run: does what screen and voice ask for, with small reaction times, fixed by the seed.

They arm when the belt is seen still, hold the start key, step on; in a turn they confirm what is asked; after a
time off the belt they start again; after a key alarm they pull the safety key. ``Habits`` is what they do of
their own accord.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from ..guardian.messages import Snapshot, StopNow, ToGuardian
from ..safety.hazards import Hazard
from ..safety.inputs import StopBy
from ..safety.modes import Mode
from ..workouts.engine import Phase
from ..workouts.timeline import StepKind
from .conductor import Conductor

HOLD_S = 1.5
# From the alarm to the key in the hand.
KEY_AFTER_ALARM_S = 3.0
# After the key was pulled the person waits this long for the screen to see it, and then believes their eyes.
EYES_S = 10.0
# From the attention check to the key that answers it.
ATTENDS_S = 2.0
# How long a pause of theirs lasts, well within the minute that a pause may.
PAUSE_S = 15.0


@dataclass(frozen=True, slots=True)
class Habits:
    """What a person does beside following. Moments are seconds since the run began.

    ``goes_on``: after a stop of their own they go on from the step. ``nudges``: moment and km/h, ``scales``: moment and
    per cent, each pressed when the plan runs.
    """

    pauses_at_s: tuple[float, ...] = ()
    goes_on: bool = False
    nudges: tuple[tuple[float, float], ...] = ()
    scales: tuple[tuple[float, int], ...] = ()


AS_ASKED = Habits()


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that the person does: ``what`` for a judge (None: of no concern), ``said`` for the guardian."""

    what: str | None
    said: tuple[ToGuardian, ...] = ()
    pulls_key: bool = False


class Follower:
    """One person in one run. ``key_s`` is when they pulled the key."""

    def __init__(self, seed: int, habits: Habits, stop_at_s: float | None = None) -> None:
        self.key_s: float | None = None
        self._chance = random.Random(seed)
        self._habits = habits
        self._stop_at_s = stop_at_s
        self._pauses = sorted(habits.pauses_at_s)
        self._nudges, self._scales = sorted(habits.nudges), sorted(habits.scales)
        self._acts_at_s: float | None = None
        self._waits_for: object = None
        self._alarm_s: float | None = None
        self._checked_s: float | None = None

    def act(self, conductor: Conductor, now_s: float) -> Act | None:
        """What the person does at this moment, if anything."""
        snapshot = conductor.snapshot
        if snapshot is None:
            return None
        if self._stop_at_s is not None and now_s >= self._stop_at_s:
            self._stop_at_s = None
            return Act("stop", (StopNow(StopBy.OPERATOR), *conductor.stopped_by_person(now_s)))
        if snapshot.alarm:
            return self._pull_key(now_s)
        if self._attends(snapshot, now_s):
            return Act(None, conductor.all_right(now_s))
        if self._pauses and now_s >= self._pauses[0] and conductor.state.phase is Phase.RUNNING:
            self._pauses.pop(0)
            return Act("pause", conductor.pause(now_s))
        return self._change(conductor, now_s) or self._follow(conductor, snapshot, now_s)

    def _attends(self, snapshot: Snapshot, now_s: float) -> bool:
        """Whether the attention check is answered at this moment."""
        asked = any(cause.hazard is Hazard.ATTENTION_ASKED for cause in snapshot.causes)
        if not asked or self._checked_s is None:
            self._checked_s = now_s if asked else None
            return False
        if now_s - self._checked_s < ATTENDS_S:
            return False
        self._checked_s = None
        return True

    def _change(self, conductor: Conductor, now_s: float) -> Act | None:
        """The next nudge or scale that is due; a judge hears of the rise by its announcement."""
        if conductor.state.phase is not Phase.RUNNING:
            return None
        if self._nudges and now_s >= self._nudges[0][0]:
            return Act(None, conductor.nudge(self._nudges.pop(0)[1], now_s))
        if self._scales and now_s >= self._scales[0][0]:
            return Act(None, conductor.scale(self._scales.pop(0)[1], now_s))
        return None

    def goes_on(self, conductor: Conductor, now_s: float) -> bool:
        """Whether the person is about to go on after a stop of their own."""
        return self._habits.goes_on and conductor.aftercare.continue_for_s(now_s) is not None

    def _follow(self, conductor: Conductor, snapshot: Snapshot, now_s: float) -> Act | None:
        phase, mode = conductor.state.phase, snapshot.mode
        if phase is Phase.WAITING_FOR_PERSON:
            return Act("person on", conductor.person_on(now_s)) if self._after(phase, now_s, 3.0) else None
        if mode is Mode.ARMED:
            return Act("hold", conductor.hold_done(now_s)) if self._after(mode, now_s, HOLD_S) else None
        if phase is Phase.WAITING_FOR_TURN:
            return self._turn(conductor, snapshot, now_s)
        if phase is Phase.OFF_BELT:
            return self._off_belt(conductor, snapshot, now_s)
        if self.goes_on(conductor, now_s) and mode is Mode.LATCHED and self._after("goes on", now_s, 5.0):
            return Act("acknowledge", conductor.continue_run(now_s))
        waits_s = {Phase.READY: 1.0, Phase.PAUSED: PAUSE_S}.get(phase)
        ready = mode in (Mode.IDLE, Mode.PAUSED) and snapshot.standstill and waits_s is not None
        return self._arm(conductor, now_s, waits_s) if ready and waits_s is not None else None

    def _turn(self, conductor: Conductor, snapshot: Snapshot, now_s: float) -> Act | None:
        turn = snapshot.turn
        if turn is None or (turn.still_s < turn.dwell_s and not turn.on_rails):
            return None
        if not turn.on_rails:
            ready = self._after("on rails", now_s, 1.0)
            return Act("on rails", conductor.confirm_turn(now_s)) if ready else None
        if not turn.facing_confirmed:
            return Act("faces", conductor.confirm_turn(now_s)) if self._after("faces", now_s, 2.0) else None
        return self._arm(conductor, now_s, 1.0)

    def _off_belt(self, conductor: Conductor, snapshot: Snapshot, now_s: float) -> Act | None:
        """To the end of the step, then on: to the next one off the belt, to a turn, or back on by a start."""
        steps, index = conductor.plan.timeline.steps, conductor.state.step_index
        if conductor.state.plan_time_s < steps[index].ends_s or snapshot.mode is not Mode.IDLE:
            return None
        if steps[index + 1].kind in (StepKind.TURN, StepKind.OFF_BELT):
            return Act(None, conductor.next_step(now_s)) if self._after(("next", index), now_s, 1.0) else None
        return self._arm(conductor, now_s, 2.0) if snapshot.standstill else None

    def _arm(self, conductor: Conductor, now_s: float, seconds: float) -> Act | None:
        return Act("arm", conductor.arm(now_s)) if self._after("arm", now_s, seconds) else None

    def _after(self, what: object, now_s: float, seconds: float) -> bool:
        """True once, ``seconds`` (and a little) after it was first asked without anything else between."""
        if self._acts_at_s is None or self._waits_for != what:
            self._waits_for, self._acts_at_s = what, now_s + seconds + self._chance.random()
        if now_s < self._acts_at_s:
            return False
        self._acts_at_s = None
        return True

    def _pull_key(self, now_s: float) -> Act | None:
        if self._alarm_s is None:
            self._alarm_s = now_s
        elif self.key_s is None and now_s - self._alarm_s >= KEY_AFTER_ALARM_S:
            self.key_s = now_s
            return Act(None, (), pulls_key=True)
        return None
