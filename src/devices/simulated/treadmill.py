"""One simulated treadmill: commands in, reports out, a belt with inertia between them."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from ...machine import Command, CommandOutcome, DeviceProfile, Report, Unknown
from .agenda import Agenda, Rank
from .answers import Answers, LateAnswer, Pending
from .archetype import Archetype
from .faults import TimedFault, fault_named
from .parts import Parts
from .reports import Reporter
from .works import Works


class SimulatedTreadmill:
    """A treadmill that is a pure function of its archetype, faults, seed and what is done to it when.

    It has no clock: every moment is an argument, in seconds on the caller's monotonic clock, and never goes
    back. What happens between two calls happens at its own due moment, so it makes no difference how often
    ``advance`` is called. The cost of a call grows with the number of reports that became due, nothing else.

    Commands are answered at once, unless the archetype or a fault has it otherwise, and take effect after the
    archetype's lag, in order. A fault's moment counts from ``starts_at_s``.

    Not simulated:
    - a person: no weight that loads the motor, no foot strikes, no slip, no handrails, no heart rate
    - a belt that overshoots, hunts or slips; a motor that overheats
    - rounded corners of a ramp: speed changes at one constant rate up and one down
    - answers that come out of order, or that belong to another command
    - reports with missing, cut or split fields; counters that run backward or restart
    - a pause apart from a stop; a deck that goes back to level by itself after a stop
    - a console whose own speed keys change the target, other than as another program; a reboot that shows
    - a belt that runs backward
    - Bluetooth and serial frames: this machine speaks in ``machine``'s nouns and has no wire
    """

    def __init__(
        self, archetype: Archetype, faults: tuple[TimedFault, ...] = (), seed: int = 0, starts_at_s: float = 0.0
    ) -> None:
        """Raises ValueError for a fault that nobody knows."""
        self._profile = archetype.profile
        self._now_s = starts_at_s
        self._agenda = agenda = Agenda()
        self._works = works = Works(archetype, agenda, self._tell, starts_at_s)
        self._reporter = reporter = Reporter(archetype, agenda, seed, starts_at_s, works.look)
        self._answers = answers = Answers(archetype.answer_after_s)
        self._parts = Parts(archetype, agenda, works, reporter, answers)
        for fault in faults:
            agenda.put(starts_at_s + fault.at_s, Rank.FAULT, partial(fault_named(fault.name).effect, self._parts))
        self._note_wake()

    @property
    def profile(self) -> DeviceProfile:
        """How this machine behaves, as far as a healthy one of its kind tells."""
        return self._profile

    @property
    def belt_speed_kph(self) -> float:
        """The speed that the belt really has; for judges, never for rules."""
        return self._works.speed_kph(self._now_s)

    @property
    def belt_target_kph(self) -> float:
        """The speed that the belt is on its way to."""
        return self._works.belt.speed.to_value

    @property
    def deck_incline_percent(self) -> float:
        """The incline that the deck really has."""
        return self._works.deck.value_at(self._now_s)

    @property
    def belt_travel_m(self) -> float:
        """The belt that really passed since the treadmill began, in metres."""
        return self._works.belt.travel_m_at(self._now_s)

    @property
    def link_up(self) -> bool:
        """There is a connection: it was not lost, or was made anew."""
        return self._parts.link_up

    @property
    def reachable(self) -> bool:
        """A new connection would come about."""
        return self._parts.reachable

    @property
    def link_stuck(self) -> bool:
        """Commands hang in the link: none arrives, and none is answered."""
        return self._answers.stuck

    @property
    def taken_over(self) -> bool:
        """Another program has the control."""
        return self._works.taken_over

    @property
    def next_report_due_s(self) -> float | None:
        """When ``advance`` next has a report to give; ``None`` when there will be none without a new cause."""
        return self._reporter.next_due_s(self._now_s)

    @property
    def next_answer_due_s(self) -> float | None:
        """When ``answers`` next has one to give; ``None`` when none is on its way."""
        due_s = self._answers.next_due_s
        return None if due_s == math.inf else max(due_s, self._now_s)

    # What a caller does

    def advance(self, now_s: float) -> tuple[Report, ...]:
        """Move on to ``now_s``; every report that became due, in order, stamped with its due moment.

        Raises ValueError for a moment that is not finite or lies before the last one.
        """
        if self._now_s <= now_s < self._wake_s:
            self._now_s = now_s
            return ()
        self._run_until(now_s)
        reports = self._reporter.take()
        self._note_wake()
        return reports

    def perform(self, command: Command, now_s: float) -> CommandOutcome | Pending:
        """Hand a command to the console at ``now_s``. Raises ValueError as ``advance`` does.

        ``Pending`` means that ``answers`` will bring the outcome under that number: later, twice or never.
        """
        self._run_until(now_s)
        answer = self._perform(command, now_s)
        self._note_wake()
        return answer

    def answers(self, now_s: float) -> tuple[LateAnswer, ...]:
        """Move on to ``now_s``; every answer that ``perform`` did not give at once and that has come by now."""
        self._run_until(now_s)
        self._note_wake()
        return self._answers.take(now_s)

    def reconnect(self, now_s: float) -> bool:
        """Try for a new connection in the place of the last one; whether it came about. The belt does not notice."""
        self._run_until(now_s)
        came_about = self._parts.link_anew(now_s)
        self._note_wake()
        return came_about

    # What a person or bad luck does

    def press_console_start(self, now_s: float) -> None:
        """Somebody presses start on the console: its countdown begins; nothing if it runs or the key is out."""
        self._do(now_s, self._works.console_start)

    def press_console_stop(self, now_s: float) -> None:
        """Somebody presses stop on the console: it works at once, on every archetype and under every fault."""
        self._do(now_s, self._works.console_stop)

    def pull_safety_key(self, now_s: float) -> None:
        """Motor power goes: the belt coasts down, the deck stays where it is; nothing starts until the key is back."""
        self._do(now_s, self._works.pull_key)

    def insert_safety_key(self, now_s: float) -> None:
        """The key is back; the belt waits for a new start."""
        self._do(now_s, lambda _moment_s: self._works.insert_key())

    def start_by_itself(self, now_s: float, speed_kph: float) -> None:
        """The console sets a resting belt going, without a hand and without a word."""
        self._do(now_s, lambda moment_s: self._works.start_by_itself(moment_s, speed_kph))

    def suffer(self, fault: str, now_s: float) -> None:
        """A fault of ``FAULTS`` happens now. Raises ValueError for one that nobody knows."""
        self._do(now_s, partial(fault_named(fault).effect, self._parts))

    def drop_link(
        self, now_s: float, reason: str = "the simulated link was cut", returns_after_s: float | None = None
    ) -> None:
        """Cut the link, for good or for a while: the last report is ``LinkLost``; the belt does what its kind does."""
        self._do(now_s, lambda moment_s: self._parts.lose_link(moment_s, reason, returns_after_s))

    # Inside

    def _perform(self, command: Command, now_s: float) -> CommandOutcome | Pending:
        if not self._parts.link_up:
            return Unknown("the link to the simulated treadmill is down; nobody knows whether the command arrived")
        if self._answers.stuck:
            return self._answers.swallow()
        return self._answers.give(self._works.take(command, now_s), now_s)

    def _do(self, now_s: float, act: Callable[[float], None]) -> None:
        self._run_until(now_s)
        act(now_s)
        self._note_wake()

    def _tell(self, report: Report) -> None:
        self._reporter.tell(report)

    def _run_until(self, now_s: float) -> None:
        """Let everything happen that is due up to and at ``now_s``."""
        if not (math.isfinite(now_s) and now_s >= self._now_s):
            raise ValueError(f"a treadmill at {self._now_s!r} s cannot go to {now_s!r} s; moments are finite and rise")
        while self._agenda.next_s <= now_s:
            self._agenda.happen()
        self._now_s = now_s

    def _note_wake(self) -> None:
        """Before this moment ``advance`` has nothing to do but to move the time on."""
        self._wake_s = self._now_s if self._reporter.waiting else self._agenda.next_s
