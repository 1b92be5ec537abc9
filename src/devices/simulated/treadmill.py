"""One simulated treadmill: commands in, reports out, a belt with inertia between them."""

from __future__ import annotations

import math
import random
from collections import deque

from ...machine import (
    Accepted,
    Command,
    CommandOutcome,
    DeviceProfile,
    LinkLost,
    MachineNotice,
    Report,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
    Telemetry,
    Unknown,
)
from .archetypes import Archetype
from .belt import BeltMotion, at_rest
from .console import ConsoleState, answer, quantised_incline_percent, quantised_speed_kph
from .faults import Fault, TimedFault, fault_named

NEVER_S = math.inf


class SimulatedTreadmill:
    """A treadmill that is a pure function of its archetype, faults, seed and what is done to it when.

    It has no clock: every moment is an argument, in seconds on the caller's monotonic clock, and never goes
    back. What happens between two calls happens at its own due moment, so it makes no difference how often
    ``advance`` is called. The cost of a call grows with the number of reports that became due, nothing else.

    Commands are answered at once and take effect after the archetype's lag, in order. A fault's moment
    counts from ``starts_at_s``.

    Not simulated:
    - a person: no weight that loads the motor, no foot strikes, no slip, no handrails, no heart rate
    - a belt that overshoots, hunts, slips or runs at another speed than its motor; a motor that overheats
    - rounded corners of a ramp: speed changes at one constant rate up and one down
    - an answer that comes late, twice, out of order or not at all while the link is up
    - reports that are wrong: spikes, frozen frames, missing fields, cut or split frames, mph for km/h
    - a pause apart from a stop; a deck that goes back to level by itself after a stop; counters that restart
    - control that another program takes, a console whose own speed keys change the target, a reboot
    - a belt that runs backward
    - Bluetooth and serial frames: this machine speaks in ``machine``'s nouns and has no wire
    """

    def __init__(
        self, archetype: Archetype, faults: tuple[TimedFault, ...] = (), seed: int = 0, starts_at_s: float = 0.0
    ) -> None:
        """Raises ValueError for a fault that nobody knows."""
        self._archetype = archetype
        self._profile = archetype.profile
        self._random = random.Random(seed)
        self._starts_at_s = starts_at_s
        self._now_s = starts_at_s
        self._belt = BeltMotion(at_rest(starts_at_s))
        self._deck = at_rest(starts_at_s)
        self._asked_to_run = False
        self._obeys_stop = archetype.obeys_stop
        self._key_in = True
        self._link_up = True
        self._silent = False
        self._commands: deque[tuple[float, Command]] = deque()
        self._faults = deque(_by_moment(faults, starts_at_s))
        self._countdown_ends_s = NEVER_S
        self._outbox: list[Report] = []
        self._in_flight: deque[Telemetry] = deque()
        self._reports_planned = 0
        self._plan_next_report()
        self._note_wake()

    @property
    def profile(self) -> DeviceProfile:
        """How this machine behaves, as far as a healthy one of its kind tells."""
        return self._profile

    @property
    def belt_speed_kph(self) -> float:
        """The speed that the belt really has; for judges, never for rules."""
        return self._belt.speed.value_at(self._now_s)

    @property
    def deck_incline_percent(self) -> float:
        """The incline that the deck really has."""
        return self._deck.value_at(self._now_s)

    @property
    def belt_travel_m(self) -> float:
        """The belt that really passed since the treadmill began, in metres."""
        return self._belt.travel_m_at(self._now_s)

    @property
    def next_report_due_s(self) -> float | None:
        """When ``advance`` next has a report to give; ``None`` when there will be none without a new cause."""
        if self._outbox:
            return self._now_s
        if self._in_flight:
            return self._in_flight[0].measured_at_s
        return None if self._sample_at_s == NEVER_S else self._report_due_s

    def advance(self, now_s: float) -> tuple[Report, ...]:
        """Move on to ``now_s``; every report that became due, in order, stamped with its due moment.

        Raises ValueError for a moment that is not finite or lies before the last one.
        """
        if self._now_s <= now_s < self._wake_s:
            self._now_s = now_s
            return ()
        self._run_until(now_s)
        reports = tuple(self._outbox)
        self._outbox.clear()
        self._note_wake()
        return reports

    def perform(self, command: Command, now_s: float) -> CommandOutcome:
        """Hand a command to the console at ``now_s``. Raises ValueError as ``advance`` does."""
        self._run_until(now_s)
        outcome = self._answer(command)
        if isinstance(outcome, Accepted):
            self._take(command)
        self._note_wake()
        return outcome

    def press_console_start(self, now_s: float) -> None:
        """Somebody presses start on the console: its countdown begins; nothing if it runs or the key is out."""
        self._run_until(now_s)
        if isinstance(answer(StartBelt(), self._console()), Accepted):
            self._asked_to_run = True
            self._begin_countdown(now_s)
            self._notify(MachineNotice.STARTED_AT_CONSOLE)
        self._note_wake()

    def press_console_stop(self, now_s: float) -> None:
        """Somebody presses stop on the console: it works at once, on every archetype and under every fault."""
        self._run_until(now_s)
        self._forget_commands()
        self._slow_down(now_s, self._archetype.fall_kph_per_s)
        self._notify(MachineNotice.STOPPED_AT_CONSOLE)
        self._note_wake()

    def pull_safety_key(self, now_s: float) -> None:
        """Motor power goes: the belt coasts down, the deck stays where it is; nothing starts until the key is back."""
        self._run_until(now_s)
        self._key_in = False
        self._forget_commands()
        self._slow_down(now_s, self._archetype.coast_kph_per_s)
        self._deck = at_rest(now_s, self._deck.value_at(now_s))
        self._notify(MachineNotice.SAFETY_KEY_PULLED)
        self._note_wake()

    def insert_safety_key(self, now_s: float) -> None:
        """The key is back; the belt waits for a new start."""
        self._run_until(now_s)
        self._key_in = True
        self._note_wake()

    def drop_link(self, now_s: float, reason: str = "the simulated link was cut") -> None:
        """Cut the link for good: the last report is ``LinkLost``; the belt does what its archetype says."""
        self._run_until(now_s)
        if self._link_up:
            self._link_up = False
            self._end_reports()
            self._outbox.append(LinkLost(reason))
            if not self._archetype.runs_on_when_link_lost:
                self._slow_down(now_s, self._archetype.fall_kph_per_s)
        self._note_wake()

    # What happens, in the order of its moments

    def _run_until(self, now_s: float) -> None:
        """Let everything happen that is due up to and at ``now_s``."""
        if not (math.isfinite(now_s) and now_s >= self._now_s):
            raise ValueError(f"a treadmill at {self._now_s!r} s cannot go to {now_s!r} s; moments are finite and rise")
        while (moment_s := self._next_event_s()) <= now_s:
            self._let_happen(moment_s)
        self._now_s = now_s

    def _next_event_s(self) -> float:
        moment_s = min(self._sample_at_s, self._countdown_ends_s)
        if self._in_flight:
            moment_s = min(moment_s, self._in_flight[0].measured_at_s)
        if self._commands:
            moment_s = min(moment_s, self._commands[0][0])
        if self._faults:
            moment_s = min(moment_s, self._faults[0][0])
        return moment_s

    def _let_happen(self, moment_s: float) -> None:
        """One event. At the same moment faults go first, then commands, then motion, and reports look last."""
        if self._faults and self._faults[0][0] <= moment_s:
            self._fail(moment_s, self._faults.popleft()[1])
        elif self._commands and self._commands[0][0] <= moment_s:
            self._obey(moment_s, self._commands.popleft()[1])
        elif self._countdown_ends_s <= moment_s:
            self._move_off(moment_s, self._archetype.speed_min_ckph / 100)
        elif self._in_flight and self._in_flight[0].measured_at_s <= moment_s:
            self._outbox.append(self._in_flight.popleft())
        else:
            self._sample(moment_s)

    def _note_wake(self) -> None:
        """Before this moment ``advance`` has nothing to do but to move the time on."""
        self._wake_s = self._now_s if self._outbox else self._next_event_s()

    # Commands

    def _console(self) -> ConsoleState:
        return ConsoleState(self._profile.capabilities, self.belt_speed_kph > 0, self._asked_to_run, self._key_in)

    def _answer(self, command: Command) -> CommandOutcome:
        if not self._link_up:
            return Unknown("the link to the simulated treadmill is down; nobody knows whether the command arrived")
        return answer(command, self._console())

    def _take(self, command: Command) -> None:
        """An accepted command waits for the lag; a stop that will be ignored is forgotten here."""
        if isinstance(command, StopBelt):
            if not self._obeys_stop:
                return
            self._asked_to_run = False
        elif isinstance(command, StartBelt):
            self._asked_to_run = True
        self._commands.append((self._now_s + self._archetype.command_lag_s, command))

    def _obey(self, moment_s: float, command: Command) -> None:
        capabilities = self._profile.capabilities
        match command:
            case StartBelt():
                self._asked_to_run = True
                self._begin_countdown(moment_s)
            case StopBelt():
                self._slow_down(moment_s, self._archetype.fall_kph_per_s)
            case SetSpeed(speed_ckph):
                self._change_speed(moment_s, quantised_speed_kph(speed_ckph, capabilities))
            case SetIncline(incline_dpct):
                incline_percent = quantised_incline_percent(incline_dpct, capabilities)
                self._deck = self._deck.towards(moment_s, incline_percent, self._archetype.incline_percent_per_s)

    def _forget_commands(self) -> None:
        self._commands.clear()

    # Motion

    def _begin_countdown(self, moment_s: float) -> None:
        self._countdown_ends_s = moment_s + self._archetype.start_countdown_s

    def _move_off(self, moment_s: float, speed_kph: float) -> None:
        self._countdown_ends_s = NEVER_S
        self._change_speed(moment_s, speed_kph)

    def _change_speed(self, moment_s: float, speed_kph: float) -> None:
        rises = speed_kph > self._belt.speed.value_at(moment_s)
        rate = self._archetype.rise_kph_per_s if rises else self._archetype.fall_kph_per_s
        self._belt = self._belt.towards(moment_s, speed_kph, rate)

    def _slow_down(self, moment_s: float, rate_kph_per_s: float) -> None:
        """To standstill, and out of a countdown."""
        self._asked_to_run = False
        self._countdown_ends_s = NEVER_S
        self._belt = self._belt.towards(moment_s, 0.0, rate_kph_per_s)

    # Faults

    def _fail(self, moment_s: float, fault: Fault) -> None:
        if fault.ends_reports:
            self._silent = True
            self._end_reports()
        if fault.ends_stops:
            self._obeys_stop = False
        if fault.starts_belt_kph is not None:
            self._start_by_itself(moment_s, fault.starts_belt_kph)

    def _start_by_itself(self, moment_s: float, speed_kph: float) -> None:
        """No notice is sent: a machine that knew of it would be easier to catch."""
        if self._key_in and self._belt.speed.value_at(moment_s) == 0:
            self._asked_to_run = True
            self._move_off(moment_s, min(speed_kph, self._archetype.speed_max_ckph / 100))

    # Reports

    def _plan_next_report(self) -> None:
        """Due moments count from the beginning, so lateness never adds up."""
        kind = self._archetype
        self._reports_planned += 1
        late = kind.report_jitter * self._random.random() if kind.report_jitter else 0.0
        self._report_due_s = self._starts_at_s + (self._reports_planned + late) * kind.report_period_s
        self._sample_at_s = max(self._starts_at_s, self._report_due_s - kind.report_lag_s)

    def _sample(self, moment_s: float) -> None:
        """Look at belt and deck for the next report; it arrives at its due moment."""
        report = self._telemetry(moment_s, self._report_due_s)
        if report.measured_at_s <= moment_s:
            self._outbox.append(report)
        else:
            self._in_flight.append(report)
        self._plan_next_report()

    def _telemetry(self, moment_s: float, due_s: float) -> Telemetry:
        """Speed to 0.01 km/h and incline to 0.1 %, as FTMS carries them; counters in whole metres and seconds."""
        return Telemetry(
            measured_at_s=due_s,
            speed_kph=round(self._belt.speed.value_at(moment_s), 2),
            incline_percent=round(self._deck.value_at(moment_s), 1),
            distance_m=float(int(self._belt.travel_m_at(moment_s))),
            machine_time_s=float(int(self._belt.moved_s_at(moment_s))),
        )

    def _notify(self, notice: MachineNotice) -> None:
        if self._link_up and not self._silent:
            self._outbox.append(notice)

    def _end_reports(self) -> None:
        self._sample_at_s = NEVER_S
        self._in_flight.clear()


def _by_moment(faults: tuple[TimedFault, ...], starts_at_s: float) -> list[tuple[float, Fault]]:
    timed = [(starts_at_s + fault.at_s, fault_named(fault.name)) for fault in faults]
    return sorted(timed, key=lambda pair: pair[0])
