"""One run, without threads or processes: the engine on one side, the guardian's messages on the other.

The live session and ``simulate`` both drive this class; moments are arguments. Every method that has
something to say to the guardian returns it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..guardian.messages import (
    Acknowledge,
    Arm,
    CancelStart,
    Connected,
    Heartbeat,
    HoldDone,
    Intent,
    Pause,
    Snapshot,
    StopNow,
    ToGuardian,
)
from ..machine import DeviceProfile, Setpoint
from ..safety.hazards import Action, Cause
from ..safety.inputs import StopBy
from ..safety.limits import PlanCeiling
from ..safety.modes import ENDING, IN_MOTION, Mode
from ..workouts import engine
from ..workouts.cues import CueKind
from ..workouts.engine import EngineState, Phase
from ..workouts.timeline import Timeline
from .preflight import plan_ceiling
from .summary import Summary

BEAT_S = 0.2
# A wish that has waited this long was made for another moment.
DEADLINE_S = 0.3
# Reports this old are no ground for counting distance.
STALE_S = 3.0
NOTES_KEPT = 50
# A pause or an end that the belt is not seen to follow is said again this often; several beats, so that the answer
# to the first has had the time to arrive.
AGAIN_S = 0.5

Said = tuple[ToGuardian, ...]


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is run: the timeline, the tier it is allowed under, and a name for this run alone."""

    run_id: str
    timeline: Timeline
    tier: str
    ceiling: PlanCeiling

    @classmethod
    def of(cls, run_id: str, timeline: Timeline, tier: str) -> RunPlan:
        """The plan with its highest targets worked out."""
        return cls(run_id, timeline, tier, plan_ceiling(timeline))


