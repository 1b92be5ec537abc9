"""The guardian without its process: messages, reports and moments in; tickets and messages out.

Everything that decides about a belt runs here, and time and transport are passed in: the process runs it on
a pipe and a link, ``simulate`` runs it on virtual time. One core serves one connection after another to one
machine; each connection has its epoch, and what belongs to an older epoch is dropped.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Any

from ..devices.heart.strap import StrapReading
from ..machine import (
    NOT_SAID,
    Accepted,
    BeltDirection,
    CommandOutcome,
    DeviceProfile,
    Identity,
    LinkLost,
    MachineNotice,
    Qualification,
    Rejected,
    Report,
    StopBelt,
    Stuck,
    TargetChanged,
    Telemetry,
    incline_to_dpct,
    speed_to_ckph,
)
from ..safety import inputs, supervisor
from ..safety.belt import AGE_CEILING_MS
from ..safety.config import Config
from ..safety.hazards import Action, Cause, Hazard
from ..safety.heart import AGE_CEILING_MS as HEART_AGE_CEILING_MS
from ..safety.heart import HeartCeiling, tightened
from ..safety.limits import Limits, limits_for
from ..safety.modes import AT_REST, ENDING, Mode
from ..safety.policy import cause
from ..safety.real_machines import not_armed
from ..safety.run import SESSION_MAX_MS
from ..safety.stopping import UNCONFIRMED_MS, Stop
from ..safety.tiers import TIERS
from ..safety.turning import DWELL_MS, Way, deck_dpct
from . import trials
from .gate import Gate, Ticket, deadline_s
from .messages import (
    Acknowledge,
    Arm,
    Armed,
    CancelStart,
    ConfirmTurn,
    FromGuardian,
    Heartbeat,
    HeartShown,
    HoldDone,
    HostSleeping,
    Intent,
    LimitInForce,
    Pause,
    Rest,
    Snapshot,
    Stepped,
    StopNow,
    StopShown,
    ToGuardian,
    Tried,
    Try,
    Turn,
    TurnShown,
)

# Five times a second, and at every change.
SNAPSHOT_MS = 200
# A report stamped further ahead than this is not from the clock that we share.
FUTURE_S = 0.1
# Reconnecting serves the stop alone: three tries within eight seconds, then only the key helps.
RECONNECT_TRIES = 3
RECONNECT_WITHIN_S = 8.0
# No belt runs or rises like this (FTMS itself ends at 655.35 km/h): what says so is no number to reckon with.
SENSELESS = 1_000.0
# A machine that stops in silence acts after half a second of it (Trackmaster); this is six times that, for timers whose
# length nobody has published, and leaves five seconds for the tries to reach it again.
SILENCE_S = 3.0
# With the supervisor itself broken, a stop goes out this often until the program is started anew.
BARE_STOP_MS = 1_000


@dataclass(slots=True)
class Outcome:
    """What one call asks of its caller: tickets for the writer, messages for main, a reconnect.

    ``let_go``: the link is to be ended on purpose; its end is then reported like any other.
    """

    tickets: tuple[Ticket, ...] = ()
    messages: tuple[FromGuardian, ...] = ()
    reconnect: bool = False
    let_go: bool = False


@dataclass(frozen=True, slots=True)
class Strapped:
    """A strap in use: what it last said of its contact to the skin, and why it is not heard, if so.

    ``simulated``: there is no body under it.
    """

    contact: bool | None = None
    trouble: str | None = None
    simulated: bool = False


class Core:
    """The supervisor, its gate and its memory of causes, for one machine."""

    def __init__(self, profile: DeviceProfile, now_s: float) -> None:
        self.epoch = 0
        self.state = supervisor.State()
        self.config = Config.unarmed(profile)
        self._gate = Gate()
        self._now_ms = _ms(now_s)
        self._run_id: str | None = None
        self._run_limits: dict[Way, Limits] = {}
        self._run_heart: HeartCeiling | None = None
        self._strap: Strapped | None = None
        self._intent_seq = -1
        self._told: dict[Hazard, Cause] = {}
        self._shown: tuple[object, ...] = ()
        self._snapshot_ms = -SNAPSHOT_MS
        self._distance_m: float | None = None
        self._machine_time_s: float | None = None
        self._tries = 0
        self._lost_s: float | None = None
        self._let_go_once = False
        self.quiet_until_s = -math.inf
        self._failed_ms: int | None = None
        self._identity = NOT_SAID
        self._other_machine: str | None = None
        self._fault_due = False
        self._trial: trials.Trying | None = None
        self.bare = False

    # --- what comes in --------------------------------------------------------------------------------------

    def linked(self, now_s: float, identity: Identity = NOT_SAID) -> Outcome:
        """A connection to the machine has come about: a new epoch. Another machine than before is read and stopped."""
        self.epoch += 1
        self._identity = identity if self._identity == NOT_SAID else self._identity
        if _contradict(self._identity, identity):
            self._other_machine = (
                f"another machine answers at this address now ({identity.name or identity.address}, before it was "
                f"{self._identity.name or self._identity.address}); it is read and stopped only: connect anew"
            )
        self._gate.forget()
        self._machine_time_s = None
        foreign = self._trial is not None and self._other_machine is not None
        stop = (inputs.StopAsked(inputs.StopBy.PROGRAM),) if foreign else ()
        return self._step(now_s, inputs.LinkCameUp(), *stop)

    def tick(self, now_s: float) -> Outcome:
        """Time has passed; due every 100 ms."""
        late = self._gate.overdue(now_s)
        return self._step(now_s, *(inputs.WriteOverdue(ticket.kind) for ticket in late))

    def report(self, report: Report, now_s: float) -> Outcome:
        """A report has arrived."""
        item = self._report_input(report, now_s)
        outcome = self._step(now_s, *(() if item is None else (item,)))
        if isinstance(report, LinkLost):
            self._gate.forget()
            self._lost_s, self._tries = now_s, 0
            outcome.reconnect = self.wants_reconnect(now_s)
        return outcome

    def reports(self, reports: tuple[Report, ...], now_s: float) -> Outcome:
        """Reports that came together, in their order and in one step; a lost link comes by itself."""
        items = [item for report in reports if (item := self._report_input(report, now_s)) is not None]
        return self._step(now_s, *items)

    def answered(self, ticket: Ticket, answer: CommandOutcome, now_s: float) -> Outcome:
        """A command has come back from the link. Late and foreign answers change nothing."""
        if not self._gate.answered(ticket) or ticket.epoch != self.epoch:
            return Outcome()
        if isinstance(answer, Stuck):
            return self._step(now_s, inputs.WriteOverdue(ticket.kind))
        return self._step(now_s, inputs.Answered(ticket.kind, _answer(answer)))

    def message(self, message: ToGuardian, now_s: float) -> Outcome:
        """A message from main. One of another epoch, or past its deadline, is dropped."""
        if isinstance(message, Arm):
            return self._arm(message, now_s)
        if isinstance(message, Try):
            return self._try(message, now_s)
        handler = _HANDLERS.get(type(message))
        items = () if handler is None else handler(self, message, now_s)
        return self._step(now_s, *items)

    def together(self, now_s: float, reports: tuple[Report, ...], messages: tuple[ToGuardian, ...]) -> Outcome:
        """A tick with all that came in since the last one, in one step of the supervisor; for virtual time."""
        late = self._gate.overdue(now_s)
        items: tuple[inputs.Input, ...] = tuple([inputs.WriteOverdue(ticket.kind) for ticket in late])
        for report in reports:
            item = self._report_input(report, now_s)
            items = items if item is None else (*items, item)
        for message in messages:
            handler = _HANDLERS.get(type(message))
            items = items if handler is None else (*items, *handler(self, message, now_s))
        return self._step(now_s, *items)

    def main_gone(self, now_s: float) -> Outcome:
        """Main has closed its end, or has died."""
        return self._step(now_s, inputs.LeaseRevoked())

    def strapped(self, strap: Strapped | None) -> None:
        """There is a strap in use, or none any more, and how its link is; for the screen alone."""
        self._strap = strap

    def heart(self, reading: StrapReading, now_s: float) -> Outcome:
        """The strap has said something. An interval of zero is no beat."""
        self._strap = Strapped(reading.contact, simulated=self._strap is not None and self._strap.simulated)
        beats = any(rr_s > 0 for rr_s in reading.rr_s)
        return self._step(now_s, inputs.HeartSeen(reading.bpm, reading.contact, beats))

    def suspended(self, seconds: float, now_s: float) -> Outcome:
        """The computer has slept for so long since the last look."""
        return self._step(now_s, inputs.Suspended(_ms(seconds)))

    def failed(self, error: Exception, now_s: float) -> Outcome:
        """Something of the guardian's own has failed around the supervisor: the belt stops."""
        self._now_ms = max(self._now_ms, _ms(now_s))
        return self._fault(now_s, 0, (), error)

    # --- what can be asked ----------------------------------------------------------------------------------

    def wants_reconnect(self, now_s: float) -> bool:
        """Whether a belt that may still move is worth another try; only to stop it, or to go on with a trial."""
        wanted = self.state.mode in ENDING if self._trial is None else self._trial.wants_link
        in_time = self._lost_s is not None and now_s - self._lost_s < RECONNECT_WITHIN_S
        return not self.state.link_up and wanted and in_time and self._tries < RECONNECT_TRIES

    def reconnecting(self) -> None:
        """A try has begun."""
        self._tries += 1

    def at_rest(self) -> bool:
        """Nothing moves as far as anybody knows: the link may be let go."""
        return self.state.mode in AT_REST and self._trial is None and not self._may_restart()

    def _may_restart(self) -> bool:
        """A machine that nobody has tried out was just stopped: some set their belt going again some seconds later."""
        untried = self.config.profile.qualification is Qualification.NONE
        just = self.state.mode is Mode.LATCHED and self.state.mode_ms < trials.KEEPS_STILL_MS
        return untried and just and self.state.link_up

    # --- inside ---------------------------------------------------------------------------------------------

    def _step(self, now_s: float, *items: inputs.Input) -> Outcome:
        now_ms = _ms(now_s)
        elapsed_ms = max(0, now_ms - self._now_ms)
        self._now_ms = max(self._now_ms, now_ms)
        if self._fault_due:
            items = (inputs.SelfFault(), *items)
        if self._trial is not None:
            return self._try_on(self._trial, now_s, elapsed_ms, items)
        return self._supervise(now_s, elapsed_ms, items)

    def _supervise(self, now_s: float, elapsed_ms: int, items: tuple[inputs.Input, ...]) -> Outcome:
        try:
            step = supervisor.step(self.config, self.state, elapsed_ms, items)
            tickets = tuple([self._gate.admit(self.config, one, self.epoch, now_s) for one in step.commands])
        except Exception as error:  # noqa: BLE001  whatever it is, the belt stops, and the fault is told
            return self._fault(now_s, elapsed_ms, items, error)
        self.state, self._fault_due = step.state, False
        told = self._told_to_main(now_s, elapsed_ms, items, step)
        return Outcome(tickets, told, let_go=self._lets_go(now_s))

    def _lets_go(self, now_s: float) -> bool:
        """Whether the line is let go now, because no stop over it has stopped the belt. Once a stop.

        A machine with a watchdog is then left in silence for a while. Any other one is reached anew where the stop
        hangs in the link and nothing falls: a link that takes no command is worth no more than none.
        """
        stop = self.state.stop
        if self.state.mode not in ENDING:
            self._let_go_once = False
        if stop is None or self._let_go_once or not self.state.link_up or self.state.mode is not Mode.ESCALATED:
            return False
        watchdog = self.config.profile.silence_stops and self._stops_in_vain(stop)
        hangs = stop.overdue and stop.no_fall_ms >= UNCONFIRMED_MS
        if self._still() or not (watchdog or hangs):
            return False
        self._let_go_once = True
        self.quiet_until_s = now_s + SILENCE_S if watchdog else -math.inf
        return True

    def _stops_in_vain(self, stop: Stop) -> bool:
        """It was repeated (where it may be) or is stuck in the link."""
        return stop.overdue or stop.frames > 1 or not self.config.profile.stop_repeat_ok

    def _try(self, message: Try, now_s: float) -> Outcome:
        """A trial begins, or main hears why not."""
        if self._stale(message.epoch, message.deadline_s, now_s):
            return Outcome()
        trying = self._no_trial() or trials.begin(message.trial, self.config.profile, self.state)
        if isinstance(trying, str):
            return Outcome(messages=(Tried(now_s, message.trial, trials.TrialPhase.REFUSED, trying),))
        self._trial = trying
        outcome = self._step(now_s)
        outcome.messages = (Tried(now_s, message.trial, trials.TrialPhase.BEGAN), *outcome.messages)
        return outcome

    def _no_trial(self) -> str | None:
        """Why nothing can be tried out now; None where it can, as far as the guardian's own state goes."""
        if self._other_machine is not None:
            return self._other_machine
        if self._trial is None and self.state.mode is Mode.IDLE:
            return None
        doing = self.state.mode.value if self._trial is None else f"in the trial {self._trial.trial.value}"
        return f"a trial begins only at rest and unarmed, and the belt is {doing}"

    def _try_on(self, trying: trials.Trying, now_s: float, elapsed_ms: int, items: tuple[inputs.Input, ...]) -> Outcome:
        """A moment of the trial that is under way. With its end, or a fault in it, the supervisor has the belt."""
        before, self._trial, self.state = self.state, None, trials.handed_over(trying, self.state, items)
        try:
            turned = trials.turn(trying, before, elapsed_ms, items)
            commands = () if turned.command is None else (turned.command,)
            tickets = tuple([self._gate.admit(trying.config, one, self.epoch, now_s, trial=True) for one in commands])
        except Exception as error:  # noqa: BLE001  whatever it is, the belt stops, and the fault is told
            return self._fault(now_s, elapsed_ms, items, error)
        if turned.stop is not None:
            outcome = self._stop_trial(now_s, elapsed_ms, items, turned)
        else:
            self.state, self._trial = turned.state, turned.trying
            told = self._told_to_main(now_s, elapsed_ms, items, supervisor.Step(self.state, commands))
            outcome = Outcome(tickets, told, let_go=turned.drop)
        if turned.reconnect or (turned.stop is not None and not self.state.link_up):
            self._lost_s, self._tries = now_s, 0
            outcome.reconnect = self.wants_reconnect(now_s)
        if turned.phase is not None:
            outcome.messages = (Tried(now_s, trying.trial, turned.phase, turned.message), *outcome.messages)
        return outcome

    def _stop_trial(
        self, now_s: float, elapsed_ms: int, items: tuple[inputs.Input, ...], turned: trials.Turned
    ) -> Outcome:
        """The supervisor hears all that came in, that the link is down where it is, and the stop."""
        assert turned.stop is not None, "a trial that ends with a stop says whose it is"
        down = () if turned.state.link_up or inputs.LinkWentDown() in items else (inputs.LinkWentDown(),)
        return self._supervise(now_s, elapsed_ms, (*items, *down, inputs.StopAsked(turned.stop)))

    def _told_to_main(
        self, now_s: float, elapsed_ms: int, items: tuple[inputs.Input, ...], step: supervisor.Step
    ) -> tuple[FromGuardian, ...]:
        """The messages of a step; where they cannot be made, main is blind, and the next step stops the belt."""
        try:
            return self._messages(now_s, elapsed_ms, items, step)
        except Exception as error:  # noqa: BLE001  the commands of this step go out all the same
            self._remember_fault(error)
            return ()

    def _remember_fault(self, error: Exception) -> Cause:
        """The fault as a cause; the supervisor hears of it with the next step, and again until one succeeds."""
        what = cause(
            Hazard.SELF_FAULT, f"the guardian failed ({type(error).__name__}: {error}); start the program anew"
        )
        self._fault_due = True
        self._told.setdefault(Hazard.SELF_FAULT, what)
        return what

    def _fault(self, now_s: float, elapsed_ms: int, items: tuple[inputs.Input, ...], error: Exception) -> Outcome:
        """The supervisor or the gate has failed: once more through it, then the bare stop, once a second."""
        what = self._remember_fault(error)
        if self._failed_ms is None:
            self._failed_ms = self._now_ms
            return self._step(now_s)
        due = not self.bare or self._now_ms - self._failed_ms >= BARE_STOP_MS
        tickets = (self._bare_stop(now_s),) if due and self._bare_stop_helps() else ()
        self._failed_ms = self._now_ms if due else self._failed_ms
        self.bare = True
        return Outcome(tickets, self._told_to_main(now_s, elapsed_ms, items, supervisor.Step(self.state, (), (what,))))

    def _bare_stop(self, now_s: float) -> Ticket:
        return Ticket(-self._now_ms, self.epoch, StopBelt(), now_s + deadline_s(self.config))

    def _bare_stop_helps(self) -> bool:
        """Where a stop too many might start the belt, it goes out once, and not to a belt that rests."""
        if self.config.profile.stop_repeat_ok:
            return True
        told = self.state.stop is not None and self.state.stop.frames > 0
        return not (self.bare or told or self.state.mode in AT_REST)

    def _messages(
        self, now_s: float, elapsed_ms: int, items: tuple[inputs.Input, ...], step: supervisor.Step
    ) -> tuple[FromGuardian, ...]:
        stepped = Stepped(now_s, elapsed_ms, items, step.commands, step.state.mode, step.causes)
        shown = (step.state.mode, tuple([one.hazard for one in step.causes]), self.epoch)
        if shown == self._shown and self._now_ms - self._snapshot_ms < SNAPSHOT_MS:
            return (stepped,)
        self._shown, self._snapshot_ms = shown, self._now_ms
        return (stepped, self.snapshot(now_s, step.causes))

    def snapshot(self, now_s: float, causes: tuple[Cause, ...] = ()) -> Snapshot:
        """The belt as it is known now. Causes of the stop in force come first, in the order they came."""
        state, belt = self.state, self.state.belt
        known = belt.speed_ckph is not None
        return Snapshot(
            at_s=now_s,
            epoch=self.epoch,
            mode=state.mode,
            action=max((one.action for one in causes), default=Action.ALLOW),
            causes=self._all_causes(causes),
            link_up=state.link_up,
            speed_kph=None if belt.speed_ckph is None else belt.speed_ckph / 100,
            incline_percent=None if belt.incline_dpct is None else belt.incline_dpct / 10,
            distance_m=self._distance_m,
            age_s=belt.age_ms / 1000 if known and belt.age_ms < AGE_CEILING_MS else None,
            sent_speed_kph=self._sent_ckph() / 100,
            sent_incline_percent=state.drive.sent_dpct / 10,
            standstill=self._still(),
            alarm=self.bare or state.mode is Mode.ESCALATED,
            start_in_s=self._start_in_s(),
            stop=self._stop_shown(),
            limits=self._limits(),
            turn=self._turn_shown(),
            heart=self._heart_shown(),
        )

    def _still(self) -> bool:
        """Confirmed standstill; not behind a start that was sent: zeros say nothing of what the belt is about to do."""
        state = self.state
        seen = state.link_up and state.belt.standstill(self.config.times.late_ms)
        return seen and state.mode is not Mode.STARTING and self._trial is None

    def _all_causes(self, causes: tuple[Cause, ...]) -> tuple[Cause, ...]:
        for one in causes:
            if one.hazard not in self._told:
                self._told[one.hazard] = one
        kept = tuple(self._told.get(hazard) or cause(hazard) for hazard in self.state.hazards)
        self._told = {one.hazard: one for one in kept}
        return kept + tuple(one for one in causes if one.hazard not in self._told)

    def _sent_ckph(self) -> int:
        state = self.state
        if state.mode in AT_REST:
            return 0
        if state.stop is not None:
            return 0 if state.stop.frame_ms is not None else state.stop.sent_ckph
        return state.drive.sent_ckph

    def _start_in_s(self) -> float | None:
        if self.state.mode is not Mode.COUNTDOWN:
            return None
        return max(0, self.config.countdown_ms - self.state.mode_ms) / 1000

    def _stop_shown(self) -> StopShown | None:
        stop = self.state.stop
        if stop is None or self.state.mode not in ENDING:
            return None
        return StopShown(stop.kind, stop.frames, stop.since_ms / 1000)

    def _turn_shown(self) -> TurnShown | None:
        state, turn = self.state, self.state.turn
        if turn is None or state.mode is not Mode.TURN:
            return None
        needs = turn.needs(deck_dpct(state.belt, state.drive.sent_dpct), state.run.key_tested)
        still_s = turn.still_ms / 1000
        confirmed = turn.on_rails, turn.facing_confirmed
        return TurnShown(turn.facing, turn.belt, *confirmed, still_s, DWELL_MS / 1000, needs)

    def _heart_shown(self) -> HeartShown | None:
        ceiling, strap, heart = self.config.heart, self._strap, self.state.heart
        if strap is None and ceiling is None:
            return None
        contact, trouble = (None, None) if strap is None else (strap.contact, strap.trouble)
        known = heart.last_bpm is not None and heart.age_ms < HEART_AGE_CEILING_MS
        bpm, age_s = (heart.last_bpm, heart.age_ms / 1000) if known else (None, None)
        return HeartShown(bpm, age_s, contact, None if ceiling is None else ceiling.bpm, trouble)

    def _limits(self) -> tuple[LimitInForce, ...]:
        limits = self.state.run.limits(self.config.limits)
        return (
            LimitInForce("speed", limits.speed_ckph.value / 100, "km/h", limits.speed_ckph.reason),
            LimitInForce("incline", limits.incline_dpct.value / 10, "%", limits.incline_dpct.reason),
        )

    def _report_input(self, report: Report, now_s: float) -> inputs.Input | None:
        if isinstance(report, LinkLost):
            return inputs.LinkWentDown()
        if isinstance(report, MachineNotice):
            return inputs.Said(report)
        if isinstance(report, TargetChanged):
            return _target_seen(report)
        return self._seen(report, now_s)

    def _seen(self, report: Telemetry, now_s: float) -> inputs.Seen | None:
        """A report as the supervisor knows it; None for one that is no good: no speed, no number, the future."""
        speed_kph, incline_percent = report.speed_kph, report.incline_percent
        ahead_s = report.measured_at_s - now_s
        if speed_kph is None or not 0 <= speed_kph < SENSELESS or not -math.inf < ahead_s <= FUTURE_S:
            return None
        if incline_percent is not None and not 0 <= incline_percent < SENSELESS:
            incline_percent = None
        return inputs.Seen(
            speed_to_ckph(speed_kph),
            None if incline_percent is None else incline_to_dpct(incline_percent),
            self._counters_moved(report),
            min(max(0, _ms(-ahead_s)), AGE_CEILING_MS),
            report.belt,
        )

    def _counters_moved(self, report: Telemetry) -> bool | None:
        if report.distance_m is not None and 0 <= report.distance_m < math.inf:
            self._distance_m = report.distance_m
        if report.machine_time_s is None or not math.isfinite(report.machine_time_s):
            return None
        moved = report.machine_time_s != self._machine_time_s
        self._machine_time_s = report.machine_time_s
        return moved

    def _arm(self, message: Arm, now_s: float) -> Outcome:
        if self._stale(message.epoch, message.deadline_s, now_s):
            return Outcome()
        config = self._config_for(message)
        refusal = self._refusal(message, config)
        if config is None or refusal is not None:
            return Outcome(messages=(self.snapshot(now_s, (cause(Hazard.ARM_REFUSED, refusal),)),))
        same_run, self.config = message.run_id == self._run_id, config
        way = message.facing, message.belt
        armed = Armed(now_s, config.profile, message.tier, *way, message.plan, config.limits, config.heart)
        max_ms = _ms(min(message.session_max_s, SESSION_MAX_MS / 1000)) if message.session_max_s > 0 else 0
        outcome = self._step(now_s, inputs.ArmAsked(same_run, message.key_tested, max_ms))
        outcome.messages = (armed, *outcome.messages)
        if self.state.mode is Mode.ARMED:
            self._run_limits = self._run_limits if same_run else {}
            self._run_limits[way] = config.limits
            self._run_heart = config.heart
            self._run_id = message.run_id
        return outcome

    def _config_for(self, message: Arm) -> Config | None:
        """The numbers of this arming; within one run no limit of one way is wider than it was. None: no such tier."""
        tier, profile = TIERS.get(message.tier), self.config.profile
        if tier is None:
            return None
        limits = limits_for(profile, tier, message.plan, message.facing, message.belt)
        before = self._run_limits.get((message.facing, message.belt))
        if message.run_id == self._run_id and before is not None:
            limits = limits.tighten(before)
        heart = tightened(self._run_heart, message.heart) if message.run_id == self._run_id else message.heart
        return Config.of(profile, tier, limits, message.facing, message.belt).under(heart)

    def _refusal(self, message: Arm, config: Config | None) -> str | None:
        """Why this arming cannot be; None where it can, as far as the message goes."""
        if config is None:
            return f"there is no tier {message.tier!r}; the tiers are {', '.join(TIERS)}"
        if self.state.mode not in (Mode.IDLE, Mode.PAUSED, Mode.TURN):
            return f"arming is possible only at rest, and the belt is {self.state.mode.value}"
        if self._trial is not None:
            return "a trial with nobody on the belt is under way"
        if not message.checklist_done:
            return "the checklist is not complete"
        if self._other_machine is not None:
            return self._other_machine
        unfit = not_armed(config.profile, message.tier, message.facing, message.belt, message.belt_empty)
        if unfit is not None:
            return unfit
        if self._strap is not None and self._strap.simulated and not (config.profile.simulated or message.belt_empty):
            return "the heart-rate strap is a simulated one and somebody is on a real belt: choose a real one, or none"
        if message.belt is not BeltDirection.FORWARD and not config.profile.reverses:
            return f"{config.profile.name} is not known to run its belt backwards"
        lowest, limit = config.profile.capabilities.speed_min_ckph, config.limits.speed_ckph
        if limit.value < lowest:
            return (
                f"the lowest speed of the belt, {lowest / 100} km/h, is above {limit.value / 100} km/h ({limit.reason})"
            )
        return None

    def _stale(self, epoch: int, deadline_s: float, now_s: float) -> bool:
        return epoch != self.epoch or not now_s <= deadline_s

    def _hold_done(self, message: HoldDone, now_s: float) -> tuple[inputs.Input, ...]:
        return () if self._stale(message.epoch, message.deadline_s, now_s) else (inputs.HoldCompleted(),)

    def _intent(self, message: Intent, now_s: float) -> tuple[inputs.Input, ...]:
        if self._stale(message.epoch, message.deadline_s, now_s) or message.seq <= self._intent_seq:
            return ()
        speed_kph, incline_percent = message.speed_kph, message.incline_percent
        if not (0 <= speed_kph < SENSELESS and 0 <= incline_percent < SENSELESS):
            return ()
        self._intent_seq = message.seq
        return (inputs.Wanted(speed_to_ckph(speed_kph), incline_to_dpct(incline_percent)),)


