"""One run, without threads or processes: the engine on one side, the guardian's messages on the other.

The live session and ``simulate`` both drive this class; moments are arguments. Every method that has
something to say to the guardian returns it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from ..guardian.messages import (
    Acknowledge,
    Arm,
    Attend,
    CancelStart,
    ConfirmTurn,
    Connected,
    Feel,
    Heartbeat,
    HoldDone,
    HostSleeping,
    Intent,
    Pause,
    Rate,
    Rest,
    Snapshot,
    StopNow,
    ToGuardian,
    Turn,
)
from ..machine import BeltDirection, DeviceProfile, Facing, Setpoint, incline_to_dpct, speed_to_ckph
from ..safety.attention import AnsweredBy
from ..safety.feeling import Symptom
from ..safety.hazards import Action, Cause
from ..safety.heart import HeartCeiling
from ..safety.inputs import StopBy, TurnConfirm, Unreachable
from ..safety.limits import PlanCeiling
from ..safety.modes import ENDING, IN_MOTION, Mode
from ..training.answers import NO_ANSWERS
from ..training.scales import Moment
from ..workouts import engine
from ..workouts.cues import Cue, CueKind
from ..workouts.engine import EngineState, Phase
from ..workouts.gaits import easy_at
from ..workouts.quantity import speed_text
from ..workouts.remarks import Companion
from ..workouts.timeline import Step, Timeline
from .aftercare import Aftercare
from .bounds import UNBOUNDED, Bounds, limits, too_much_pain
from .heart_done import HeartDone
from .link_lost import when_disconnected
from .narration import Narrator, Utterance, remarked, stretch_card, utterance
from .preflight import SESSION_MAX_S, done_by, warm_up_cut_short
from .prescription import Prescription, only_less
from .steady_done import SteadyDone, motion_in, uptake_of
from .summary import Summary

BEAT_S = 0.2
# A wish that has waited this long was made for another moment.
DEADLINE_S = 0.3
# Reports this old are no ground for counting distance.
STALE_S = 3.0
NOTES_KEPT = 50
# A pause, an end or a turn that the belt is not seen to follow is said again this often; several beats, so that the
# answer to the first has had the time to arrive.
AGAIN_S = 0.5
# A freeze that lasted so long was felt as the end of a rise: what comes after it is a new one, and is announced.
FREEZE_FELT_S = 3.0
ANNOUNCED_S = 5.0
# Utterances that nobody has fetched: a plan has a handful within a second.
UTTERANCES_KEPT = 50

Said = tuple[ToGuardian, ...]

_STARTS_FROM = frozenset({Phase.READY, Phase.PAUSED, Phase.WAITING_FOR_TURN, Phase.OFF_BELT})
_BETWEEN = frozenset({Phase.WAITING_FOR_TURN, Phase.OFF_BELT})


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is run: the timeline, the tier it is allowed under, and a name for this run alone.

    ``session_max_s`` is how long the belt may move in it: what is left of the day, and an hour at most. ``heart``: the
    ceiling of the person's heart rate; the steps can only lower it, and without it theirs count for nothing.
    ``empty_belt``: nobody is on the belt, and nobody may be. ``key_test``: it is
    not started before its safety key was tested today. ``answers``: who answers the attention check. ``show_machine``:
    its adapter has no number, and it is not started before a hand at it was seen. ``handrail``: the person holds on, or
    may. ``prescription``: what a clinic allows this person; on their side the plan can only be made less. ``own``: the
    most that somebody may do at home.
    """

    run_id: str
    timeline: Timeline
    tier: str
    session_max_s: float = SESSION_MAX_S
    heart: HeartCeiling | None = None
    empty_belt: bool = False
    key_test: bool = False
    answers: AnsweredBy = AnsweredBy.SUPERVISOR
    show_machine: bool = False
    handrail: bool = False
    prescription: Prescription | None = None
    own: Bounds = UNBOUNDED

    @property
    def bounds(self) -> Bounds:
        """What holds beside machine, tier and plan."""
        return self.own if self.prescription is None else self.prescription.bounds

    @classmethod
    def of(cls, run_id: str, timeline: Timeline, tier: str, session_max_s: float = SESSION_MAX_S) -> RunPlan:
        """The plan of one run."""
        return cls(run_id, timeline, tier, session_max_s)

    def ceiling(self, facing: Facing, belt: BeltDirection) -> PlanCeiling:
        """The highest targets of the steps that go this way."""
        steps, timeline = self.timeline.steps, self.timeline
        ends = [
            point
            for one in timeline.segments
            if steps[one.step].facing is facing and steps[one.step].belt is belt
            for point in (one.start, one.end)
        ]
        speed_kph = max((point.speed_kph for point in ends), default=0.0)
        incline_percent = max((point.incline_percent for point in ends), default=0.0)
        return PlanCeiling(speed_to_ckph(speed_kph), incline_to_dpct(incline_percent), timeline.name)