class Conductor:
    """The engine's state, the newest snapshot, and what was measured on the way."""

    def __init__(
        self, plan: RunPlan, now_s: float, record: Callable[[engine.Event, float], None] | None = None
    ) -> None:
        """``record`` is told every input of the engine before it is taken."""
        self.plan = plan
        self._record = record
        self.state: EngineState = engine.INITIAL
        self.wanted: Setpoint = plan.timeline.lowest
        self.cue: str | None = None
        self.message: str | None = None
        self.profile: DeviceProfile | None = None
        self.snapshot: Snapshot | None = None
        self.distance_m = 0.0
        self.max_speed_kph = 0.0
        self.max_incline_percent = 0.0
        self.ended: str | None = None
        self.notes: tuple[str, ...] = ()
        self.stops: tuple[tuple[float, Cause], ...] = ()
        self.began_s: float | None = None
        self.ended_s: float | None = None
        self._epoch = 0
        self._seq = 0
        self._beat_s = now_s - BEAT_S
        self._told: tuple[Setpoint, int] | None = None
        self._told_s = now_s
        self._rest_asked_s = now_s

    # --- from the guardian ----------------------------------------------------------------------------------

    def connected(self, message: Connected) -> None:
        """There is a belt; what is said from here on is meant for this connection."""
        self._epoch, self.profile = message.epoch, message.profile

    def seen(self, snapshot: Snapshot, now_s: float) -> Said:
        """A new snapshot: what the engine has to know of it, and what was measured."""
        before = self.snapshot
        self.snapshot = snapshot
        self._epoch = max(self._epoch, snapshot.epoch)
        self._measure(before, snapshot)
        if before is None or snapshot.causes != before.causes:
            self._note_causes(before, snapshot)
        said: Said = ()
        if before is None or snapshot.mode is not before.mode:
            said = self._follow(snapshot, now_s)
        if self.ended_s is None and self._over(snapshot):
            self.ended_s = now_s
        return said

    def guardian_lost(self, reason: str, now_s: float) -> None:
        """Nothing is known of the belt any more: no cue may be spoken for it, and the plan ends here."""
        if self.state.phase is not Phase.READY and self.state.phase not in engine.ENDS:
            self._engine(engine.BeltStopped(reason), now_s)
        self.message = reason

    def _follow(self, snapshot: Snapshot, now_s: float) -> Said:
        """Tell the engine what a change of the guardian's mode means for the plan."""
        phase, mode = self.state.phase, snapshot.mode
        if phase in engine.ENDS:
            return ()
        if mode is Mode.COUNTDOWN and phase in (Phase.READY, Phase.PAUSED):
            return self._engine(engine.StartRequested(), now_s)
        if phase is Phase.WAITING_FOR_START and mode is Mode.RUN:
            self.began_s = now_s if self.began_s is None else self.began_s
            return self._engine(engine.BeltSeenMoving(), now_s)
        if phase is Phase.WAITING_FOR_START and mode in (Mode.IDLE, Mode.DISCONNECTED):
            return self._engine(engine.StartAbandoned(), now_s)
        if mode in ENDING or mode in (Mode.LATCHED, Mode.FAULT):
            cause = snapshot.causes[0].message if snapshot.causes else "the belt was stopped"
            return self._engine(engine.BeltStopped(cause), now_s)
        return ()

    def _over(self, snapshot: Snapshot) -> bool:
        return self.state.phase in engine.ENDS and snapshot.standstill and snapshot.mode not in IN_MOTION

    def _measure(self, before: Snapshot | None, snapshot: Snapshot) -> None:
        if snapshot.speed_kph is None or snapshot.age_s is None or snapshot.age_s > STALE_S:
            return
        if before is not None and self.began_s is not None:
            since_s = snapshot.at_s - before.at_s
            self.distance_m += snapshot.speed_kph / 3.6 * since_s if 0.0 < since_s <= STALE_S else 0.0
        self.max_speed_kph = max(self.max_speed_kph, snapshot.speed_kph)
        self.max_incline_percent = max(self.max_incline_percent, snapshot.incline_percent or 0.0)

    def _note_causes(self, before: Snapshot | None, snapshot: Snapshot) -> None:
        """A cause is noted when it comes, not again with each new number in its sentence."""
        known = {cause.hazard for _, cause in self.stops}
        shown = set() if before is None else {cause.hazard for cause in before.causes}
        for cause in snapshot.causes:
            if cause.action >= Action.CONTROLLED_STOP and cause.hazard not in known:
                self.stops = (*self.stops, (snapshot.at_s, cause))[-NOTES_KEPT:]
            if cause.message not in self.notes and cause.hazard not in known | shown:
                self.notes = (*self.notes, cause.message)[-NOTES_KEPT:]
            self.message = cause.message

    # --- time -----------------------------------------------------------------------------------------------

    def tick(self, now_s: float, ui_age_s: float, input_alive: bool) -> Said:
        """Time has passed: the beat, the engine, and the wish that follows. Due every 100 ms."""
        said: Said = ()
        if now_s - self._beat_s >= BEAT_S - 0.01:
            self._beat_s = now_s
            self._seq += 1
            said = (Heartbeat(self._seq, ui_age_s, input_alive),)
        said += self._rest_again(now_s)
        if self.state.phase in engine.ENDS:
            return said
        said += self._engine(engine.Tick(), now_s)
        if self.state.phase in (Phase.WAITING_FOR_PERSON, Phase.RUNNING):
            said += self._intent(now_s)
        return said

    def _rest_again(self, now_s: float) -> Said:
        """A belt that moves although the plan pauses or has ended: the message that asked for rest was lost."""
        mode = None if self.snapshot is None else self.snapshot.mode
        ended = self.state.phase in engine.ENDS and mode in IN_MOTION
        paused = self.state.phase is Phase.PAUSED and mode is Mode.RUN
        if not (ended or paused) or now_s - self._rest_asked_s < AGAIN_S:
            return ()
        self._rest_asked_s = now_s
        return (StopNow(StopBy.PROGRAM),) if ended else (Pause(self._epoch),)

    def _intent(self, now_s: float) -> Said:
        """The wish, on change and once a second."""
        told = (self.wanted, self._epoch)
        if told == self._told and now_s - self._told_s < 1.0:
            return ()
        self._told, self._told_s = told, now_s
        self._seq += 1
        wanted = self.wanted
        return (Intent(self._epoch, self._seq, now_s + DEADLINE_S, wanted.speed_kph, wanted.incline_percent),)

    # --- what a person asks ---------------------------------------------------------------------------------

    def arm(self, now_s: float, checklist_done: bool = True) -> Said:
        """The start sequence begins."""
        plan, timeline = self.plan, self.plan.timeline
        self.message = None
        return (
            Arm(
                self._epoch,
                now_s + DEADLINE_S,
                plan.run_id,
                plan.tier,
                timeline.facing,
                timeline.belt,
                plan.ceiling,
                checklist_done,
            ),
        )

    def hold_done(self, now_s: float) -> Said:
        """The hold is complete."""
        return (HoldDone(self._epoch, now_s + DEADLINE_S),)

    def cancel_start(self) -> Said:
        """No start after all."""
        return (CancelStart(),)

    def person_on(self, now_s: float) -> Said:
        """The person is on the belt: the plan's time begins to run."""
        return self._asked(engine.PersonConfirmedOn(), now_s)

    def pause(self, now_s: float) -> Said:
        """Come to rest and keep the place; before the belt moves it is no start at all."""
        before = self.state.phase
        if before is Phase.WAITING_FOR_START:
            return self.cancel_start()
        said = self._asked(engine.PauseRequested(), now_s)
        if self.state.phase is before:
            return said
        self._rest_asked_s = now_s
        return (*said, Pause(self._epoch))

    def next_step(self, now_s: float) -> Said:
        """The next step of the plan."""
        return self._asked(engine.NextRequested(), now_s)

    def finish(self, now_s: float) -> Said:
        """The cool-down, then stop."""
        return self._asked(engine.FinishRequested(), now_s)

    def acknowledge(self, key_tested: bool) -> Said:
        """The person has read the cause."""
        return (Acknowledge(self._epoch, key_tested),)

    def stopped_by_person(self, now_s: float) -> Said:
        """The stop that the person asked for is already on its way; the plan ends here."""
        if self.state.phase is Phase.READY or self.state.phase in engine.ENDS:
            return ()
        return self._asked(engine.StopRequested(), now_s)

    # --- the engine -----------------------------------------------------------------------------------------

    def _asked(self, event: engine.Event, now_s: float) -> Said:
        """An event from a person: one that cannot be now changes nothing and says so."""
        try:
            return self._engine(event, now_s)
        except engine.IllegalEvent as error:
            self.message = f"not possible now: the workout is {error.phase.value}"
            return ()

    def _engine(self, event: engine.Event, now_s: float) -> Said:
        if self._record is not None:
            self._record(event, now_s)
        step = engine.step(self.plan.timeline, self.state, event, now_s)
        self.state, self.wanted = step.state, step.wanted
        for cue in step.cues:
            if cue.kind is CueKind.STEP:
                self.cue = cue.say
        if step.stop_reason is None or self.ended is not None:
            return ()
        self.ended, self._rest_asked_s = step.stop_reason, now_s
        if isinstance(event, engine.BeltStopped | engine.StopRequested):
            return ()
        return (StopNow(StopBy.PLAN if self.state.phase is Phase.FINISHED else StopBy.PROGRAM),)

    def summary(self, now_s: float) -> Summary:
        """What was done so far."""
        ended_s = now_s if self.ended_s is None else self.ended_s
        return Summary(
            workout=self.plan.timeline.name,
            ended=self.ended or "not ended",
            complete=self.state.phase is Phase.FINISHED,
            elapsed_s=0.0 if self.began_s is None else ended_s - self.began_s,
            plan_time_s=self.state.plan_time_s,
            plan_total_s=self.plan.timeline.total_s,
            distance_m=self.distance_m,
            max_speed_kph=self.max_speed_kph,
            max_incline_percent=self.max_incline_percent,
            notes=self.notes,
        )
