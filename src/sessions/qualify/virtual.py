"""A bench on virtual time: the guardian's core, a simulated machine, and a pair of hands beside it.

No thread, no clock and no sleep: the same machine, seed and hands give the same records.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ...devices.ftms.dialect import AS_SPECIFIED
from ...devices.simulated.answers import Pending
from ...devices.simulated.treadmill import SimulatedTreadmill
from ...guardian.core import Core, Outcome
from ...guardian.gate import Ticket
from ...guardian.messages import Heartbeat, Snapshot, Stepped, StopNow, Tried, Try
from ...guardian.trials import Trial, TrialPhase
from ...machine import CommandOutcome, DeviceProfile, Identity, LinkLost
from ...safety.inputs import StopBy
from ..machines.shown import HandWatch
from .listener import Listener
from .record import Record
from .verdict import Machine

TICK_S = 0.1
BEAT_TICKS = 2
# A radio takes a moment to find a machine again.
RELINK_S = 1.0
# From being asked to the hand on the key.
HAND_S = 2.0
# A belt that nothing stops is watched for no longer than this.
PATIENCE_S = 180.0


@dataclass(frozen=True, slots=True)
class Hands:
    """What the person does beside following: presses a key so long after a phase began (None: never).

    ``deaf``: does not pull the key or press stop when asked to, other than by an alarm.
    """

    stops_in: TrialPhase | None = None
    stops_after_s: float = 0.0
    deaf: bool = False


@dataclass(slots=True)
class VirtualBench:
    """A simulated machine that is tried out on virtual time. ``profile``: what is believed of it beforehand.

    ``eyes_kph``: the true speed of the belt at the end of each phase, as whoever stands beside it sees it.
    """

    treadmill: SimulatedTreadmill
    profile: DeviceProfile
    hands: Hands = Hands()
    now_s: float = 0.0
    ticks: int = 0
    highest_kph: float = 0.0
    core: Core = field(init=False)
    listener: Listener = field(init=False)
    phases: list[tuple[float, TrialPhase]] = field(default_factory=list)
    eyes_kph: dict[TrialPhase, float] = field(default_factory=dict)
    _answers: list[tuple[Ticket, CommandOutcome]] = field(default_factory=list)
    _pending: dict[int, Ticket] = field(default_factory=dict)
    _relink_s: float | None = None
    _hand_s: float | None = None
    _pressed: bool = False
    _key_out: bool = False
    _watch: HandWatch = field(default_factory=HandWatch)
    _hand: bool = False

    def __post_init__(self) -> None:
        self.core = Core(self.profile, 0.0)
        self.listener = Listener(Trial.WATCH)
        self._carry_out(self.core.linked(0.0))

    @property
    def machine(self) -> Machine:
        """As for every bench."""
        return Machine(self.profile, AS_SPECIFIED, Identity("sim", self.profile.name))

    def try_out(self, trial: Trial, show: Callable[[TrialPhase], None]) -> Record:
        """As for every bench."""
        self.listener, self._pressed, self.phases, self.eyes_kph = Listener(trial), False, [], {}
        if self._key_out:
            self.treadmill.insert_safety_key(self.now_s)
            self._key_out = False
        self._rest()
        asked = Try(self.core.epoch, self.now_s + 1.0, trial)
        self._carry_out(self.core.message(asked, self.now_s))
        began_s, shown = self.now_s, 0
        while not self.listener.over and self.now_s - began_s < PATIENCE_S:
            self.tick()
            for _, phase in self.phases[shown:]:
                show(phase)
            shown = len(self.phases)
        return self.listener.record

    def hand_seen(self) -> bool:
        """As for every bench: the hands stop the machine and let it go again."""
        self._watch, self._hand = HandWatch(), False
        self.watch(HAND_S)
        if not self.hands.deaf:
            self._pull()
        self.watch(HAND_S)
        if self._key_out:
            self.treadmill.insert_safety_key(self.now_s)
            self._key_out = False
        self.watch(HAND_S)
        return self._hand

    def _rest(self) -> None:
        """Until a trial may begin: three zeros over two seconds."""
        for _ in range(100):
            self.tick()
            if self.core.snapshot(self.now_s).standstill:
                return

    def watch(self, seconds: float) -> None:
        """Nothing is asked for; the guardian goes on as ever."""
        for _ in range(round(seconds / TICK_S)):
            self.tick()

    def tick(self) -> None:
        """A tenth of a second: the belt moves, everybody has a turn."""
        self.ticks += 1
        now_s = self.now_s = self.ticks * TICK_S
        reports = self.treadmill.advance(now_s)
        self.highest_kph = max(self.highest_kph, self.treadmill.belt_speed_kph)
        self._hand_answers_over()
        for report in reports:
            if isinstance(report, LinkLost):
                self._pending.clear()
            self._carry_out(self.core.report(report, now_s))
        if self.ticks % BEAT_TICKS == 0:
            self._carry_out(self.core.message(Heartbeat(self.ticks, 0.0, True), now_s))
        self._carry_out(self.core.tick(now_s))
        self._relink()
        self._person()

    def _hand_answers_over(self) -> None:
        answers, self._answers = self._answers, []
        for late in self.treadmill.answers(self.now_s):
            if (ticket := self._pending.pop(late.number, None)) is not None:
                answers.append((ticket, late.outcome))
        for ticket, outcome in answers:
            self._carry_out(self.core.answered(ticket, outcome, self.now_s))

    def _relink(self) -> None:
        if self._relink_s is None or self.now_s < self._relink_s:
            return
        self._relink_s = None
        if not self.core.wants_reconnect(self.now_s):
            return
        self.core.reconnecting()
        if self.treadmill.reconnect(self.now_s):
            self._carry_out(self.core.linked(self.now_s))
        else:
            self._relink_s = self.now_s + RELINK_S

    def _person(self) -> None:
        """Hands do what they were asked for, after their time; at an alarm they pull the key."""
        phase = self.phases[-1][1] if self.phases else None
        if phase is not None:
            self.eyes_kph[phase] = self.treadmill.belt_speed_kph
        since_s = self.now_s - self.phases[-1][0] if self.phases else 0.0
        hands = self.hands
        if phase is not None and phase is hands.stops_in and since_s >= hands.stops_after_s and not self._pressed:
            self._pressed = True
            self._carry_out(self.core.message(StopNow(StopBy.OPERATOR), self.now_s))
        if self.core.snapshot(self.now_s).alarm:
            self._hand_s = self.now_s if self._hand_s is None else self._hand_s
            if self.now_s - self._hand_s >= HAND_S:
                self._pull()
        elif phase is TrialPhase.HAND_NOW and not hands.deaf and HAND_S <= since_s < HAND_S + TICK_S:
            self._stop_by_hand()
        elif phase is TrialPhase.PUT_BACK and HAND_S <= since_s < HAND_S + TICK_S:
            self.treadmill.insert_safety_key(self.now_s)
            self._key_out = False

    def _stop_by_hand(self) -> None:
        if self.listener.trial is Trial.KEY_PULL:
            self._pull()
        else:
            self.treadmill.press_console_stop(self.now_s)

    def _pull(self) -> None:
        if not self._key_out:
            self._key_out = True
            self.treadmill.pull_safety_key(self.now_s)

    def _carry_out(self, outcome: Outcome) -> None:
        for ticket in outcome.tickets:
            answer = self.treadmill.perform(ticket.command, self.now_s)
            if isinstance(answer, Pending):
                self._pending[answer.number] = ticket
            else:
                self._answers.append((ticket, answer))
        if outcome.let_go:
            self.treadmill.drop_link(self.now_s, "the link was let go", returns_after_s=0.0)
        if outcome.reconnect and self._relink_s is None:
            self._relink_s = self.now_s + RELINK_S
        for message in outcome.messages:
            if isinstance(message, Stepped):
                self._hand = self._watch.saw(message) or self._hand
            if isinstance(message, Tried):
                self.phases.append((message.at_s, message.phase))
            if isinstance(message, Tried | Stepped | Snapshot):
                for said in self.listener.heard(message):
                    self._carry_out(self.core.message(said, self.now_s))