def _contradict(one: Identity, other: Identity) -> bool:
    """Whether two answers are of two machines; what one of them leaves out contradicts nothing."""
    return any(mine and its and mine != its for mine, its in zip(astuple(one), astuple(other), strict=True))


def _ms(moment_s: float) -> int:
    return math.floor(moment_s * 1000)


def _answer(outcome: CommandOutcome) -> inputs.Answer:
    if isinstance(outcome, Accepted):
        return inputs.Answer.ACCEPTED
    return inputs.Answer.REJECTED if isinstance(outcome, Rejected) else inputs.Answer.UNKNOWN


def _heartbeat(_core: Core, message: Heartbeat, _now_s: float) -> tuple[inputs.Input, ...]:
    """A beat as the supervisor knows it; an age that is none counts as the oldest."""
    return (
        inputs.Beat(
            _age_ms(message.ui_age_s),
            message.input_alive,
            message.unreachable,
            _age_ms(message.recorder_age_s),
            message.recorder_failed,
            message.cues_ok,
        ),
    )


def _age_ms(age_s: float) -> int:
    return min(_ms(age_s), AGE_CEILING_MS) if 0 <= age_s < math.inf else AGE_CEILING_MS


def _target_seen(report: TargetChanged) -> inputs.TargetSeen | None:
    """The target of the machine; an axis with a number that is none was not spoken of."""
    speed_kph, incline_percent = report.speed_kph, report.incline_percent
    speed_ckph = None if speed_kph is None or not 0 <= speed_kph < SENSELESS else speed_to_ckph(speed_kph)
    sensible = incline_percent is not None and 0 <= incline_percent < SENSELESS
    incline_dpct = incline_to_dpct(incline_percent) if sensible and incline_percent is not None else None
    return None if speed_ckph is None and incline_dpct is None else inputs.TargetSeen(speed_ckph, incline_dpct)


