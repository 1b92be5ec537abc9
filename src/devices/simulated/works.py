"""The inside of a simulated treadmill: its motor, its deck and its console, at moments that it is told."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from ...machine import (
    Accepted,
    Command,
    CommandOutcome,
    MachineNotice,
    Report,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
    TargetChanged,
    Telemetry,
)
from .agenda import Agenda, Rank
from .archetype import Archetype
from .belt import BeltMotion, at_rest
from .console import ConsoleState, answer, quantised_incline_percent, quantised_speed_kph, understood

RUNAWAY_KPH = 12.0
RUNAWAY_KPH_PER_S = 2.0
"""0.56 m/s2: a motor without control pulls harder than any ramp, and is soon faster than anybody runs backward."""


BOOT_S = 4.0
"""From rest until a console that restarted moves its belt again: as long as those that count three seconds down."""


class Works:
    """What moves, and what a command or a hand does to it.

    Every method is handed its moment; moments never go back. What follows later is put on the agenda. ``tell``
    takes what the machine says beside its regular reports. ``obeys_stop`` and ``taken_over`` are set by faults.
    """

    def __init__(self, kind: Archetype, agenda: Agenda, tell: Callable[[Report], None], starts_at_s: float) -> None:
        self.belt = BeltMotion(at_rest(starts_at_s))
        self.deck = at_rest(starts_at_s)
        self.obeys_stop = kind.obeys_stop
        self.taken_over = False
        self._kind = kind
        self._agenda = agenda
        self._tell = tell
        self._asked_to_run = False
        self._key_in = True
        self._runs_away = False
        self._may_restart = False
        self._kept_kph = 0.0
        self._counts_from = (0.0, 0.0)
        self._boots = False

    def speed_kph(self, moment_s: float) -> float:
        """The speed of the belt."""
        return self.belt.speed.value_at(moment_s)

    def look(self, moment_s: float) -> Telemetry:
        """Speed to 0.01 km/h and incline to 0.1 %, as FTMS carries them; counters in whole metres and seconds."""
        from_m, from_s = self._counts_from
        return Telemetry(
            measured_at_s=moment_s,
            speed_kph=round(self.speed_kph(moment_s), 2),
            incline_percent=round(self.deck.value_at(moment_s), 1),
            distance_m=float(int(self.belt.travel_m_at(moment_s) - from_m)),
            machine_time_s=float(int(self.belt.moved_s_at(moment_s) - from_s)),
        )

    # Commands

    def take(self, command: Command, now_s: float) -> CommandOutcome:
        """Answer a command over the link; one that is accepted takes effect after the lag."""
        state = self._state(now_s, self.taken_over)
        outcome = answer(command, state)
        if isinstance(outcome, Accepted) and (self.obeys_stop or not isinstance(command, StopBelt)):
            meant = understood(command, state)
            self._note(meant)
            self._agenda.put(now_s + self._kind.command_lag_s, Rank.COMMAND, partial(self._obey, meant))
        return outcome

    def _state(self, now_s: float, taken_over: bool) -> ConsoleState:
        return ConsoleState(self._kind, self.speed_kph(now_s) > 0, self._asked_to_run, self._key_in, taken_over)

    def _note(self, command: Command) -> None:
        """What the console knows from now on, before anything moves."""
        if isinstance(command, StopBelt):
            self._asked_to_run = False
        elif not isinstance(command, SetIncline):
            self._asked_to_run = True

    def _obey(self, command: Command, moment_s: float) -> None:
        match command:
            case StartBelt():
                self._asked_to_run = self._may_restart = True
                self._count_down(moment_s)
            case StopBelt():
                self._stop(moment_s)
            case SetSpeed(speed_ckph):
                self._set_speed(moment_s, quantised_speed_kph(speed_ckph, self._kind))
            case SetIncline(incline_dpct):
                self._set_incline(moment_s, quantised_incline_percent(incline_dpct, self._kind.capabilities))

    def _set_speed(self, moment_s: float, set_kph: float) -> None:
        if self._runs_away:
            return
        self._change_speed(moment_s, set_kph * self._kind.kph_per_set_kph)
        self._tell_target(TargetChanged(speed_kph=set_kph))

    def _set_incline(self, moment_s: float, incline_percent: float) -> None:
        self.deck = self.deck.towards(moment_s, incline_percent, self._kind.incline_percent_per_s)
        self._tell_target(TargetChanged(incline_percent=incline_percent))

    def _stop(self, moment_s: float) -> None:
        self._boots = False
        moved = self.speed_kph(moment_s) > 0
        self.slow_down(moment_s, self._kind.fall_kph_per_s)
        if moved:
            self._tell_target(TargetChanged(speed_kph=0.0))
        if moved and self._kind.restarts_after_s is not None and self._may_restart:
            self._may_restart = False
            self._agenda.put(self.belt.speed.ends_s + self._kind.restarts_after_s, Rank.RESTART, self._restart)

    def _tell_target(self, target: TargetChanged) -> None:
        if self._kind.tells_targets:
            self._tell(target)

    # Motion

    def slow_down(self, moment_s: float, rate_kph_per_s: float) -> None:
        """To standstill, and out of a countdown."""
        if self.belt.speed.to_value > 0:
            self._kept_kph = self.belt.speed.to_value
        self._asked_to_run = self._runs_away = False
        self._agenda.forget(Rank.COUNTDOWN)
        self.belt = self.belt.towards(moment_s, 0.0, rate_kph_per_s)

    def _count_down(self, moment_s: float) -> None:
        self._agenda.forget(Rank.COUNTDOWN, Rank.RESTART)
        self._agenda.put(moment_s + self._kind.start_countdown_s, Rank.COUNTDOWN, self._move_off)

    def _move_off(self, moment_s: float) -> None:
        self._change_speed(moment_s, self._first_kph())

    def _first_kph(self) -> float:
        lowest_kph = self._kind.speed_min_ckph / 100 * self._kind.kph_per_set_kph
        return max(lowest_kph, self._kept_kph) if self._kind.keeps_speed else lowest_kph

    def _change_speed(self, moment_s: float, speed_kph: float) -> None:
        self._agenda.forget(Rank.COUNTDOWN, Rank.RESTART)
        rises = speed_kph > self.speed_kph(moment_s)
        rate = self._kind.rise_kph_per_s if rises else self._kind.fall_kph_per_s
        self.belt = self.belt.towards(moment_s, speed_kph, rate)

    def _restart(self, moment_s: float) -> None:
        self.start_by_itself(moment_s, self._first_kph())

    def _start_booted(self, moment_s: float) -> None:
        if self._boots:
            self._boots = False
            self._restart(moment_s)

    # Hands

    def console_start(self, now_s: float) -> None:
        """The start key: no lag; nothing where a start is refused."""
        state = self._state(now_s, taken_over=False)
        if not isinstance(answer(StartBelt(), state), Accepted):
            return
        if isinstance(understood(StartBelt(), state), StopBelt):
            self.console_stop(now_s)
            return
        self._asked_to_run = True
        self._count_down(now_s)
        self._tell(MachineNotice.STARTED_AT_CONSOLE)

    def console_stop(self, now_s: float) -> None:
        """The stop key: no lag, on every kind and under every fault."""
        self._agenda.forget(Rank.COMMAND, Rank.RESTART)
        self.slow_down(now_s, self._kind.fall_kph_per_s)
        self._tell(MachineNotice.STOPPED_AT_CONSOLE)

    def pull_key(self, now_s: float) -> None:
        """Motor power goes: the belt coasts down, the deck stays where it is, the console forgets its target."""
        self._key_in = False
        self._agenda.forget(Rank.COMMAND, Rank.RESTART)
        self.slow_down(now_s, self._kind.coast_kph_per_s)
        self._kept_kph = 0.0
        self.deck = at_rest(now_s, self.deck.value_at(now_s))
        self._tell(MachineNotice.SAFETY_KEY_PULLED)

    def insert_key(self) -> None:
        """Power is back; the belt waits for a new start."""
        self._key_in = True

    # Faults

    def start_by_itself(self, moment_s: float, speed_kph: float) -> None:
        """No notice is sent: a machine that knew of it would be easier to catch."""
        if self._key_in and self.speed_kph(moment_s) == 0:
            self._asked_to_run = True
            self._change_speed(moment_s, min(speed_kph, self._kind.speed_max_ckph / 100))

    def run_away(self, moment_s: float) -> None:
        """A moving belt speeds up; set-points change nothing until it is stopped."""
        if self._asked_to_run and self.speed_kph(moment_s) > 0:
            self._runs_away = True
            self.belt = self.belt.towards(moment_s, RUNAWAY_KPH, RUNAWAY_KPH_PER_S)

    def reboot(self, moment_s: float) -> bool:
        """The console of a moving belt begins anew, and its counters; True where it did.

        What it had been told is lost and its motor without power: the belt coasts. Unless it is told to stop, it
        starts again by itself.
        """
        if self.speed_kph(moment_s) == 0:
            return False
        self._agenda.forget(Rank.COMMAND, Rank.RESTART)
        self._counts_from = (self.belt.travel_m_at(moment_s), self.belt.moved_s_at(moment_s))
        self.slow_down(moment_s, self._kind.coast_kph_per_s)
        self._boots = True
        self._agenda.put(self.belt.speed.ends_s + BOOT_S, Rank.RESTART, self._start_booted)
        return True

    def move_target(self, moment_s: float, change_kph: float) -> None:
        """Another program changes the target of a running belt, inside the range, and the machine says so."""
        if not self._asked_to_run or self.speed_kph(moment_s) == 0:
            return
        set_kph = self.belt.speed.to_value / self._kind.kph_per_set_kph + change_kph
        wanted_ckph = math.floor(set_kph * 100 + 0.5)
        target_kph = quantised_speed_kph(wanted_ckph, self._kind)
        self._change_speed(moment_s, target_kph * self._kind.kph_per_set_kph)
        self._tell(TargetChanged(speed_kph=target_kph))

    def lose_control(self) -> None:
        """Another program takes the control: the machine says so, and refuses whatever we ask."""
        self.taken_over = True
        self._tell(MachineNotice.CONTROL_LOST)
