"""The guardian without its process: messages, reports and moments in; tickets and messages out.

Everything that decides about a belt runs here, and time and transport are passed in: the process runs it on
a pipe and a link, ``simulate`` runs it on virtual time. One core serves one connection after another to one
machine; each connection has its epoch, and what belongs to an older epoch is dropped.

    hearing, asking   what the machine reports, what main asks  ->  inputs of the supervisor
    arming            what a run is held to, and why it cannot begin
    reaching          when a line is let go, when a lost one is sought again
    showing           what main is told
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace

from ..devices.heart.strap import StrapReading
from ..machine import (
    NOT_SAID,
    CommandOutcome,
    DeviceProfile,
    Identity,
    LinkLost,
    Qualification,
    Report,
    StopBelt,
    Stuck,
)
from ..safety import inputs, supervisor
from ..safety.config import Config
from ..safety.hazards import Cause, Hazard
from ..safety.modes import AT_REST, ENDING, Mode
from ..safety.policy import cause
from ..safety.run import SESSION_MAX_MS
from . import trials
from .arming import Arming, Surroundings, no_such_tier, refusal
from .asking import Asking, Now
from .gate import Gate, Ticket, deadline_s
from .hearing import Hearing, answer, whole_ms
from .messages import Arm, Armed, FromGuardian, Snapshot, Stepped, ToGuardian, Tried, Try
from .reaching import Reaching
from .showing import Scene, Showing, Strapped
from .standby.messages import Belt

# With the supervisor itself broken, a stop goes out this often until the program is started anew: as often as one
# that is not obeyed.
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


class Core:
    """The supervisor and its gate, for one machine."""

    def __init__(self, profile: DeviceProfile, now_s: float) -> None:
        self.epoch = 0
        self.state = supervisor.State()
        self.config = Config.unarmed(profile)
        self._gate = Gate()
        self._now_ms = self._stepped_ms = whole_ms(now_s)
        self._hearing, self._asking, self._arming = Hearing(), Asking(), Arming()
        self._reaching, self._showing = Reaching(), Showing()
        self._strap: Strapped | None = None
        self._failed = False
        self._stop_ms: int | None = None
        self._identity = NOT_SAID
        self._other_machine: str | None = None
        self._doubt: str | None = None
        self._fault_due = False
        self._trial: trials.Trying | None = None
        self.bare = self._bare_stop_left = self._stop_left = False

    # --- what comes in --------------------------------------------------------------------------------------

    def linked(self, now_s: float, identity: Identity = NOT_SAID, doubt: str | None = None) -> Outcome:
        """A connection to the machine has come about: a new epoch. Another machine than before is read and stopped.

        ``doubt``: why nothing is armed over this connection, as a sentence; the next one may be without it.
        """
        self.epoch += 1
        self._doubt = doubt
        self._identity = identity if self._identity == NOT_SAID else self._identity
        if _contradict(self._identity, identity):
            self._other_machine = (
                f"another machine answers at this address now ({identity.name or identity.address}, before it was "
                f"{self._identity.name or self._identity.address}); it is read and stopped only: connect anew"
            )
        self._gate.forget()
        self._bare_stop_left, self._stop_ms = False, None  # what left on another link may have reached nobody
        self._hearing.anew()
        foreign = self._trial is not None and self._other_machine is not None
        stop = (inputs.StopAsked(inputs.StopBy.PROGRAM),) if foreign else ()
        return self._step(now_s, inputs.LinkCameUp(), *stop)

    def tick(self, now_s: float) -> Outcome:
        """Time has passed; due every 100 ms."""
        late = self._gate.overdue(now_s)
        return self._step(now_s, *(inputs.WriteOverdue(ticket.kind) for ticket in late))

    def report(self, report: Report, now_s: float) -> Outcome:
        """A report has arrived."""
        return self.reports((report,), now_s)

    def reports(self, reports: tuple[Report, ...], now_s: float) -> Outcome:
        """Reports that came together, in their order and in one step: a lost link, the last of them, is known before
        anything is sent because of the others."""
        items = [item for report in reports if (item := self._hearing.understood(report, now_s)) is not None]
        outcome = self._step(now_s, *items)
        if any(isinstance(report, LinkLost) for report in reports):
            self._gate.forget()
            self._bare_stop_left = False
            self._reaching.lost(now_s)
            outcome.reconnect = self.wants_reconnect(now_s)
        return outcome

    def answered(self, ticket: Ticket, outcome: CommandOutcome, now_s: float) -> Outcome:
        """A command has come back from the link. Late and foreign answers change nothing."""
        if not self._gate.answered(ticket) or ticket.epoch != self.epoch:
            return Outcome()
        if isinstance(outcome, Stuck):
            return self._step(now_s, inputs.WriteOverdue(ticket.kind))
        return self._step(now_s, inputs.Answered(ticket.kind, answer(outcome)))

    def message(self, message: ToGuardian, now_s: float) -> Outcome:
        """A message from main. One of another epoch, or past its deadline, is dropped."""
        if isinstance(message, Arm):
            return self._arm(message, now_s)
        if isinstance(message, Try):
            return self._try(message, now_s)
        return self._step(now_s, *self._asking.understood(message, self._now(now_s)))

    def together(self, now_s: float, reports: tuple[Report, ...], messages: tuple[ToGuardian, ...]) -> Outcome:
        """A tick with all that came in since the last one, in one step of the supervisor; for virtual time."""
        late = self._gate.overdue(now_s)
        items: tuple[inputs.Input, ...] = tuple([inputs.WriteOverdue(ticket.kind) for ticket in late])
        for report in reports:
            item = self._hearing.understood(report, now_s)
            items = items if item is None else (*items, item)
        for message in messages:
            items = (*items, *self._asking.understood(message, self._now(now_s)))
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
        return self._step(now_s, inputs.Suspended(whole_ms(seconds)))

    def failed(self, error: Exception, now_s: float) -> Outcome:
        """Something of the guardian's own has failed around the supervisor: the belt stops."""
        self._now_ms = max(self._now_ms, whole_ms(now_s))
        return self._fault(now_s, 0, (), error)

    # --- what can be asked ----------------------------------------------------------------------------------

    def wants_reconnect(self, now_s: float) -> bool:
        """Whether another try is worth it: to stop a belt that may still move, to go on with a trial, or to listen."""
        listens = self._only_listens()
        wanted = listens or (self.state.mode in ENDING if self._trial is None else self._trial.wants_link)
        return not self.state.link_up and wanted and self._reaching.in_time(now_s, listens)

    def _only_listens(self) -> bool:
        """The link was lost at rest: a new one moves nothing, but shows a belt that starts itself."""
        return self._trial is None and self.state.mode in (Mode.DISCONNECTED, Mode.LATCHED, Mode.FAULT)

    def reconnecting(self) -> None:
        """A try has begun."""
        self._reaching.tried(self._now_ms / 1000, self._only_listens())

    @property
    def only_read(self) -> str | None:
        """Why nothing is armed over this connection, whatever the machine; None where that is not in its way."""
        return self._doubt or self._other_machine

    @property
    def quiet_until_s(self) -> float:
        """The moment before which the machine is not to be reached: its own watchdog stops it in silence."""
        return self._reaching.quiet_until_s

    def at_rest(self) -> bool:
        """Nothing moves as far as anybody knows: the link may be let go."""
        return self.state.mode in AT_REST and self._trial is None and not self._may_restart()

    def belt(self) -> Belt:
        """What a standby has to know: whether the belt may move, and whether a stop has gone to it already.

        A frame that nobody took before the link was lost may have reached nobody; it goes again, as ours would. Nor has
        a stop gone, the bare one or another, where it was spared, or found no link.
        """
        stop = self.state.stop
        taken = stop is not None and stop.frames > 0 and stop.accepted
        return Belt(not self.at_rest(), (self._bare_stop_left and self.state.link_up) or self._stop_left or taken)

    def _may_restart(self) -> bool:
        """A machine that nobody has tried out was just stopped: some set their belt going again some seconds later."""
        untried = self.config.profile.qualification is Qualification.NONE
        just = self.state.mode is Mode.LATCHED and self.state.mode_ms < trials.KEEPS_STILL_MS
        return untried and just and self.state.link_up

    # --- inside ---------------------------------------------------------------------------------------------

    def _step(self, now_s: float, *items: inputs.Input) -> Outcome:
        self._now_ms = max(self._now_ms, whole_ms(now_s))
        elapsed_ms = self._now_ms - self._stepped_ms  # with the time of steps that failed
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
        self.state, self._fault_due, self._stepped_ms = step.state, False, self._now_ms
        stops = any(isinstance(one, StopBelt) for one in step.commands)
        self._stop_ms = self._now_ms if stops else self._stop_ms
        self._stop_left = (self._stop_left or stops) and step.state.link_up and step.state.stop is not None
        scene = self._scene(now_s)
        told = self._told_to_main(scene, elapsed_ms, items, step)
        return Outcome(tickets, told, let_go=self._reaching.lets_go(scene))

    def _try(self, message: Try, now_s: float) -> Outcome:
        """A trial begins, or main hears why not."""
        if self._now(now_s).past(message):
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
        self.config = replace(self.config, belt=trying.config.belt)
        try:
            turned = trials.turn(trying, before, elapsed_ms, items)
            commands = () if turned.command is None else (turned.command,)
            tickets = tuple([self._gate.admit(trying.config, one, self.epoch, now_s, trial=True) for one in commands])
        except Exception as error:  # noqa: BLE001  whatever it is, the belt stops, and the fault is told
            return self._fault(now_s, elapsed_ms, items, error)
        if turned.stop is not None:
            outcome = self._stop_trial(now_s, elapsed_ms, items, turned)
        else:
            self.state, self._trial, self._stepped_ms = turned.state, turned.trying, self._now_ms
            step = supervisor.Step(self.state, commands)
            told = self._told_to_main(self._scene(now_s), elapsed_ms, items, step)
            outcome = Outcome(tickets, told, let_go=turned.drop)
        if turned.reconnect or (turned.stop is not None and not self.state.link_up):
            self._reaching.lost(now_s)
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
        self, scene: Scene, elapsed_ms: int, items: tuple[inputs.Input, ...], step: supervisor.Step
    ) -> tuple[FromGuardian, ...]:
        """The messages of a step; where they cannot be made, main is blind, and the next step stops the belt."""
        try:
            stepped = Stepped(scene.at_s, elapsed_ms, items, step.commands, step.state.mode, step.causes)
            return self._showing.messages(scene, stepped)
        except Exception as error:  # noqa: BLE001  the commands of this step go out all the same
            self._remember_fault(error)
            return ()

    def _remember_fault(self, error: Exception) -> Cause:
        """The fault as a cause; the supervisor hears of it with the next step, and again until one succeeds."""
        what = cause(
            Hazard.SELF_FAULT, f"the guardian failed ({type(error).__name__}: {error}); start the program anew"
        )
        self._fault_due = True
        self._showing.remember(what)
        return what

    def _fault(self, now_s: float, elapsed_ms: int, items: tuple[inputs.Input, ...], error: Exception) -> Outcome:
        """The supervisor or the gate has failed: once more through it, then the bare stop, a second after any other."""
        what = self._remember_fault(error)
        if not self._failed:
            self._failed = True
            return self._step(now_s)
        due = self._stop_ms is None or self._now_ms - self._stop_ms >= BARE_STOP_MS
        tickets = (self._bare_stop(now_s),) if due and self._bare_stop_helps() else ()
        self._stop_ms = self._now_ms if tickets else self._stop_ms
        self.bare, self._bare_stop_left = True, self._bare_stop_left or (self.state.link_up and bool(tickets))
        step = supervisor.Step(self.state, (), (what,))
        return Outcome(tickets, self._told_to_main(self._scene(now_s), elapsed_ms, items, step))

    def _bare_stop(self, now_s: float) -> Ticket:
        return Ticket(-self._now_ms, self.epoch, StopBelt(), now_s + deadline_s(self.config))

    def _bare_stop_helps(self) -> bool:
        """Where a stop too many might start the belt, it goes out once, and not to a belt that rests."""
        if self.config.profile.stop_repeat_ok:
            return True
        told = self.state.stop is not None and self.state.stop.frames > 0
        return not (self.bare or told or self.state.mode in AT_REST)

    def snapshot(self, now_s: float, causes: tuple[Cause, ...] = ()) -> Snapshot:
        """The belt as it is known now. Causes of the stop in force come first, in the order they came."""
        return self._showing.snapshot(self._scene(now_s), causes)

    def _scene(self, now_s: float) -> Scene:
        """As it is known now: behind a step that failed, and between two, the last report is older than it was."""
        distance_m, trying, state = self._hearing.distance_m, self._trial is not None, self.state
        passed_ms = whole_ms(now_s) - self._stepped_ms
        if passed_ms > 0:
            state = replace(state, belt=state.belt.aged(passed_ms, self.config.times.late_ms))
        return Scene(now_s, self.epoch, self.config, state, distance_m, self._strap, self.bare, trying)

    def _now(self, now_s: float) -> Now:
        return Now(now_s, self.epoch, self.state.turn)

    def _arm(self, message: Arm, now_s: float) -> Outcome:
        if self._now(now_s).past(message):
            return Outcome()
        config = self._arming.config_for(message, self.config.profile)
        why_not = no_such_tier(message) if config is None else refusal(message, config, self._surroundings())
        if config is None or why_not is not None:
            return Outcome(messages=(self.snapshot(now_s, (cause(Hazard.ARM_REFUSED, why_not),)),))
        same_run, self.config = self._arming.in_same_run(message), config
        way = message.facing, message.belt
        armed = Armed(now_s, config.profile, message.tier, *way, message.plan, config.limits, config.heart, config.asks)
        max_ms = whole_ms(min(message.session_max_s, SESSION_MAX_MS / 1000)) if message.session_max_s > 0 else 0
        outcome = self._step(now_s, inputs.ArmAsked(same_run, message.key_tested, max_ms))
        outcome.messages = (armed, *outcome.messages)
        if self.state.mode is Mode.ARMED:
            self._arming.keep(message, config)
            self._asking = self._asking if same_run else Asking()
        return outcome

    def _surroundings(self) -> Surroundings:
        simulated_strap = self._strap is not None and self._strap.simulated
        return Surroundings(self.state.mode, self._trial is not None, self.only_read, simulated_strap)


def _contradict(one: Identity, other: Identity) -> bool:
    """Whether two answers are of two machines; what one of them leaves out contradicts nothing."""
    return any(mine and its and mine != its for mine, its in zip(astuple(one), astuple(other), strict=True))