def _acknowledge(core: Core, message: Acknowledge, _now_s: float) -> tuple[inputs.Input, ...]:
    return (inputs.Acknowledged(message.key_tested),) if message.epoch == core.epoch else ()


def _pause(core: Core, message: Pause, _now_s: float) -> tuple[inputs.Input, ...]:
    return (inputs.PauseAsked(),) if message.epoch == core.epoch else ()


def _rest(core: Core, message: Rest, _now_s: float) -> tuple[inputs.Input, ...]:
    return (inputs.RestAsked(),) if message.epoch == core.epoch else ()


def _turn(core: Core, message: Turn, _now_s: float) -> tuple[inputs.Input, ...]:
    return (inputs.TurnAsked(message.facing, message.belt),) if message.epoch == core.epoch else ()


def _confirm_turn(core: Core, message: ConfirmTurn, _now_s: float) -> tuple[inputs.Input, ...]:
    """Only what is confirmed of the turn that is under way counts."""
    turn = core.state.turn
    if message.epoch != core.epoch or turn is None or turn.way != (message.facing, message.belt):
        return ()
    return (inputs.TurnConfirmed(message.what),)


_Handler = Callable[[Core, Any, float], tuple[inputs.Input, ...]]
_HANDLERS: dict[type[ToGuardian], _Handler] = {
    Heartbeat: _heartbeat,
    HoldDone: Core._hold_done,
    CancelStart: lambda _core, _message, _now_s: (inputs.StartCancelled(),),
    Intent: Core._intent,
    Pause: _pause,
    Rest: _rest,
    Turn: _turn,
    ConfirmTurn: _confirm_turn,
    HostSleeping: lambda _core, _message, _now_s: (inputs.HostSleeps(),),
    StopNow: lambda _core, message, _now_s: (inputs.StopAsked(message.by),),
    Acknowledge: _acknowledge,
}