@dataclass(frozen=True, slots=True)
class Health:
    """How the program and the person's reach of it are, for the beat. Ages in seconds."""

    ui_age_s: float = 0.0
    input_alive: bool = True
    unreachable: tuple[Unreachable, ...] = ()
    recorder_age_s: float = 0.0
    recorder_failed: bool = False
    cues_ok: bool = True
    host_sleeps: bool = False
    battery_percent: int | None = None
    clicker_held: bool | None = None


WELL = Health()


@dataclass(frozen=True, slots=True)
class Taken:
    """One input that the engine took, and what came of it, the words of its cues too; for the journal."""

    at_s: float
    event: engine.Event
    phase: Phase
    step: int
    wanted: Setpoint
    cues: tuple[str, ...] = ()


def _announces(cues: tuple[Cue, ...]) -> bool:
    return any(cue.kind is CueKind.RISE_SOON for cue in cues)


def cue_words(cue: Cue) -> str:
    """A cue in one line, for a record: what kind it is and everything that is spoken."""
    return f"{cue.kind.value}: {cue.text}" if cue.say is None else f"{cue.kind.value}: {cue.text} | {cue.say}"


class Conductor:
    """The engine's state, the newest snapshot, and what was measured on the way."""

    def __init__(self, plan: RunPlan, now_s: float, record: Callable[[Taken], None] | None = None) -> None:
        """``record`` is told every input that the engine took, with its outcome.

        The plan may begin, off the belt too, as long as ``prepared`` is true; a run with a checklist sets it to false.
        ``belt_empty``: a person has confirmed that nobody is on the belt. ``key_tested`` says so of a way.
        """
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
        self.prepared = True
        self.belt_empty = False
        self.key_tested: Callable[[Facing, BeltDirection], bool] = lambda _facing, _belt: True
        self.machine_shown: Callable[[], bool] = lambda: False
        self.heart = HeartDone()
        self.answers = NO_ANSWERS
        self.pain: int | None = None
        self.steady = SteadyDone()
        self.aftercare = Aftercare()
        self.symptom: Symptom | None = None
        both_belts = any(step.belt is BeltDirection.REVERSED for step in plan.timeline.steps)
        self.narrator = Narrator(empty_belt=plan.empty_belt, both_belts=both_belts)
        self.utterances: tuple[tuple[float, Utterance], ...] = ()
        self.rises_s: tuple[float, ...] = ()
        self._companion = Companion()
        self._warm_s = 0.0
        self._epoch = 0
        self._seq = 0
        self._beat_s = now_s - BEAT_S
        self._told: tuple[Setpoint, int | None, int] | None = None
        self._told_s = now_s
        self._rest_asked_s = now_s
        self._host_slept = False
        self._frozen_s: float | None = None
        self._froze_s: float | None = None
        self._thawed_s: float | None = None
        self._held_back: tuple[Setpoint, float] | None = None

    @property
    def step(self) -> Step:
        """The step of the plan that is on; in a turn, that of the turn, whose facing is the one after it."""
        return self.plan.timeline.steps[self.state.step_index]

    @property
    def rise_pending(self) -> bool:
        """Whether a rise was announced and has not begun."""
        return self.state.phase is Phase.RUNNING and self.state.raise_at_s is not None

    # --- from the guardian ----------------------------------------------------------------------------------

    def connected(self, message: Connected) -> None:
        """There is a belt; what is said from here on is meant for this connection."""
        self._epoch, self.profile = message.epoch, message.profile
        self.narrator.has_key = message.profile.has_safety_key
        self.narrator.disconnected = when_disconnected(message.profile)

    def seen(self, snapshot: Snapshot, now_s: float) -> Said:
        """A new snapshot: what the engine has to know of it, and what was measured."""
        before = self.snapshot
        self.snapshot = snapshot
        self._epoch = max(self._epoch, snapshot.epoch)
        self._measure(before, snapshot)
        if before is None or snapshot.causes != before.causes:
            self._note_causes(before, snapshot)
        self.narrator.turn_follows = self.state.phase is Phase.WAITING_FOR_TURN
        self._speak(self.narrator.snapshot(before, snapshot, now_s), now_s)
        said: Said = ()
        if before is None or snapshot.mode is not before.mode:
            said = self._follow(snapshot, now_s)
        self._thaw(snapshot, now_s)
        if self.state.phase is Phase.STOPPED:
            carried = self.began_s is not None and not self.plan.empty_belt
            self.aftercare = self.aftercare.seen(snapshot, carried, now_s)
        if self.ended_s is None and self._over(snapshot):
            self.ended_s = now_s
            if self.state.phase is Phase.FINISHED and not self.plan.empty_belt:
                self.say(stretch_card(), now_s)
        return said

    def guardian_lost(self, reason: str, now_s: float) -> None:
        """Nothing is known of the belt any more: no cue may be spoken for it, and the plan ends here."""
        if self.state.phase is not Phase.READY and self.state.phase not in engine.ENDS:
            self._engine(engine.BeltStopped(reason), now_s)
        self.message = reason
        self._speak((self.narrator.lost(),), now_s)

    def _follow(self, snapshot: Snapshot, now_s: float) -> Said:
        """Tell the engine what a change of the guardian's mode means for the plan."""
        phase, mode = self.state.phase, snapshot.mode
        if phase in engine.ENDS:
            return ()
        if mode is Mode.COUNTDOWN and phase in _STARTS_FROM:
            said = self._asked(engine.StartRequested(), now_s)
            return said if self.state.phase is Phase.WAITING_FOR_START else (*said, CancelStart())
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
        if snapshot.mode in IN_MOTION and snapshot.heart is not None:
            self.heart = self.heart.seen(snapshot.heart, 0.0 if before is None else snapshot.at_s - before.at_s)
        if snapshot.speed_kph is None or snapshot.age_s is None or snapshot.age_s > STALE_S:
            return
        if before is not None and self.began_s is not None:
            since_s = snapshot.at_s - before.at_s
            if 0.0 < since_s <= STALE_S:
                self.distance_m += snapshot.speed_kph / 3.6 * since_s
                self._warm_s += since_s if easy_at(self.step, snapshot.speed_kph) else 0.0
        if snapshot.mode is Mode.RUN and self.state.phase is Phase.RUNNING and not self.plan.empty_belt:
            motion = motion_in(self.step, snapshot, self.plan.handrail)
            self.steady = self.steady.seen(motion, 0.0 if before is None else snapshot.at_s - before.at_s)
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

    def tick(self, now_s: float, health: Health = WELL) -> Said:
        """Time has passed: the beat, the engine, and the wish that follows. Due every 100 ms or more often."""
        said = self._beat(now_s, health)
        alarm = self.snapshot is not None and self.snapshot.alarm
        self._speak(self.narrator.tick(alarm, self.aftercare.all_right_s(now_s), now_s), now_s)
        waits = self.state.phase is Phase.READY and not self.prepared
        if self.state.phase in engine.ENDS or waits:
            return (*said, *self._rest(now_s))
        said += self._engine(engine.Tick(self._measured_m()), now_s)
        if self.state.phase in (Phase.WAITING_FOR_PERSON, Phase.RUNNING):
            said += self._intent(now_s)
        return (*said, *self._rest(now_s))

    def _measured_m(self) -> float | None:
        """What the plan may count on of the distance; None where no speed is measured at all."""
        return None if self.snapshot is None or self.snapshot.speed_kph is None else self.distance_m

    def _beat(self, now_s: float, health: Health) -> Said:
        said: Said = (HostSleeping(),) if health.host_sleeps and not self._host_slept else ()
        self._host_slept = health.host_sleeps
        if now_s - self._beat_s < BEAT_S - 0.01:
            return said
        self._beat_s = now_s
        self._seq += 1
        beat = Heartbeat(
            self._seq,
            health.ui_age_s,
            health.input_alive,
            health.unreachable,
            health.recorder_age_s,
            health.recorder_failed,
            health.cues_ok,
            health.battery_percent,
            health.clicker_held,
        )
        return (*said, beat)

    def _rest(self, now_s: float) -> Said:
        """What a plan that wants the belt still asks of a guardian that is not seen to follow."""
        if now_s - self._rest_asked_s < AGAIN_S:
            return ()
        asked = self._rest_asked()
        if asked is None:
            return ()
        self._rest_asked_s = now_s
        return (asked,)

    def _rest_asked(self) -> ToGuardian | None:
        phase, mode = self.state.phase, None if self.snapshot is None else self.snapshot.mode
        if phase in engine.ENDS:
            return StopNow(StopBy.PROGRAM) if mode in IN_MOTION else None
        if mode is Mode.RUN and (phase is Phase.PAUSED or phase in _BETWEEN):
            return Pause(self._epoch)
        if phase is Phase.WAITING_FOR_TURN and mode in (Mode.PAUSED, Mode.IDLE):
            return Turn(self._epoch, self.step.facing, self.step.belt)
        return Rest(self._epoch) if phase is Phase.OFF_BELT and mode is Mode.PAUSED else None

    def _intent(self, now_s: float) -> Said:
        """The wish, on change and once a second."""
        wanted, heart_bpm = self.wish(now_s), None if self.plan.heart is None else self.step.heart_bpm
        told = (wanted, heart_bpm, self._epoch)
        if told == self._told and now_s - self._told_s < 1.0:
            return ()
        self._told, self._told_s = told, now_s
        self._seq += 1
        way = wanted.speed_kph, wanted.incline_percent
        return (Intent(self._epoch, self._seq, now_s + DEADLINE_S, *way, heart_bpm),)

    def wish(self, now_s: float) -> Setpoint:
        """What the plan wants, but for a rise that waits for its announcement: after a freeze, or behind a late cue."""
        if self._held_back is None or now_s >= self._held_back[1]:
            return self.wanted
        held, wanted = self._held_back[0], self.wanted
        return Setpoint(min(held.speed_kph, wanted.speed_kph), min(held.incline_percent, wanted.incline_percent))

    def _thaw(self, snapshot: Snapshot, now_s: float) -> None:
        """A freeze begins or ends; one that was felt holds back what is still to rise, and says so.

        Held back while it lasts already, so that nothing rises between its end and the wish that follows. A freeze that
        comes sooner after another than that one lasted goes on with it.
        """
        sent = Setpoint(snapshot.sent_speed_kph, snapshot.sent_incline_percent)
        if snapshot.mode is not Mode.RUN:
            self._frozen_s = self._froze_s = self._thawed_s = self._held_back = None
        elif any(cause.action in (Action.FREEZE_RISES, Action.EASE) for cause in snapshot.causes):
            self._freeze(now_s)
            if self._frozen_s is not None and now_s - self._frozen_s >= FREEZE_FELT_S:
                self._held_back = (sent, math.inf)
        elif self._frozen_s is not None and self._thawed_s is None:
            self._thawed_s, felt = now_s, now_s - self._frozen_s >= FREEZE_FELT_S
            behind = self.wanted.speed_kph > sent.speed_kph or self.wanted.incline_percent > sent.incline_percent
            if felt:
                self._held_back = (sent, now_s + ANNOUNCED_S) if behind else None
            if felt and behind:
                again = utterance("rising-again", True, seconds=f"{ANNOUNCED_S:.0f}")
                self.say(replace(again, rise=True), now_s)

    def _freeze(self, now_s: float) -> None:
        """A freeze begins, goes on, or comes again too soon."""
        if self._frozen_s is None or self._froze_s is None:
            self._frozen_s = self._froze_s = now_s
        elif self._thawed_s is not None:
            again = now_s - self._thawed_s < self._thawed_s - self._froze_s
            self._frozen_s, self._froze_s = self._frozen_s if again else now_s, now_s
        self._thawed_s = None

    # --- what a person asks ---------------------------------------------------------------------------------

    def arm(self, now_s: float, checklist_done: bool = True) -> Said:
        """The start sequence begins."""
        plan, target = self.plan, engine.start_leads_to(self.plan.timeline, self.state)
        if self.state.phase in engine.ENDS:
            self.message = "there is no start now: this run has ended"
            return ()
        if target is None:
            self.message = "there is no start now: the plan goes on off the belt"
            return ()
        self.message = too_much_pain(plan.bounds, self.pain)
        if self.message is not None:
            return ()
        facing, belt = target.facing, target.belt
        return (
            Arm(
                self._epoch,
                now_s + DEADLINE_S,
                plan.run_id,
                plan.tier,
                facing,
                belt,
                plan.ceiling(facing, belt),
                checklist_done,
                key_tested=checklist_done and self.key_tested(facing, belt),
                session_max_s=plan.session_max_s,
                belt_empty=plan.empty_belt and self.belt_empty,
                heart=plan.heart,
                answers=plan.answers,
                machine_shown=self.machine_shown(),
                prescribed=limits(plan.bounds),
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
        return (*self._attended(), *self._asked(engine.PersonConfirmedOn(), now_s))

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
        """The next step of the plan; what warms up before a backward run is not skipped."""
        if self._refused("not skipped"):
            return ()
        why = warm_up_cut_short(self.plan.timeline, self.step, self._warm_s)
        if why is not None and self.state.phase is not Phase.READY:
            self.message = why
            return ()
        return self._asked(engine.NextRequested(), now_s)

    def previous_step(self, now_s: float) -> Said:
        """Back in the plan."""
        return () if self._refused("not gone back") else self._asked(engine.BackRequested(), now_s)

    def finish(self, now_s: float) -> Said:
        """The cool-down, then stop."""
        return self._asked(engine.FinishRequested(), now_s)

    def hold(self, now_s: float) -> Said:
        """Plan time waits, or goes on."""
        return self._asked(engine.HoldRequested(), now_s)

    def extend(self, now_s: float) -> Said:
        """A minute more of this step."""
        return () if self._refused("not made longer") else self._asked(engine.ExtendRequested(), now_s)

    def nudge(self, by_kph: float, now_s: float) -> Said:
        """Change the speed of this step; a rise past the limit in force is not even asked for."""
        if by_kph > 0 and (self._refused("not raised") or self._above_limit(self.wanted.speed_kph + by_kph)):
            return ()
        return self._changed(engine.NudgeRequested(by_kph), f"nudged by {by_kph:+.1f} km/h", now_s)

    def scale(self, by_percent: int, now_s: float) -> Said:
        """Scale the rest of the plan; a rise that would meet the limit in force is not even asked for."""
        percent = self.state.scale_percent + by_percent
        if by_percent > 0 and (
            self._refused("not raised") or self._above_limit(self._top_of_rest_kph() * percent / 100)
        ):
            return ()
        return self._changed(engine.ScaleRequested(by_percent), f"the rest scaled to {percent} %", now_s)

    def _changed(self, event: engine.Event, note: str, now_s: float) -> Said:
        before = self.state
        said = self._asked(event, now_s)
        if self.state is not before and note not in self.notes:
            self.notes = (*self.notes, f"{note} in step {self.state.step_index + 1}")[-NOTES_KEPT:]
        return said

    def _refused(self, wish: str) -> bool:
        """Whether the prescription is in the way of a wish for more, which it then says."""
        if self.plan.prescription is not None:
            self.message = only_less(self.plan.prescription, wish)
        return self.plan.prescription is not None

    def _above_limit(self, speed_kph: float) -> bool:
        limit = next((one for one in self.snapshot.limits if one.name == "speed"), None) if self.snapshot else None
        if limit is None or speed_kph <= limit.value + 1e-6:
            return False
        asked = speed_text(round(speed_kph, 2))
        self.message = f"not raised: {asked} is above {speed_text(limit.value)} ({limit.reason})"
        return True

    def _top_of_rest_kph(self) -> float:
        rest = [one for one in self.plan.timeline.steps[self.state.step_index :] if one.facing is self.step.facing]
        return max((max(one.entry.speed_kph, one.target.speed_kph) for one in rest), default=0.0)

    def confirm_turn(self, _now_s: float) -> Said:
        """The next of the two confirmations of a turn."""
        turn = None if self.snapshot is None else self.snapshot.turn
        if turn is None or turn.facing_confirmed:
            self.message = "there is nothing of a turn to confirm now"
            return ()
        what = TurnConfirm.FACING if turn.on_rails else TurnConfirm.ON_RAILS
        return (ConfirmTurn(self._epoch, what, turn.facing, turn.belt),)

    def continue_run(self, now_s: float) -> Said:
        """After the person's own stop: back to the step, as out of a pause; a whole new start follows."""
        if self.aftercare.continue_for_s(now_s) is None:
            self.message = "this run cannot go on from its step; a new one can begin"
            return ()
        said = self._asked(engine.ContinueRequested(), now_s)
        if self.state.phase is not Phase.PAUSED:
            return said
        self.aftercare, self.ended, self.ended_s = Aftercare(), None, None
        return (*said, Acknowledge(self._epoch))

    def all_right(self, _now_s: float) -> Said:
        """The person is all right: the answer after a stop, and to the attention check of a belt that moves."""
        self.aftercare = self.aftercare.answer()
        return self._attended()

    def _attended(self) -> Said:
        """Every press of it, asked for or not: only so can a key that is held be told from an answer."""
        moves = self.snapshot is not None and self.snapshot.mode in IN_MOTION
        return (Attend(),) if moves else ()

    def feel(self, what: Symptom, now_s: float) -> Said:
        """The person feels something: the belt is told to stop for it, and the plan ends."""
        return (Feel(what), *self.felt(what, now_s))

    def felt(self, what: Symptom, now_s: float) -> Said:
        """The guardian hears of it already; the plan ends here, and it stands in the summary."""
        self.symptom = what
        self.notes = (*self.notes, f"felt: {what.value}, in step {self.state.step_index + 1}")[-NOTES_KEPT:]
        return self.stopped_by_person(now_s)

    def rate(self, pain: int | None, effort: int | None) -> Said:
        """How much it hurts and how hard it is, as the person or a supervisor says; None: not said."""
        self.answers = self.answers.of(self._moment(), pain, effort)
        said = [f"{what} {level} of 10" for what, level in (("pain", pain), ("effort", effort)) if level is not None]
        if not said:
            return ()
        self.notes = (*self.notes, f"{', '.join(said)}, in step {self.state.step_index + 1}")[-NOTES_KEPT:]
        self.pain = self.pain if pain is None else pain
        return (Rate(pain, effort), *self._pain_bounded())

    def _pain_bounded(self) -> Said:
        """The stop for a pain that the guardian would bear and a bound of this person does not."""
        why = too_much_pain(self.plan.bounds, self.pain)
        if why is None or self.snapshot is None or self.snapshot.mode not in IN_MOTION:
            return ()
        self.message = why
        return (StopNow(StopBy.PROGRAM),)

    def _moment(self) -> Moment:
        """Before the belt first moved, in the session, or after its end."""
        if self.began_s is None:
            return Moment.BEFORE
        return Moment.AFTER if self.state.phase in engine.ENDS else Moment.DURING

    def acknowledge(self, key_tested: bool) -> Said:
        """The person has read the cause, and so is there."""
        self.aftercare = self.aftercare.answer()
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
        was, before, wished = self.state, self.state.phase, self.wish(now_s)
        step = engine.step(self.plan.timeline, was, event, now_s)
        self.state, self.wanted = step.state, step.wanted
        if before is Phase.RUNNING and now_s - was.clock_s > engine.CUE_SLACK_S and _announces(step.cues):
            self._held_back = (wished, now_s + ANNOUNCED_S)  # the program stood still, and its cue comes that much late
        if self._held_back is not None and self._held_back[1] < math.inf:  # a wish that falls rises no sooner either
            self._held_back = (self.wish(now_s), self._held_back[1])
        if self._record is not None:
            words = tuple(map(cue_words, step.cues))
            self._record(Taken(now_s, event, self.state.phase, self.state.step_index, self.wanted, words))
        if self.state.phase in _BETWEEN and before is not self.state.phase:
            self._rest_asked_s = -math.inf
        for cue in step.cues:
            if cue.kind is CueKind.STEP:
                self.cue = None if self.plan.empty_belt else cue.say
        self._speak(tuple(self.narrator.of_the_plan(cue) for cue in step.cues), now_s)
        self._accompany(was, now_s)
        if step.stop_reason is None or self.ended is not None:
            return ()
        self.ended, self._rest_asked_s = step.stop_reason, now_s
        if isinstance(event, engine.BeltStopped | engine.StopRequested):
            return ()
        return (StopNow(StopBy.PLAN if self.state.phase is Phase.FINISHED else StopBy.PROGRAM),)

    def _accompany(self, was: EngineState, now_s: float) -> None:
        """What is said between the cues, and the moment at which an announced rise has begun."""
        if self.state.phase is Phase.RUNNING:
            begun_s = (at_s for at_s in was.raises_at_s if at_s <= now_s)
            self.rises_s = (*self.rises_s, *begun_s)[-UTTERANCES_KEPT:]
        if not self.plan.empty_belt:
            self._speak(tuple(map(remarked, self._companion.between(self.plan.timeline, was, self.state))), now_s)

    def _speak(self, utterances: tuple[Utterance, ...], now_s: float) -> None:
        if utterances:
            self.utterances = (*self.utterances, *((now_s, one) for one in utterances))[-UTTERANCES_KEPT:]

    def say(self, utterance: Utterance, now_s: float) -> None:
        """Something of the run's own that is to be spoken."""
        self._speak((utterance,), now_s)

    def take_utterances(self) -> tuple[tuple[float, Utterance], ...]:
        """What is to be spoken since the last call, each with its planned moment; taken once."""
        taken, self.utterances = self.utterances, ()
        return taken

    def take_rises(self) -> tuple[float, ...]:
        """The moments at which announced rises began since the last call; taken once."""
        taken, self.rises_s = self.rises_s, ()
        return taken

    def summary(self, now_s: float) -> Summary:
        """What was done so far."""
        ended_s = now_s if self.ended_s is None else self.ended_s
        done = done_by(self.plan.timeline, self.state.plan_time_s)
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
            backward_s=done.backward_s,
            running_s=done.running_s,
            heart_mean_bpm=self.heart.mean_bpm,
            heart_max_bpm=self.heart.max_bpm,
            answers=self.answers,
            uptake=uptake_of(self.steady),
        )
